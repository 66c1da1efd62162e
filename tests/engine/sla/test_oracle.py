"""The fast arithmetic against a slow walk (oracle.py), on random calendars, ledgers and limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.sla.calendar import ROUND_THE_CLOCK, Calendar, make_calendar
from engine.sla.due_at import counted, due_at, is_late, warn_at, whole
from engine.sla.iso import ZONE
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Counting, Limit, Unit
from engine.sla.timetable import read_timetable
from tests.engine.sla import oracle

YEARS = range(2025, 2029)
FIRST = datetime(2025, 12, 20, tzinfo=ZONE)
MINUTE = timedelta(minutes=1)


@st.composite
def hours(draw: st.DrawFn) -> list[str]:
    """Draw the spans of a day: none to three, apart."""
    edges = draw(st.lists(st.integers(0, 96), unique=True, max_size=6).map(sorted))
    quarters = edges[: len(edges) // 2 * 2]
    told = [f"{q // 4:02}:{q % 4 * 15:02}" for q in quarters]
    return [f"{a}-{b}" for a, b in zip(told[::2], told[1::2], strict=True)]


WEEKS = st.dictionaries(st.sampled_from(oracle.NAMES), hours(), min_size=3).map(
    lambda week: {**week, "wed": week.get("wed") or ["09:00-17:00"]}
)


@st.composite
def timetables(draw: st.DrawFn) -> dict[str, Any]:
    written: dict[str, Any] = {"week": draw(WEEKS), "holidays": draw(st.booleans())}
    if draw(st.booleans()):
        edges = st.sampled_from(["01-10", "02-20", "03-05", "12-25"])
        written["seasons"] = [{"from": draw(edges), "to": draw(edges), "week": draw(WEEKS)}]
    return draw(st.one_of(st.just(written), st.just(ROUND_THE_CLOCK)))


@dataclass(frozen=True)
class Story:
    """A limit on a calendar with a ledger: whole minutes, some weeks long."""

    written: dict[str, Any]
    limit: Limit
    start: datetime
    pauses: list[oracle.Pause]
    extended: int

    def calendar(self) -> Calendar:
        return make_calendar(read_timetable(self.written), years=YEARS)

    def spans(self) -> tuple[Span, ...]:
        spans = [Span(SpanKind.STARTED, self.start)]
        if self.extended:
            spans.append(Span(SpanKind.EXTENDED, self.start, times=self.extended))
        for paused, resumed in self.pauses:
            spans += [Span(SpanKind.PAUSED, paused), Span(SpanKind.RESUMED, resumed)]
        return tuple(spans)

    def expected(self) -> datetime:
        times, working = 1 + self.extended, self.limit.in_working_time
        if self.limit.by_days:
            days = self.limit.value * times
            return oracle.legal(self.written, self.start, days, self.pauses, working=working)
        need = self.limit.length(times) // MINUTE
        return oracle.rolling(self.written, self.start, need, self.pauses, working=working)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    unit, counting = draw(st.sampled_from(Unit)), draw(st.sampled_from(Counting))
    start = at = FIRST + draw(st.integers(0, 90 * 24 * 60)) * MINUTE
    pauses = []
    for _ in range(draw(st.integers(0, 2))):
        paused = at + draw(st.integers(0, 4 * 24 * 60)) * MINUTE
        at = paused + draw(st.integers(0, 9 * 24 * 60)) * MINUTE
        pauses.append((paused, at))
    hours = unit in (Unit.URGENT_HOUR, Unit.WORK_HOUR)
    value = draw(st.integers(1, 20 if hours else 6))
    limit = Limit(value, unit, counting, draw(st.sampled_from([0.25, 0.5, 0.8, 1.0])))
    return Story(draw(timetables()), limit, start, pauses, draw(st.integers(0, 1)))


def agree(story: Story) -> None:
    calendar, spans, limit = story.calendar(), story.spans(), story.limit
    due = due_at(limit, calendar, spans)
    assert due == story.expected()
    assert is_late(limit, calendar, spans, now=due)
    assert not is_late(limit, calendar, spans, now=due - timedelta(microseconds=1))

    warn = warn_at(limit, calendar, spans)
    assert story.start <= warn <= due
    total = whole(limit, calendar, spans, due=due)
    assert counted(limit, calendar, spans, until=warn) == total * limit.warn
    if not limit.by_days:
        assert total == limit.length(1 + story.extended)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories())
def test_fast_and_slow_agree(story: Story) -> None:
    agree(story)


@pytest.mark.nightly
@settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(stories())
def test_fast_and_slow_agree_ten_thousand_times(story: Story) -> None:
    agree(story)


INSTANTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: FIRST - timedelta(days=300) + minutes * MINUTE
)


@settings(max_examples=100, deadline=None)
@given(timetables(), INSTANTS, st.timedeltas(timedelta(0), timedelta(hours=50)))
def test_measuring_what_was_added_gives_it_back(
    written: dict[str, Any], start: datetime, amount: timedelta
) -> None:
    calendar = make_calendar(read_timetable(written), years=YEARS)
    end = calendar.add(start, amount)
    assert calendar.measure(start, end) == amount
    if amount:
        assert calendar.measure(start, end - timedelta(microseconds=1)) < amount
