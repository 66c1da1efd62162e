"""Changes of a unit that goes on: another name, another calendar, another place in the tree.

They hold from the instant of the command; what was before stays told in `unit_state`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.calendars.commands import known_calendar
from processes.case_moves import plan_moves
from processes.organisation import check_name
from processes.organisation_chain import changing, note
from processes.permissions import require
from processes.prefix import starts_with
from processes.tables import org_unit
from processes.unit_states import ABOVE_ALL, Unit, check_place, living, write_states

if TYPE_CHECKING:
    from engine.run.context import Context


@dataclass(frozen=True, kw_only=True)
class RenameUnit(Command):
    """Give a unit another name; its code stays."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class SetUnitCalendar(Command):
    """Let a unit work by another calendar (a code; None: by that of the unit above).

    Running clocks keep the calendar they started with.
    """

    code: str
    calendar: str | None


@dataclass(frozen=True, kw_only=True)
class MoveUnit(Command):
    """Hang a unit, with everything below it, under another parent (None: make it a root)."""

    code: str
    parent: str | None


def rename_unit(context: Context, command: RenameUnit) -> dict[str, Any]:
    """Rename; a name it has already changes nothing. Raises Invalid for an empty name."""
    check_name(command.name)
    unit = managed(context, command.code)
    name = command.name.strip()
    if name == unit.name:
        return {"code": unit.code, "changed": False}
    store(context, replace(unit, name=name))
    note(context, "unit.renamed", unit.code, name=name, before=unit.name)
    return {"code": unit.code, "changed": True}


def set_calendar(context: Context, command: SetUnitCalendar) -> dict[str, Any]:
    """Set the calendar's code. Raises NotFound("calendar.not_found")."""
    unit = managed(context, command.code)
    calendar = (command.calendar or "").strip() or None
    known_calendar(context, calendar)
    if calendar == unit.calendar:
        return {"code": unit.code, "changed": False}
    store(context, replace(unit, calendar=calendar))
    note(context, "unit.calendar_set", unit.code, calendar=calendar, before=unit.calendar)
    return {"code": unit.code, "changed": True}


def move_unit(context: Context, command: MoveUnit) -> dict[str, Any]:
    """Move; whoever does it must manage both places.

    Raises Conflict("unit.cycle") where the new parent is the unit itself or stands below it. Cases
    of the area follow by job: see processes/case_moves.py.
    """
    unit = managed(context, command.code)
    parent = living(context.connection, command.parent) if command.parent else None
    require(context.actor, "organisation.manage", paths=(parent.path if parent else ABOVE_ALL,))
    if command.parent == unit.parent:
        return {"code": unit.code, "changed": False}
    refuse_cycle(unit, parent)
    check_place(unit.kind, parent)
    path = f"{parent.path if parent else ABOVE_ALL}{unit.code}/"
    rehang(context, unit, path)
    store(context, replace(unit, parent=command.parent, path=path))
    note(context, "unit.moved", unit.code, parent=command.parent, before=unit.parent)
    return {"code": unit.code, "changed": True}


def managed(context: Context, code: str) -> Unit:
    """Return a living unit that the actor manages."""
    unit = living(context.connection, code)
    require(context.actor, "organisation.manage", paths=(unit.path,))
    return unit


def refuse_cycle(unit: Unit, parent: Unit | None) -> None:
    """Refuse a parent that is the unit itself or stands below it."""
    if parent is not None and parent.path.startswith(unit.path):
        raise Conflict(
            "unit.cycle",
            _("“{parent}”就是它自己或它的下级，不能作为上级单位。", parent=parent.name),
        )


def store(context: Context, unit: Unit) -> None:
    """Make a state of a unit the present one; four statements."""
    context.connection.execute(
        org_unit.update()
        .where(org_unit.c.code == unit.code)
        .values(name=unit.name, parent=unit.parent, path=unit.path, calendar=unit.calendar)
    )
    write_states(context.connection, (unit,), context.now)


def rehang(context: Context, unit: Unit, path: str) -> None:
    """Give a unit and all below it their new paths, and let their cases follow."""
    moved = below(context.connection, unit.path)
    tail = sa.func.substr(org_unit.c.path, len(unit.path) + 1)
    context.connection.execute(
        org_unit.update()
        .where(starts_with(org_unit.c.path, unit.path))
        .values(path=sa.literal(path) + tail)
    )
    plan_moves(context, moved)


def below(connection: Connection, path: str) -> Iterable[tuple[str, str]]:
    """Return code and path of the units at a path and below it."""
    rows = connection.execute(
        sa.select(org_unit.c.code, org_unit.c.path).where(starts_with(org_unit.c.path, path))
    )
    return [(row.code, row.path) for row in rows]


def unit_change_handlers() -> dict[type[Command], Handler]:
    """Return the handlers of this page's commands."""
    return {
        RenameUnit: changing(rename_unit),
        SetUnitCalendar: changing(set_calendar),
        MoveUnit: changing(move_unit),
    }
