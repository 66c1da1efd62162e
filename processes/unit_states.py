"""What a unit is now and was before: reading units by code, and writing a new dated state.

`org_unit` holds the present; every change closes a row of `unit_state` and opens the next, so that
the name, the parent and the calendar of any past instant can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from processes.organisation_tables import unit_state, unit_successor
from processes.tables import org_unit

ABOVE_ALL: Final = "/"  # the path over the roots: no post covers it


class UnitKind(StrEnum):
    """Kinds of organisation units: the levels of the network from the top, and departments."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    MICRO_GRID = "micro_grid"
    DEPARTMENT = "department"


NETWORK: Final[tuple[str, ...]] = ("district", "street", "community", "grid", "micro_grid")
HOSTS_OF_DEPARTMENTS: Final = (UnitKind.DISTRICT, UnitKind.STREET, UnitKind.DEPARTMENT)
PRESENT: Final = (
    org_unit.c.code,
    org_unit.c.name,
    org_unit.c.kind,
    org_unit.c.parent,
    org_unit.c.path,
    org_unit.c.calendar,
    org_unit.c.valid_to,
)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit as it stands. `valid_to` is set once it is abolished; `path` then runs by its heir."""

    code: str
    name: str
    kind: str
    parent: str | None
    path: str
    calendar: str | None = None
    valid_to: datetime | None = None

    def state(self) -> dict[str, Any]:
        """Return what a dated state says of it."""
        return {
            "unit": self.code,
            "name": self.name,
            "kind": self.kind,
            "parent": self.parent,
            "calendar": self.calendar,
        }


def find_units(connection: Connection, codes: Sequence[str]) -> Mapping[str, Unit]:
    """Return units by code, abolished ones included; one statement."""
    rows = connection.execute(sa.select(*PRESENT).where(org_unit.c.code.in_(codes)))
    return MappingProxyType({row["code"]: Unit(**row) for row in rows.mappings()})


def living(connection: Connection, code: str) -> Unit:
    """Return a unit that has not been abolished.

    Raises NotFound("unit.unknown") and Conflict("unit.abolished"), which names the heir.
    """
    unit = find_units(connection, (code,)).get(code)
    if unit is None:
        raise unknown(code)
    if unit.valid_to is None:
        return unit
    heirs = connection.scalars(
        sa.select(org_unit.c.name)
        .join(unit_successor, unit_successor.c.successor == org_unit.c.code)
        .where(unit_successor.c.unit == code)
        .order_by(org_unit.c.path)
    ).all()
    if heirs:
        raise Conflict(
            "unit.abolished",
            _("“{name}”已撤销，请改用“{heir}”。", name=unit.name, heir="、".join(heirs)),
        )
    raise Conflict("unit.abolished", _("“{name}”已撤销，请选择其他单位。", name=unit.name))


def unknown(code: str) -> NotFound:
    """Return the refusal of a code that no unit has."""
    return NotFound("unit.unknown", _("没有代码为“{code}”的单位。", code=code))


def check_place(kind: str, parent: Unit | None) -> None:
    """Refuse a place in the tree that a kind of unit cannot have.

    The network goes down from district to micro-grid, levels may be left out; a department stands
    under a district, a street or a department. Anything may be a root.
    """
    if parent is None:
        return
    if kind == UnitKind.DEPARTMENT:
        fits = parent.kind in HOSTS_OF_DEPARTMENTS
    else:
        fits = parent.kind in NETWORK and NETWORK.index(parent.kind) < NETWORK.index(kind)
    if not fits:
        raise Invalid(
            "unit.place",
            _("这类单位不能设在“{parent}”之下，请重新选择上级单位。", parent=parent.name),
        )


def write_states(connection: Connection, units: Sequence[Unit], now: datetime) -> None:
    """Open new dated states of units; three statements. States of no length vanish."""
    codes = [unit.code for unit in units]
    mine = unit_state.c.unit.in_(codes)
    connection.execute(unit_state.delete().where(mine, unit_state.c.valid_from == now))
    connection.execute(
        unit_state.update().where(mine, unit_state.c.valid_to.is_(None)).values(valid_to=now)
    )
    connection.execute(unit_state.insert(), [{**u.state(), "valid_from": now} for u in units])


def end_states(connection: Connection, codes: Sequence[str], now: datetime) -> None:
    """Close the states of units that end; one statement."""
    connection.execute(
        unit_state.update()
        .where(unit_state.c.unit.in_(codes), unit_state.c.valid_to.is_(None))
        .values(valid_to=now)
    )
