"""The engine's port `Calendars` on the tables: which calendar a unit has, as it was known when.

A calendar's version names the timetable (its first day) and the last entry among its days, so that
a clock can be counted again by exactly what it was started with. Each version is laid out once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from engine.db.prepared import Prepared
from engine.db.types import Instant
from engine.errors import Broken
from engine.i18n import _
from engine.sla.calendar import OFFICE_HOURS, STANDARD, Calendar, make_calendar
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.timetable import read_timetable
from processes.tables import calendar, calendar_day, org_unit
from processes.unit_states import living

MOST_KEPT = 200  # calendars laid out in memory, about a megabyte each
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
EVER = datetime(9999, 1, 1, tzinfo=UTC)

own, above = org_unit.alias("own"), org_unit.alias("above")
CODE_OF_UNIT = Prepared(
    sa.select(above.c.calendar)
    .select_from(own)
    .join(above, sa.func.substr(own.c.path, 1, sa.func.length(above.c.path)) == above.c.path)
    .where(own.c.code == bindparam("unit"), above.c.calendar.is_not(None))
    .order_by(sa.func.length(above.c.path).desc())
    .limit(1)
)
CODES_OF_UNITS = (
    sa.select(own.c.code, above.c.calendar)
    .select_from(own)
    .join(above, sa.func.substr(own.c.path, 1, sa.func.length(above.c.path)) == above.c.path)
    .where(above.c.calendar.is_not(None))
    .order_by(sa.func.length(above.c.path))
)
of_calendar = sa.or_(
    calendar_day.c.calendar.is_(None), calendar_day.c.calendar == bindparam("code")
)
LAST_ENTRY = sa.select(sa.func.max(calendar_day.c.entered_at)).where(of_calendar)
IN_FORCE = sa.select(sa.func.max(calendar.c.valid_from, type_=Instant)).where(
    calendar.c.code == bindparam("code"), calendar.c.valid_from <= bindparam("at")
)
FACTS = Prepared(
    sa.select(
        IN_FORCE.scalar_subquery().label("valid_from"),
        LAST_ENTRY.scalar_subquery().label("known_at"),
    )
)
TIMETABLE = sa.select(calendar.c.timetable).where(
    calendar.c.code == bindparam("code"), calendar.c.valid_from == bindparam("valid_from")
)
FROM_WHEN = (
    sa.select(
        calendar.c.code, sa.func.max(calendar.c.valid_from, type_=Instant).label("valid_from")
    )
    .where(calendar.c.valid_from <= bindparam("at"))
    .group_by(calendar.c.code)
)
LAST_ENTRIES = sa.select(
    calendar_day.c.calendar, sa.func.max(calendar_day.c.entered_at, type_=Instant).label("known_at")
).group_by(calendar_day.c.calendar)
DAYS = (
    sa.select(calendar_day)
    .where(of_calendar, calendar_day.c.entered_at <= bindparam("known_at"))
    .order_by(calendar_day.c.entered_at, calendar_day.c.id)
)


@dataclass(frozen=True)
class Version:
    """From when the timetable holds, and when the last of its days was entered; None: none was."""

    valid_from: datetime | None
    known_at: datetime | None

    def __str__(self) -> str:
        if self.valid_from is None and self.known_at is None:
            return "default"
        return "/".join(at.isoformat() if at else "-" for at in (self.valid_from, self.known_at))

    @classmethod
    def read(cls, text: str) -> Version:
        """Read back what `str` wrote."""
        if text == "default":
            return cls(None, None)
        return cls(*(None if at == "-" else datetime.fromisoformat(at) for at in text.split("/")))


class KnownCalendars:
    """Calendars of one database, laid out once a version and shared by its threads."""

    def __init__(self) -> None:
        self._laid_out: dict[tuple[str, str], Calendar] = {}
        self._lock = Lock()

    def of_unit(self, connection: Connection, unit: str | None, at: datetime) -> Calendar:
        """Return the calendar in force at a unit at an instant: its own, else the nearest above."""
        code = STANDARD
        if unit is not None:
            code = CODE_OF_UNIT.scalar(connection, {"unit": unit}) or STANDARD
        return self.of_code(connection, code, at)

    def of_code(self, connection: Connection, code: str, at: datetime) -> Calendar:
        """Return a calendar in force at an instant. Raises Broken("calendar.unknown")."""
        facts = FACTS.read(connection, {"code": code, "at": at})[0]
        if facts.valid_from is None and code != STANDARD:
            sentence = _("工作日历“{code}”此时还没有生效的工作时间。", code=code)
            raise Broken("calendar.unknown", sentence)
        return self.pinned(connection, code, str(Version(facts.valid_from, facts.known_at)))

    def of_units(
        self, connection: Connection, units: Collection[str], at: datetime
    ) -> dict[str, Calendar]:
        """Return the calendars in force at units at an instant; three statements for any number.

        A calendar that has no timetable yet counts as the standard one.
        """
        codes = dict.fromkeys(units, STANDARD)
        wanted = CODES_OF_UNITS.where(own.c.code.in_(sorted(units)))
        codes |= {row.code: row.calendar for row in connection.execute(wanted)}
        versions = versions_at(connection, at)
        found = {}
        for unit, code in codes.items():
            known = code if code in versions else STANDARD
            found[unit] = self.pinned(connection, known, str(versions[known]))
        return found

    def pinned(self, connection: Connection, code: str, version: str) -> Calendar:
        """Return a calendar as it was known when a clock was counted by it."""
        found = self._laid_out.get((code, version))
        if found is None:
            found = lay_out(connection, code, Version.read(version))
            with self._lock:
                if len(self._laid_out) >= MOST_KEPT:
                    self._laid_out.clear()
                self._laid_out[code, version] = found
        return found


def versions_at(connection: Connection, at: datetime) -> dict[str, Version]:
    """Return the version of every calendar in force at an instant; the standard one always is."""
    since = {row.code: row.valid_from for row in connection.execute(FROM_WHEN, {"at": at})}
    known = {row.calendar: row.known_at for row in connection.execute(LAST_ENTRIES)}
    found = {}
    for code in {STANDARD, *since}:
        entries = [entry for entry in (known.get(None), known.get(code)) if entry]
        found[code] = Version(since.get(code), max(entries, default=None))
    return found


def lay_out(connection: Connection, code: str, version: Version) -> Calendar:
    """Make a calendar from its rows. Raises Broken("calendar.unknown") where they are gone."""
    written: Any = OFFICE_HOURS
    if version.valid_from is not None:
        asked = {"code": code, "valid_from": version.valid_from}
        written = connection.scalar(TIMETABLE, asked)
        if written is None:
            sentence = _("工作日历“{code}”此时还没有生效的工作时间。", code=code)
            raise Broken("calendar.unknown", sentence)
    national, local = days_known(connection, code, version.known_at or NEVER)
    return make_calendar(
        read_timetable(written), code=code, version=str(version), national=national, local=local
    )


def days_known(
    connection: Connection, code: str, at: datetime
) -> tuple[list[SpecialDay], list[SpecialDay]]:
    """Return the days that were entered by an instant: for all calendars, and for one."""
    rows = connection.execute(DAYS, {"code": code, "known_at": at}).all()
    national = [special(row) for row in rows if row.calendar is None]
    return national, [special(row) for row in rows if row.calendar is not None]


def entered_days(connection: Connection, code: str) -> tuple[list[SpecialDay], list[SpecialDay]]:
    """Return all days entered so far: for all calendars, and for one."""
    return days_known(connection, code, EVER)


def special(row: sa.Row[tuple[object, ...]]) -> SpecialDay:
    """Return the special day of a row."""
    return SpecialDay(row.date, DayKind(row.kind), row.name, row.source)


def calendar_of_unit(connection: Connection, unit: str, at: datetime) -> Calendar:
    """Return a unit's calendar. Raises NotFound("unit.unknown"), Conflict("unit.abolished")."""
    living(connection, unit)
    return KnownCalendars().of_unit(connection, unit, at)
