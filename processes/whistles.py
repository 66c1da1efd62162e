"""Operations on a whistle as a whole: blown, told, joined with another, rated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import Broken, ShaodaoError
from engine.i18n import _
from engine.run.plugins import Operating
from processes.links import link_by_number
from processes.organisation import strangers
from processes.projector import copied
from processes.tables import case_file, case_part, rating

TYPES: Final = ("request", "key_work", "joint_enforcement", "emergency")
OUTCOME: Final = "outcome"


def blow(
    operating: Operating, *, whistle_type: str, units: Sequence[Mapping[str, str]]
) -> Mapping[str, Any]:
    """Note on the case what kind of whistle was blown; its first lead is the first receiver.

    Raises Broken("whistle.…") for a type that is none and for units that nobody works at: better a
    whistle that stops here than one that nobody hears.
    """
    if whistle_type not in TYPES:
        raise Broken("whistle.type", _("没有“{type}”这种哨，请修改流程图。", type=whistle_type))
    codes = [row["unit"] for row in units]
    unheard = sorted(strangers(operating.connection, codes))
    if unheard:
        raise Broken(
            "whistle.nobody_hears",
            _("判定的单位“{unit}”不存在或已撤销，请修改判定表后重试。", unit=unheard[0]),
        )
    lead = next((row["unit"] for row in units if row["kind"] == "lead"), None)
    operating.connection.execute(
        sa.update(case_file)
        .where(case_file.c.id == operating.info.root_id)
        .values(
            whistle_type=whistle_type,
            first_receiver=sa.func.coalesce(case_file.c.first_receiver, lead),
        )
    )
    return {}


def inform(operating: Operating, *, unit: str) -> Mapping[str, Any]:
    """Tell a unit of a whistle it has no part in, and let it read the case."""
    operating.send("notice", {"role": "dept", "unit": unit, "message": "informed"})
    operating.connection.execute(
        case_part.insert().values(
            instance_id=operating.ids.new(),
            case_id=operating.info.root_id,
            unit=unit,
            kind="notify",
            round=1,
            started_at=operating.now,
            ended_at=operating.now,
            **copied(sa.literal(operating.info.root_id, sa.Uuid())),
        )
    )
    return {"unit": unit}


def link_case(operating: Operating, *, number: str, kind: str) -> Mapping[str, Any]:
    """Link this case with the one of that number; `found` tells whether it could be."""
    try:
        link_by_number(
            operating.connection,
            case_id=operating.info.root_id,
            number=number.strip(),
            kind=kind,
            by=operating.actor.id,
            at=operating.now,
        )
    except ShaodaoError:
        return {"found": False}
    return {"found": True}


def record_ratings(
    operating: Operating,
    *,
    unit: str,
    by_blower: Mapping[str, Any] | None,
    by_unit: Mapping[str, Any] | None,
) -> Mapping[str, Any]:
    """Keep what both sides said of each other, now that both are in; who said nothing has none."""
    rows = [
        {
            "id": operating.ids.new(),
            "case_id": operating.info.root_id,
            "unit": unit,
            "by": by,
            "aspect": aspect,
            "score": score,
            "at": operating.now,
        }
        for by, said in (("blower", by_blower), ("unit", by_unit))
        for aspect, score in (said or {}).items()
        if aspect != OUTCOME
    ]
    if rows:
        operating.connection.execute(rating.insert(), rows)
    return {}
