"""The duty roster as it is looked at: what is ahead, and a week of it by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.sla.iso import ZONE
from processes.organisation_tables import duty_roster
from processes.prefix import stands_below
from processes.tables import org_unit, person

MOST = 500


@dataclass(frozen=True)
class DutyLine:
    """A duty: who, for which unit in which role, from when to when, how to reach them."""

    id: UUID
    unit: str
    unit_name: str
    role: str
    person_id: UUID
    person: str
    valid_from: datetime
    valid_to: datetime
    note: str


@dataclass(frozen=True)
class DutyDay:
    """A day of Shanghai with the duties that stand on it."""

    day: date
    duties: tuple[DutyLine, ...]


def duties(
    connection: Connection,
    *,
    start: datetime,
    end: datetime | None = None,
    unit: str | None = None,
    person_id: UUID | None = None,
) -> tuple[DutyLine, ...]:
    """Return duties that touch a time, earliest first, at most 500; one statement.

    `unit` is the unit itself and all below it where `end` bounds the time, else the unit alone.
    """
    conditions = [duty_roster.c.valid_to > start]
    if end is not None:
        conditions.append(duty_roster.c.valid_from < end)
    if unit is not None and end is None:
        conditions.append(duty_roster.c.unit == unit)
    elif unit is not None:
        top = sa.select(org_unit.c.path).where(org_unit.c.code == unit).scalar_subquery()
        conditions.append(stands_below(org_unit.c.path, top))
    if person_id is not None:
        conditions.append(duty_roster.c.person_id == person_id)
    rows = connection.execute(
        sa.select(
            duty_roster.c.id,
            duty_roster.c.unit,
            org_unit.c.name,
            duty_roster.c.role,
            person.c.id,
            person.c.name,
            duty_roster.c.valid_from,
            duty_roster.c.valid_to,
            duty_roster.c.note,
        )
        .join(person, person.c.id == duty_roster.c.person_id)
        .join(org_unit, org_unit.c.code == duty_roster.c.unit)
        .where(*conditions)
        .order_by(duty_roster.c.valid_from, org_unit.c.path, duty_roster.c.id)
        .limit(MOST)
    )
    return tuple(DutyLine(*row) for row in rows)


def duty_week(connection: Connection, unit: str, monday: date) -> tuple[DutyDay, ...]:
    """Return the seven days from a day on, for a unit and all below it.

    A duty stands on the day it begins, and on each further day whose noon it covers: a night is one
    line, a weekend two.
    """
    days = [monday + timedelta(days=n) for n in range(8)]
    edges = [datetime.combine(day, time(), ZONE) for day in days]
    found = duties(connection, unit=unit, start=edges[0], end=edges[-1])
    return tuple(
        DutyDay(day, tuple(each for each in found if stands_on(each, begin, end)))
        for day, (begin, end) in zip(days, pairwise(edges), strict=False)
    )


def stands_on(duty: DutyLine, begin: datetime, end: datetime) -> bool:
    """Tell whether a duty begins within a day or covers its noon."""
    noon = begin + (end - begin) / 2
    return begin <= duty.valid_from < end or duty.valid_from <= noon < duty.valid_to
