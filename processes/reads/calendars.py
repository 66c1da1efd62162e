"""Business calendars as people look at them: the list, a year day by day, the notices entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import NotFound
from engine.i18n import _
from engine.sla.calendar import OFFICE_HOURS, STANDARD, Calendar
from engine.sla.holidays import DayKind, published_days, years_of
from engine.sla.index import YEARS
from engine.sla.iso import ZONE
from engine.sla.timetable import Timetable, read_timetable
from engine.sla.words import day_words, name_words
from processes.calendars.words import hours_words, timetable_words
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.tables import calendar, calendar_day, org_unit, person

MOST_UNITS: Final = 200
NOTHING: Final = ""

VERSIONS: Final = (
    sa.select(calendar, person.c.name.label("by"))
    .outerjoin(person, person.c.id == calendar.c.entered_by)
    .order_by(calendar.c.code, calendar.c.valid_from)
)
ENTRIES: Final = (
    sa.select(calendar_day, person.c.name.label("by"))
    .outerjoin(person, person.c.id == calendar_day.c.entered_by)
    .order_by(calendar_day.c.entered_at.desc(), calendar_day.c.source, calendar_day.c.date)
)
USES: Final = (
    sa.select(org_unit.c.calendar, sa.func.count().label("units"))
    .where(org_unit.c.calendar.is_not(None), org_unit.c.valid_to.is_(None))
    .group_by(org_unit.c.calendar)
)
UNITS: Final = (
    sa.select(org_unit.c.code, org_unit.c.name)
    .where(org_unit.c.calendar == sa.bindparam("code"), org_unit.c.valid_to.is_(None))
    .order_by(org_unit.c.path)
    .limit(MOST_UNITS)
)


@dataclass(frozen=True)
class CalendarRow:
    """A calendar in the list: its hours in force now, in words, and how many units name it."""

    code: str
    name: str
    hours: tuple[str, ...]
    since: datetime | None
    units: int


@dataclass(frozen=True)
class EntryRow:
    """Days entered together: from a notice of the State Council, or one calendar's own.

    `days` are in words, days in a row that are alike as one.
    """

    source: str
    entered_at: datetime
    by: str
    days: tuple[str, ...]


@dataclass(frozen=True)
class Calendars:
    """All calendars, the notices entered, and from which year on everything is provisional."""

    rows: tuple[CalendarRow, ...]
    notices: tuple[EntryRow, ...]
    provisional_from: int


@dataclass(frozen=True)
class DayCell:
    """A day of a year. `kind`: work, rest, holiday, make_up, closure, extra. `told`: in words."""

    date: date
    kind: str
    told: str


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; None where the week belongs to another month."""

    number: int
    weeks: tuple[tuple[DayCell | None, ...], ...]
    working: int


@dataclass(frozen=True)
class VersionRow:
    """A timetable of a calendar and from when it holds; `now`: the one in force."""

    name: str
    hours: tuple[str, ...]
    valid_from: datetime | None
    entered_at: datetime | None
    by: str
    now: bool


@dataclass(frozen=True)
class UsedBy:
    """A unit that names a calendar; what stands below it has it too unless it names another."""

    code: str
    name: str


@dataclass(frozen=True)
class CalendarYear:
    """A calendar and one of its years, day by day."""

    code: str
    name: str
    year: int
    provisional: bool
    months: tuple[Month, ...]
    working: int
    versions: tuple[VersionRow, ...]
    closures: tuple[EntryRow, ...]
    units: tuple[UsedBy, ...]
    timetable: dict[str, Any]


def calendars(reader: Reader) -> Calendars:
    """Return every calendar, the standard one first; three statements."""
    versions = reader.connection.execute(VERSIONS).all()
    uses = {row.calendar: row.units for row in reader.connection.execute(USES)}
    entries = reader.connection.execute(ENTRIES.where(calendar_day.c.calendar.is_(None))).all()
    known: dict[str, list[Row]] = {STANDARD: []}
    for version in versions:
        known.setdefault(version.code, []).append(version)
    rows = []
    for code, states in known.items():
        state = in_force(states, reader.now) or (states[0] if states else None)
        rows.append(
            CalendarRow(
                code=code,
                name=name_of(reader, state),
                hours=told(reader, state),
                since=state.valid_from if state else None,
                units=uses.get(code, 0),
            )
        )
    rest = {row.date.year for row in entries if row.kind == DayKind.REST}
    published = years_of(published_days().values()) | rest
    beyond = next(year for year in range(reader.now.year, YEARS[-1] + 2) if year not in published)
    return Calendars(tuple(rows), entered(reader, entries), beyond)


def in_force(states: Iterable[Row], at: datetime) -> Row | None:
    """Return the timetable in force at an instant, of rows in the order of their beginning."""
    return next((each for each in reversed(list(states)) if each.valid_from <= at), None)


def name_of(reader: Reader, state: Row | None) -> str:
    """Return what a calendar is called; the standard one that nobody changed has our name."""
    return str(state.name) if state else reader.say(_("标准工作日历"))


def told(reader: Reader, state: Row | None) -> tuple[str, ...]:
    """Return a timetable's hours in words."""
    timetable = read_timetable(state.timetable if state else OFFICE_HOURS)
    return tuple(reader.say(text) for text in timetable_words(timetable))


