"""Days counted by the law: 《民法典》 art. 201 to 203.

The starting day is not counted. A working-day limit counts days on which the unit works, a
natural-day limit all of them; days wholly inside a pause are not counted, so that a pause with k of
them moves the last day by k. The last day is moved off rest days, and the limit ends at the unit's
close of business on it. Where that moment lies in a pause the clock is resting, so the day on which
it goes on (or the next working day) is the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.sla.index import WorkIndex
from engine.sla.ledger import Span, extensions, pauses
from engine.sla.limit import Limit

Pause = tuple[datetime, datetime]


@dataclass(frozen=True)
class LastDay:
    """Where a count by days ends, as days of the index.

    On `counted` the count is full; at the close of business of `closing`, the same day or a later
    one, the limit ends.
    """

    counted: int
    closing: int


def last_day(limit: Limit, index: WorkIndex, spans: Sequence[Span]) -> LastDay:
    """Return the last day of a limit that is counted by days, extensions included."""
    resting = pauses(spans)
    left = limit.value * (1 + extensions(spans))
    day, _within = index.split(spans[0].at)
    for pause in resting:
        first, end = whole_days(index, pause, working=limit.in_working_time)
        first = max(first, day + 1)
        if end <= first:
            continue
        before = days_between(index, day + 1, first, working=limit.in_working_time)
        if before >= left:
            break
        left, day = left - before, end - 1
    counted = index.open_after(day, left) if limit.in_working_time else day + left
    return LastDay(counted, closing_day(index, counted, resting))


def whole_days(index: WorkIndex, pause: Pause, *, working: bool) -> tuple[int, int]:
    """Return the days wholly inside a pause, the end not included.

    Of a working day the working time is looked at: nobody works on it before it opens.
    """
    (first, within), (end, _later) = index.split(pause[0]), index.split(pause[1])
    if not working:
        return first + (within > 0), end
    if index.is_open(first) and pause[0] > index.opens(first):
        first += 1
    if index.is_open(end) and pause[1] >= index.closes(end):
        end += 1
    return first, end


def days_between(index: WorkIndex, first: int, end: int, *, working: bool) -> int:
    """Return how many days count from `first` up to, not including, `end`."""
    return index.open_between(first, end) if working else end - first


def closing_day(index: WorkIndex, day: int, resting: Sequence[Pause]) -> int:
    """Return the first day from `day` on that is worked and whose close is in no pause."""
    day = day if index.is_open(day) else index.open_after(day, 1)
    for start, end in resting:
        if start < index.closes(day) <= end:
            day = max(day, index.split(end)[0] - 1)
            while index.closes(day := index.open_after(day, 1)) <= end:
                pass  # the day on which it goes on may have closed already
    return day
