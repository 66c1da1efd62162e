"""Calendars: what days are working days and why, changing them, counting deadlines again."""

from __future__ import annotations

from typing import Any

from engine.run.commands import RecomputeDeadlines
from engine.sla.iso import ZONE
from processes.calendars.commands import EnterDays, days_of
from processes.reads.calendars import Calendars, CalendarYear, calendar_year
from processes.reads.calendars import calendars as all_calendars
from processes.reads.recount import Recount, recount
from web import reading
from web.api.endpoint import Nouns
from web.api.schemas import CalendarChanged, DaysBody, TimetableBody, YearQuery, schema_of
from web.calendars import timetable_said
from web.here import execute, now

calendars = Nouns("calendars", "Working time of units, and the deadlines counted by it.")


@calendars.reads("/calendars", action="calendar.read", answer=schema_of(Calendars))
def list_calendars() -> Calendars:
    """Return every calendar, the notices entered, and the first provisional year."""
    with reading.reader() as reader:
        return all_calendars(reader)


@calendars.reads(
    "/calendars/<code>", action="calendar.read", query=YearQuery, answer=schema_of(CalendarYear)
)
def get_calendar(query: dict[str, Any], code: str) -> CalendarYear:
    """Return a year of a calendar, day by day; this year unless told."""
    with reading.reader() as reader:
        return calendar_year(reader, code, query["year"] or now().astimezone(ZONE).year)


@calendars.writes(
    "/calendars/<code>/timetables",
    action="calendar.manage",
    body=TimetableBody,
    answer=CalendarChanged,
)
def set_timetable(body: dict[str, Any], code: str) -> dict[str, Any]:
    """Give a calendar a timetable from an instant on; deadlines that stand stay."""
    return execute(timetable_said(body, code))


@calendars.writes("/calendar-days", action="calendar.manage", body=DaysBody, answer=CalendarChanged)
def enter_days(body: dict[str, Any]) -> dict[str, Any]:
    """Enter the State Council's notice, or one calendar's own days."""
    days = days_of(body["days"])
    return execute(EnterDays(days=days, source=body["source"], calendar=body["calendar"]))


@calendars.reads("/deadlines/recount", action="calendar.read", answer=schema_of(Recount))
def preview_recount() -> Recount:
    """Return how many standing deadlines would move if they were counted again now."""
    with reading.reader() as reader:
        return recount(reader)


@calendars.writes("/deadlines/recount", action="deadline.recompute", answer=CalendarChanged)
def recount_deadlines() -> dict[str, Any]:
    """Count every standing deadline again; each case's trail says what moved."""
    return execute(RecomputeDeadlines())
