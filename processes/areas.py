"""Where a report lies: its area and the levels of the organisation above it."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Invalid
from engine.i18n import _
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
    """Return an area by code. Raises Invalid("case.area_unknown"); a department is no area."""
    path = path_of(connection, code) or ""
    above = [each for each in path.split("/") if each]
    rows = connection.execute(
        sa.select(org_unit.c.kind, org_unit.c.code).where(org_unit.c.code.in_(above))
    )
    levels = {row.kind: row.code for row in rows}
    if not levels or "department" in levels:
        raise Invalid(
            "case.area_unknown",
            _("没有代码为“{code}”的网格、社区或街道，请重新选择地点。", code=shown(code)),
            fields={"area": _("请重新选择地点。")},
        )
    return Area(
        code=code,
        path=path,
        street=levels.get("street"),
        community=levels.get("community"),
        grid=levels.get("grid"),
    )
