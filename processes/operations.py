"""What diagrams can have done: operations that service tasks and scripts name.

This page holds what is told to people and noted of one unit's part; whistles.py holds what concerns
a whistle as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import Broken
from engine.i18n import _
from engine.run.plugins import Operating, Operation
from processes.appeals import exclude_ratings, lateness
from processes.permissions import LANES
from processes.tables import case_file, case_part
from processes.whistles import blow, inform, link_case, record_ratings

ROUNDS: Final = {1: "whistle", 2: "second_whistle", 3: "third_whistle"}
SUPERVISOR: Final = "supervisor"


def notify(
    operating: Operating, *, role: str, unit: str | None = None, message: str
) -> Mapping[str, Any]:
    """Tell those who hold `role` at `unit`. `message` is a code, never the facts of a case."""
    if role not in LANES:
        raise Broken("operation.role", _("通知的角色“{role}”不存在，请修改流程图。", role=role))
    operating.send("notice", {"role": role, "unit": unit, "message": message})
    return {"role": role, "unit": unit}


def alarm(operating: Operating, *, unit: str) -> Mapping[str, Any]:
    """Hand danger to life to 110, 119 or 120 and tell the street's leader on duty at once.

    The case stays open here: handing over ends nobody's duty (domain E-28).
    """
    operating.send("alarm", {"unit": unit})
    return notify(operating, role="duty_leader", unit=unit, message="alarm")


def whistle_round(
    operating: Operating,
    *,
    round: int,  # noqa: A002
    role: str | None = None,
) -> Mapping[str, Any]:
    """Whistle a unit for the first, second or third time, and tell `role` there.

    The third time the supervisor hears of it too (users.md section 3, step 7).
    """
    if round not in ROUNDS:
        raise Broken("operation.round", _("吹哨轮次只能是 1 到 3，现在是 {round}。", round=round))
    mark_part(operating, round=round)
    if role is not None:
        notify(operating, role=role, unit=operating.info.unit, message=ROUNDS[round])
    if round == max(ROUNDS):
        notify(operating, role=SUPERVISOR, unit=operating.info.unit, message=ROUNDS[round])
    return {"round": round}


def call_leaders(operating: Operating) -> Mapping[str, Any]:
    """Tell both leaders of a unit at once: an emergency waits for no second whistle."""
    for role in ("dept_leader", "dept_head"):
        notify(operating, role=role, unit=operating.info.unit, message="emergency")
    return {}


def silent(operating: Operating) -> Mapping[str, Any]:
    """Sign for a unit that answered no whistle, mark its part and tell the supervisor (E-3)."""
    mark_part(operating, silent=True)
    return notify(operating, role=SUPERVISOR, unit=operating.info.unit, message="silent")


def no_show(operating: Operating, *, reason: str) -> Mapping[str, Any]:
    """Note that a unit did not come, or sent people without powers, and tell the supervisor."""
    mark_part(operating, no_show=reason)
    return notify(operating, role=SUPERVISOR, unit=operating.info.unit, message=reason)


def mark_part(operating: Operating, **values: Any) -> None:
    """Note something on the part of the unit whose instance this is."""
    part = case_part.c.instance_id == operating.info.id
    operating.connection.execute(sa.update(case_part).where(part).values(values))


def object_to(operating: Operating) -> Mapping[str, Any]:
    """Count an objection on the case: two are heard, then a meeting decides (domain E-1, E-2)."""
    operating.connection.execute(
        sa.update(case_file)
        .where(case_file.c.id == operating.info.root_id)
        .values(objections=case_file.c.objections + 1)
    )
    return {}


OPERATIONS: Final[Mapping[str, Operation]] = {
    "notify": notify,
    "alarm": alarm,
    "whistle_round": whistle_round,
    "call_leaders": call_leaders,
    "silent": silent,
    "no_show": no_show,
    "object": object_to,
    "blow": blow,
    "inform": inform,
    "link_case": link_case,
    "record_ratings": record_ratings,
    "lateness": lateness,
    "exclude_ratings": exclude_ratings,
}
