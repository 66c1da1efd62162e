"""Since when a clock was late is what a running engine would have noticed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sla.calendar import standard
from engine.sla.due_at import due_at, is_late
from engine.sla.late import late_since, until_late
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Limit, Unit

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWO_HOURS = Limit(2, Unit.URGENT_HOUR)


def at(hours: float) -> datetime:
    return MONDAY + hours * HOUR


def begun(*more: Span) -> list[Span]:
    return [Span(SpanKind.STARTED, MONDAY), *more]


@pytest.mark.parametrize(("stopped", "since"), [(1.99, None), (2, at(2)), (5, at(2))])
def test_a_clock_is_late_at_its_due_instant_and_from_then_on(
    stopped: float, since: datetime | None
) -> None:
    assert late_since(TWO_HOURS, standard(), begun(), until=at(stopped)) == since


def test_an_extension_that_came_too_late_heals_nothing() -> None:
    extended = Span(SpanKind.EXTENDED, at(3))
    assert late_since(TWO_HOURS, standard(), begun(extended), until=at(3.5)) == at(2)
    in_time = Span(SpanKind.EXTENDED, at(1))
    assert late_since(TWO_HOURS, standard(), begun(in_time), until=at(3.5)) is None
    assert until_late(begun(extended), at(2)) == (begun()[0],)


def test_what_rests_is_not_late_and_may_be_extended_while_it_rests() -> None:
    paused, extended = Span(SpanKind.PAUSED, at(1)), Span(SpanKind.EXTENDED, at(9))
    assert late_since(TWO_HOURS, standard(), begun(paused), until=at(50)) is None
    spans = begun(paused, extended, Span(SpanKind.RESUMED, at(10)))
    assert late_since(TWO_HOURS, standard(), spans, until=at(12)) is None
    assert late_since(TWO_HOURS, standard(), spans, until=at(13)) == at(13)


@given(
    value=st.integers(1, 40),
    unit=st.sampled_from(list(Unit)),
    minutes=st.integers(0, 60 * 24 * 60),
    stopped=st.integers(0, 60 * 24 * 90),
)
def test_without_extensions_it_is_being_late_at_the_stop(
    value: int, unit: Unit, minutes: int, stopped: int
) -> None:
    start = MONDAY + timedelta(minutes=minutes)
    spans, until = (Span(SpanKind.STARTED, start),), start + timedelta(minutes=stopped)
    limit = Limit(value, unit)
    since = late_since(limit, standard(), spans, until=until)
    assert (since is not None) == is_late(limit, standard(), spans, now=until)
    assert since in (None, due_at(limit, standard(), spans))
