"""A calendar as people look at it: a year day by day, by what was known and entered."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.errors import NotFound
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.iso import ZONE
from processes.calendars.commands import EnterDays, SetTimetable
from processes.reads.calendars import Calendars, CalendarYear, calendar_year, calendars
from processes.unit_changes import SetUnitCalendar
from tests.processes.reads.conftest import ReadOffice

HALF = {"week": {"mon": ["08:00-12:00"], "tue": ["08:00-12:00"]}}


def year_of(office: ReadOffice, code: str, year: int) -> CalendarYear:
    with office.read() as reader:
        return calendar_year(reader, code, year)


def listed(office: ReadOffice) -> Calendars:
    with office.read() as reader:
        return calendars(reader)


def kinds(year: CalendarYear) -> dict[date, str]:
    cells = (cell for month in year.months for week in month.weeks for cell in week)
    return {cell.date: cell.kind for cell in cells if cell}


def rest(*days: str) -> tuple[SpecialDay, ...]:
    return tuple(SpecialDay(date.fromisoformat(day), DayKind.REST, "停电", "") for day in days)


def test_a_year_shows_holidays_and_make_up_days(office: ReadOffice) -> None:
    year = year_of(office, "standard", 2026)
    days = kinds(year)
    assert len(days) == 365
    assert days[date(2026, 2, 14)] == "make_up"
    assert days[date(2026, 2, 17)] == "holiday"
    assert (days[date(2026, 3, 7)], days[date(2026, 3, 9)]) == ("rest", "work")
    assert year.working == 248
    assert not year.provisional


def test_beyond_the_published_years_all_is_provisional_until_a_notice_is_entered(
    office: ReadOffice,
) -> None:
    unknown = listed(office).provisional_from
    assert year_of(office, "standard", unknown).provisional
    notice = f"国办发明电〔{unknown - 1}〕7号"
    office.do(EnterDays(days=rest(f"{unknown}-01-01", f"{unknown}-01-02"), source=notice))
    assert not year_of(office, "standard", unknown).provisional
    now = listed(office)
    assert now.provisional_from == unknown + 1
    (entry,) = now.notices
    assert entry.source == notice
    assert len(entry.days) == 1, "days in a row are said together"
    assert "至" in entry.days[0]


def test_a_closure_and_a_new_timetable_hold_for_their_calendar_from_their_day(
    office: ReadOffice,
) -> None:
    start = datetime(2026, 7, 1, tzinfo=ZONE)
    office.do(SetTimetable(code="pier", name="码头", timetable=HALF))
    full = {"week": {**HALF["week"], "wed": ["08:00-12:00"]}}
    office.do(SetTimetable(code="pier", name="码头", timetable=full, valid_from=start))
    office.do(EnterDays(days=rest("2026-07-06"), source="停电通知", calendar="pier"))
    office.do(SetUnitCalendar(code="SZ", calendar="pier"))

    year = year_of(office, "pier", 2026)
    days = kinds(year)
    assert (days[date(2026, 6, 24)], days[date(2026, 7, 8)]) == ("rest", "work")  # Wednesdays
    assert days[date(2026, 7, 6)] == "closure"
    assert kinds(year_of(office, "standard", 2026))[date(2026, 7, 6)] == "work"
    assert [unit.code for unit in year.units] == ["SZ"]
    assert [version.now for version in year.versions] == [False, True]
    assert [row.code for row in listed(office).rows] == ["standard", "pier"]
    with pytest.raises(NotFound, match="nowhere"):
        year_of(office, "nowhere", 2026)
