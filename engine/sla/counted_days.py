"""A deadline day by day: what counted on each day from the start to the due instant, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.sla.calendar import Calendar
from engine.sla.holidays import DayKind
from engine.sla.index import MINUTE, WorkIndex
from engine.sla.ledger import Span, pauses, stretches
from engine.sla.legal import last_day, whole_days
from engine.sla.limit import Limit
from engine.sla.timetable import DAY as MINUTES_A_DAY
from engine.sla.timetable import Hours

Interval = tuple[datetime, datetime]
ALL_DAY = (Hours(0, MINUTES_A_DAY),)


class DayStatus(StrEnum):
    """Why a day counts or does not."""

    COUNTS = "counts"
    MAKE_UP = "make_up"  # a day of rest that a notice makes a working day
    HOLIDAY = "holiday"  # a day of rest that a notice or an order names
    REST = "rest"  # a day of rest by the timetable
    START = "start"  # by the law the first day does not count
    PAUSED = "paused"
    CLOSING = "closing"  # only its close of business matters: the last day was moved here


@dataclass(frozen=True)
class CountedDay:
    """What counted on a day. `number`: the how-manieth day of a limit counted by days."""

    date: date
    status: DayStatus
    name: str
    counted: tuple[Interval, ...]
    minutes: int
    number: int | None = None


def counted_days(
    limit: Limit, calendar: Calendar, spans: Sequence[Span], *, due: datetime
) -> list[CountedDay]:
    """Return every day from the start to the due instant, holidays and pauses among them."""
    index = calendar.index
    first, _within = index.split(spans[0].at)
    last, within = index.split(due)
    numbers = numbered(limit, calendar, spans) if limit.by_days else {}
    found, total, told = [], timedelta(0), 0
    for day in range(first, max(last + (within > 0), first + 1)):
        hours = index.days[day] if limit.in_working_time else ALL_DAY
        counted = intervals(index, day, hours, running(spans, due))
        total += sum((end - start for start, end in counted), timedelta(0))
        minutes = total // timedelta(minutes=1) - told
        told += minutes
        status, name = status_of(limit, calendar, day, counted=bool(counted))
        if limit.by_days:
            status = legal_status(status, day, first=first, numbers=numbers)
        found.append(
            CountedDay(index.date_of(day), status, name, counted, minutes, numbers.get(day))
        )
    return found


def running(spans: Sequence[Span], due: datetime) -> list[Interval]:
    """Return when the clock ran, up to the due instant; a pause that lasts is looked over."""
    found = [(each.start, each.end or due) for each in stretches(spans)]
    if found[-1][1] < due:
        found.append((found[-1][1], due))
    return [(start, min(end, due)) for start, end in found if start < due]


def intervals(
    index: WorkIndex, day: int, hours: Sequence[Hours], runs: Sequence[Interval]
) -> tuple[Interval, ...]:
    """Return the parts of a day's hours in which the clock ran."""
    found = []
    for each in hours:
        opens, closes = index.join(day, each.start * MINUTE), index.join(day, each.end * MINUTE)
        for start, end in runs:
            if max(opens, start) < min(closes, end):
                found.append((max(opens, start), min(closes, end)))
    return tuple(found)


def status_of(
    limit: Limit, calendar: Calendar, day: int, *, counted: bool
) -> tuple[DayStatus, str]:
    """Return what a day is by the calendar, and the name of what makes it so."""
    fact = calendar.special.get(calendar.index.date_of(day))
    if not limit.needs_calendar:
        return (DayStatus.COUNTS if counted else DayStatus.PAUSED), ""
    if calendar.index.is_open(day):
        made = fact is not None and fact.kind is DayKind.WORK
        if not counted and limit.in_working_time:
            return DayStatus.PAUSED, ""
        return (DayStatus.MAKE_UP, fact.name) if made and fact else (DayStatus.COUNTS, "")
    return (DayStatus.HOLIDAY, fact.name) if fact else (DayStatus.REST, "")


def legal_status(status: DayStatus, day: int, *, first: int, numbers: dict[int, int]) -> DayStatus:
    """Return what a day is in a count by days."""
    if day == first:
        return DayStatus.START
    if day in numbers:
        return status if status is DayStatus.MAKE_UP else DayStatus.COUNTS
    if status in (DayStatus.HOLIDAY, DayStatus.REST):
        return status
    return DayStatus.CLOSING if day > max(numbers) else DayStatus.PAUSED


def numbered(limit: Limit, calendar: Calendar, spans: Sequence[Span]) -> dict[int, int]:
    """Return which days count, and as the how-manieth, in a limit counted by days."""
    index = calendar.index
    resting = [whole_days(index, pause, working=limit.in_working_time) for pause in pauses(spans)]
    found: dict[int, int] = {}
    first, _within = index.split(spans[0].at)
    for day in range(first + 1, last_day(limit, index, spans).counted + 1):
        if limit.in_working_time and not index.is_open(day):
            continue
        if not any(start <= day < end for start, end in resting):
            found[day] = len(found) + 1
    return found