def entered(reader: Reader, rows: Iterable[Row]) -> tuple[EntryRow, ...]:
    """Return days that were entered together as one, the newest first."""
    found = []
    for (at, source), group in groupby(rows, key=lambda row: (row.entered_at, row.source)):
        days = list(group)
        said = tuple(day_groups(reader, days))
        found.append(EntryRow(source, at, days[0].by or NOTHING, said))
    return tuple(found)


def day_groups(reader: Reader, days: list[Row]) -> Iterator[str]:
    """Yield days in a row that are alike as one sentence."""
    kinds = {DayKind.REST: _("休息"), DayKind.WORK: _("上班")}
    for _key, group in groupby(
        enumerate(days),
        key=lambda each: (each[1].date.toordinal() - each[0], each[1].kind, each[1].name),
    ):
        alike = [row for _place, row in group]
        first, last = day_words(alike[0].date), day_words(alike[-1].date)
        when = first if len(alike) == 1 else _("{first} 至 {last}", first=first, last=last)
        kind = kinds[DayKind(alike[0].kind)]
        yield reader.say(_("{days} {kind}（{name}）", days=when, kind=kind, name=alike[0].name))


def calendar_year(reader: Reader, code: str, year: int) -> CalendarYear:
    """Return a year of a calendar. Raises NotFound("calendar.not_found").

    Each day is shown by the timetable that is in force on it. A statement more for each timetable
    that begins in the year.
    """
    connection = reader.connection
    states = connection.execute(VERSIONS.where(calendar.c.code == code)).all()
    if not states and code != STANDARD:
        raise NotFound("calendar.not_found", _("没有代码为“{code}”的工作日历。", code=code))
    year = min(max(year, YEARS[0]), YEARS[-1])
    own = connection.execute(ENTRIES.where(calendar_day.c.calendar == code)).all()
    state = in_force(states, reader.now)
    laid_out = layouts(reader, code, year, states)
    months = tuple(
        month(reader, laid_out, {row.date for row in own}, year, n) for n in range(1, 13)
    )
    last = laid_out[max(laid_out)]
    return CalendarYear(
        code=code,
        name=name_of(reader, state or (states[0] if states else None)),
        year=year,
        provisional=last.timetable.holidays and year not in last.published,
        months=months,
        working=sum(each.working for each in months),
        versions=tuple(version_rows(reader, states, state)),
        closures=entered(reader, own),
        units=tuple(UsedBy(*row) for row in connection.execute(UNITS, {"code": code})),
        timetable=dict((state or (states[0] if states else None) or STANDARD_STATE).timetable),
    )


@dataclass(frozen=True)
class StandardState:
    """What the standard calendar is before anybody gives it a timetable."""

    timetable: Mapping[str, Any]


STANDARD_STATE: Final = StandardState(OFFICE_HOURS)


def layouts(
    reader: Reader, code: str, year: int, states: Iterable[Row]
) -> dict[datetime, Calendar]:
    """Return the calendars of a year, laid out, by the instant from which each holds.

    Before a calendar's first timetable its days are shown as that one has them.
    """
    start, end = midnight(date(year, 1, 1)), midnight(date(year + 1, 1, 1))
    begins = [row.valid_from for row in states]
    wanted = {start, *(at for at in begins if start < at < end)}
    earliest = begins[0] if begins and code != STANDARD else start
    return {
        at: reader.calendars.of_code(reader.connection, code, max(at, earliest)) for at in wanted
    }


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins."""
    return datetime.combine(day, time(), ZONE)


def month(
    reader: Reader, laid_out: Mapping[datetime, Calendar], own: set[date], year: int, number: int
) -> Month:
    """Return a month in weeks."""
    first = date(year, number, 1)
    cells: list[DayCell | None] = [None] * first.weekday()
    day = first
    while day.month == number:
        held = max(at for at in laid_out if at <= midnight(day))
        cells.append(cell(reader, laid_out[held], day, own=day in own))
        day += timedelta(days=1)
    cells += [None] * (-len(cells) % 7)
    weeks = tuple(tuple(cells[at : at + 7]) for at in range(0, len(cells), 7))
    working = sum(each is not None and each.kind in WORKED for each in cells)
    return Month(number, weeks, working)


WORKED: Final = frozenset({"work", "make_up", "extra"})


def cell(reader: Reader, known: Calendar, day: date, *, own: bool) -> DayCell:
    """Return a day: what it is, and why in words."""
    hours = known.index.days[known.index.day_of(day)]
    fact = known.special.get(day)
    said = reader.say(_("{day} {hours}", day=day_words(day), hours=hours_words(hours)))
    if fact is None:
        return DayCell(day, "work" if hours else "rest", said)
    name = name_words(fact.name)
    said = reader.say(_("{said}（{name}，{source}）", said=said, name=name, source=fact.source))
    if fact.kind is DayKind.REST:
        return DayCell(day, "closure" if own else "holiday", said)
    return DayCell(day, "extra" if own else "make_up", said)


def version_rows(reader: Reader, states: Iterable[Row], now: Row | None) -> Iterator[VersionRow]:
    """Yield the timetables of a calendar, the newest first."""
    for state in reversed(list(states)):
        yield VersionRow(
            name=state.name,
            hours=told(reader, state),
            valid_from=state.valid_from,
            entered_at=state.entered_at,
            by=state.by or NOTHING,
            now=state is now,
        )


def timetable_of(found: CalendarYear) -> Timetable:
    """Return the timetable in force of a calendar that is shown."""
    return read_timetable(found.timetable)
