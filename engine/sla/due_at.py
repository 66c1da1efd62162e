"""When a clock is late, and when it warns: pure functions of its limit, calendar and ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.sla.calendar import Calendar
from engine.sla.ledger import Span, extensions, paused_since, stretches
from engine.sla.legal import last_day
from engine.sla.limit import Limit
from engine.sla.measure import Measure, measure_of


def due_at(limit: Limit, calendar: Calendar, spans: Sequence[Span]) -> datetime:
    """Return the instant from which the clock is late: at it, not after it.

    It is the earliest instant at which the counted time reaches the limit with all its extensions;
    of a limit counted by days, the close of business of its last day (engine/sla/legal.py). Of a
    paused clock with time left it is what it would be if the clock resumed at the pause: a paused
    clock is not late, and its due instant is computed again when it resumes.
    """
    if limit.by_days:
        return calendar.index.closes(last_day(limit, calendar.index, spans).closing)
    amount = limit.length(1 + extensions(spans))
    return reached(measure_of(limit, calendar), spans, amount)


def warn_at(limit: Limit, calendar: Calendar, spans: Sequence[Span]) -> datetime:
    """Return when the warning fraction of the counted time from start to due has passed."""
    measure = measure_of(limit, calendar)
    total = whole(limit, calendar, spans, due=due_at(limit, calendar, spans))
    return reached(measure, spans, total * limit.warn)


def is_late(limit: Limit, calendar: Calendar, spans: Sequence[Span], *, now: datetime) -> bool:
    """Return whether the limit is used up; a pause stops it from being so."""
    due, resting = due_at(limit, calendar, spans), paused_since(spans)
    return due <= (now if resting is None else min(now, resting))


def time_left(
    limit: Limit, calendar: Calendar, spans: Sequence[Span], *, now: datetime
) -> timedelta:
    """Return the counted time still left, negative by how much the clock is late."""
    due, resting = due_at(limit, calendar, spans), paused_since(spans)
    at = now if resting is None else min(now, resting)
    return whole(limit, calendar, spans, due=due) - counted(limit, calendar, spans, until=at)


def counted(
    limit: Limit, calendar: Calendar, spans: Sequence[Span], *, until: datetime
) -> timedelta:
    """Return how much time has counted up to an instant, pauses left out."""
    measure, total = measure_of(limit, calendar), timedelta(0)
    for stretch in stretches(spans):
        end = until if stretch.end is None else min(stretch.end, until)
        if end > stretch.start:
            total += measure.measure(stretch.start, end)
    return total


def whole(limit: Limit, calendar: Calendar, spans: Sequence[Span], *, due: datetime) -> timedelta:
    """Return what counts from start to due; a paused clock is taken to run on from its pause."""
    total, resting = counted(limit, calendar, spans, until=due), paused_since(spans)
    if resting is not None and due > resting:
        total += measure_of(limit, calendar).measure(resting, due)
    return total


def is_provisional(limit: Limit, calendar: Calendar, spans: Sequence[Span]) -> bool:
    """Tell whether holidays that are not published yet could still move the result."""
    if not limit.needs_calendar:
        return False
    return calendar.is_provisional(spans[0].at, due_at(limit, calendar, spans))


def reached(measure: Measure, spans: Sequence[Span], amount: timedelta) -> datetime:
    """Return the earliest instant at which `amount` has counted in a ledger."""
    left = amount
    last = spans[0].at
    for stretch in stretches(spans):
        if stretch.end is None:
            return measure.add(stretch.start, left)
        length = measure.measure(stretch.start, stretch.end)
        if left <= length:
            return measure.add(stretch.start, left)
        left -= length
        last = stretch.end
    return measure.add(last, left)
