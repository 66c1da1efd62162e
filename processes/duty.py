"""The duty roster (值班表): who is on duty for a unit in a role, from when to when.

Whoever is on duty holds that post meanwhile (processes/posts.py), so a whistle on a holiday waits
in the inbox of the person on duty as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.organisation_chain import changing, note
from processes.organisation_tables import duty_roster
from processes.permissions import require
from processes.posts import check_role, ends_after, known_person, overlaps, valid_at
from processes.tables import person
from processes.unit_states import find_units, living

if TYPE_CHECKING:
    from engine.run.context import Context

LONGEST_NOTE: Final = 100
LONGEST_DUTY: Final = timedelta(days=31)


@dataclass(frozen=True, kw_only=True)
class SetDuty(Command):
    """Put a person on duty for a unit in a role. `note` says how to reach the duty room."""

    unit: str
    role: str
    person_id: UUID
    valid_from: datetime
    valid_to: datetime
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class EndDuty(Command):
    """Take a duty back; one that has begun ends now."""

    duty_id: UUID


@dataclass(frozen=True)
class OnDuty:
    """Somebody on duty at an instant."""

    person_id: UUID
    name: str
    until: datetime
    note: str


def on_duty(connection: Connection, unit: str, role: str, at: datetime) -> tuple[OnDuty, ...]:
    """Return who is on duty for a unit in a role at an instant, first come first; one statement."""
    rows = connection.execute(
        sa.select(
            duty_roster.c.person_id, person.c.name, duty_roster.c.valid_to, duty_roster.c.note
        )
        .join(person, person.c.id == duty_roster.c.person_id)
        .where(duty_roster.c.unit == unit, duty_roster.c.role == role, valid_at(duty_roster, at))
        .order_by(duty_roster.c.valid_from, duty_roster.c.id)
    )
    return tuple(OnDuty(*row) for row in rows)


def set_duty(context: Context, command: SetDuty) -> dict[str, Any]:
    """Enter the duty. Several people may be on duty at once, the same one not twice.

    Raises Invalid (role, dates, note), NotFound (unit, person), Conflict("duty.overlap").
    """
    check_role(command.role)
    unit = living(context.connection, command.unit)
    require(context.actor, "organisation.manage", paths=(unit.path,))
    known_person(context.connection, command.person_id)
    check_dates(command)
    same = (
        duty_roster.c.unit == command.unit,
        duty_roster.c.role == command.role,
        duty_roster.c.person_id == command.person_id,
    )
    period = {"start": command.valid_from, "end": command.valid_to}
    if overlaps(context.connection, duty_roster, *same, **period):
        raise Conflict("duty.overlap", _("此人在这段时间内已经排了同一个班。"))
    new = context.ids.new()
    row = {name: getattr(command, name) for name in ("unit", "role", "person_id")}
    dates = {"valid_from": command.valid_from, "valid_to": command.valid_to}
    context.connection.execute(
        duty_roster.insert(), {"id": new, **row, **dates, "note": command.note.strip()}
    )
    note(
        context,
        "duty.set",
        command.unit,
        role=command.role,
        person=command.person_id,
        **{"from": command.valid_from, "to": command.valid_to},
    )
    return {"id": str(new)}


def check_dates(command: SetDuty) -> None:
    """Refuse a duty that ends before it begins, lasts too long, or has an endless note."""
    ends_after(command.valid_from, command.valid_to)
    if command.valid_to - command.valid_from > LONGEST_DUTY:
        raise Invalid("duty.too_long", _("一次值班最长 31 天，请分段填写。"))
    if len(command.note) > LONGEST_NOTE:
        raise Invalid("duty.note_long", _("值班说明最长 {most} 个字。", most=LONGEST_NOTE))


def end_duty(context: Context, command: EndDuty) -> dict[str, Any]:
    """Take the duty back. Raises NotFound where it is over or never was."""
    mine = duty_roster.c.id == command.duty_id
    row = context.connection.execute(sa.select(duty_roster).where(mine)).one_or_none()
    if row is None or row.valid_to <= context.now:
        raise NotFound("duty.unknown", _("这个班次不存在或已经结束，请刷新值班表。"))
    unit = find_units(context.connection, (row.unit,))[row.unit]
    require(context.actor, "organisation.manage", paths=(unit.path,))
    if row.valid_from >= context.now:
        context.connection.execute(duty_roster.delete().where(mine))
    else:
        context.connection.execute(duty_roster.update().where(mine).values(valid_to=context.now))
    note(context, "duty.ended", row.unit, role=row.role, person=row.person_id)
    return {"id": str(row.id)}


def duty_handlers() -> dict[type[Command], Handler]:
    """Return the handlers of this page's commands."""
    return {SetDuty: changing(set_duty), EndDuty: changing(end_duty)}
