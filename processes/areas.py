"""Where a report lies: its area and the levels of the organisation above it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Invalid
from engine.i18n import Text, _
from engine.sla.iso import shown
from processes.access import path_of
from processes.tables import org_unit


@dataclass(frozen=True)
class Area:
    """An area with the levels it stands in; None where it does not reach so far down."""

    code: str
    path: str
    street: str | None = None
    community: str | None = None
    grid: str | None = None

    @property
    def number_code(self) -> str:
        """Return the code that case numbers begin with: the street's, else the area's own."""
        return self.street or self.code


def find_area(connection: Connection, code: str) -> Area:
    """Return an area by code.

    Raises Invalid("case.area_unknown"), also for a department, and Invalid("case.area_abolished").
    """
    path = path_of(connection, code) or ""
    above = [each for each in path.split("/") if each]
    rows = connection.execute(
        sa.select(org_unit.c.kind, org_unit.c.code, org_unit.c.valid_to).where(
            org_unit.c.code.in_(above)
        )
    ).all()
    if not rows or any(row.kind == "department" for row in rows):
        raise refusal(
            "case.area_unknown",
            _("没有代码为“{code}”的网格、社区或街道，请重新选择地点。", code=shown(code)),
        )
    if any(row.code == code and row.valid_to is not None for row in rows):
        raise refusal(
            "case.area_abolished", _("“{code}”已撤销，请重新选择地点。", code=shown(code))
        )
    levels = {row.kind: row.code for row in rows if row.valid_to is None}
    return Area(
        code=code,
        path=path,
        street=levels.get("street"),
        community=levels.get("community"),
        grid=levels.get("grid"),
    )


def refusal(code: str, sentence: Text) -> Invalid:
    """Return the refusal of a place, said at its field too."""
    return Invalid(code, sentence, fields={"area": _("请重新选择地点。")})
