"""The organisation's units, for choosing where something is and whose it is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from processes.organisation import UnitKind
from processes.tables import org_unit

AREAS = (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.GRID, UnitKind.MICRO_GRID)


@dataclass(frozen=True)
class UnitRow:
    """A unit of the organisation and the code of the one above it."""

    code: str
    name: str
    kind: str
    parent: str | None


def units(connection: Connection, *, kinds: tuple[str, ...] = ()) -> tuple[UnitRow, ...]:
    """Return the units that have not ended, in the order of the tree; `kinds` narrows."""
    query = (
        sa.select(org_unit.c.code, org_unit.c.name, org_unit.c.kind, org_unit.c.parent)
        .where(org_unit.c.valid_to.is_(None))
        .order_by(org_unit.c.path)
    )
    if kinds:
        query = query.where(org_unit.c.kind.in_(kinds))
    return tuple(UnitRow(**row) for row in connection.execute(query).mappings())


def unit_names(connection: Connection, codes: Collection[str]) -> dict[str, str]:
    """Return the names of units by code, in one statement."""
    rows = connection.execute(
        sa.select(org_unit.c.code, org_unit.c.name).where(org_unit.c.code.in_(sorted(codes)))
    )
    return {row.code: row.name for row in rows}
