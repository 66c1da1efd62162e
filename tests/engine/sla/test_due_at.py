"""Deadlines that can be explained: each follows from a limit and a ledger alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Broken
from engine.sla.calendar import standard
from engine.sla.due_at import counted, due_at, is_late, time_left, warn_at
from engine.sla.ledger import Span, SpanKind, stretches
from engine.sla.limit import Limit, Unit

START = datetime(2026, 5, 1, 1, tzinfo=UTC)
OFFICE = standard()
FOUR_HOURS = Limit(4, Unit.URGENT_HOUR)


def ledger(*lines: tuple[str, float]) -> tuple[Span, ...]:
    """Write a ledger as kinds and hours after the start."""
    return tuple(Span(SpanKind(kind), START + timedelta(hours=hours)) for kind, hours in lines)


def hours(instant: datetime) -> float:
    return (instant - START) / timedelta(hours=1)


def test_an_untouched_clock_runs_straight_through_nights_and_holidays() -> None:
    spans = ledger(("started", 0))
    assert hours(due_at(FOUR_HOURS, OFFICE, spans)) == 4
    assert hours(warn_at(FOUR_HOURS, OFFICE, spans)) == 3.2
    assert hours(due_at(Limit(7, Unit.NATURAL_DAY), OFFICE, spans)) == 7 * 24
    assert hours(due_at(Limit(2, Unit.URGENT_DAY), OFFICE, spans)) == 48


def test_now_at_due_means_late() -> None:
    spans = ledger(("started", 0))
    due = due_at(FOUR_HOURS, OFFICE, spans)
    assert is_late(FOUR_HOURS, OFFICE, spans, now=due)
    assert not is_late(FOUR_HOURS, OFFICE, spans, now=due - timedelta(microseconds=1))
    assert time_left(FOUR_HOURS, OFFICE, spans, now=due + timedelta(hours=1)) == timedelta(hours=-1)


def test_a_pause_moves_what_comes_after_it_and_nothing_before() -> None:
    spans = ledger(("started", 0), ("paused", 1), ("resumed", 11))
    assert hours(due_at(FOUR_HOURS, OFFICE, spans)) == 14
    assert hours(warn_at(FOUR_HOURS, OFFICE, spans)) == pytest.approx(13.2)
    after_due = ledger(("started", 0), ("paused", 5), ("resumed", 9))
    assert hours(due_at(FOUR_HOURS, OFFICE, after_due)) == 4


def test_while_paused_nothing_counts() -> None:
    spans = ledger(("started", 0), ("paused", 3))
    year = START + timedelta(days=365)
    assert not is_late(FOUR_HOURS, OFFICE, spans, now=year)
    assert time_left(FOUR_HOURS, OFFICE, spans, now=year) == timedelta(hours=1)
    assert hours(due_at(FOUR_HOURS, OFFICE, spans)) == 4


def test_an_extension_adds_the_original_limit_and_moves_the_warning() -> None:
    spans = ledger(("started", 0), ("extended", 2))
    assert hours(due_at(FOUR_HOURS, OFFICE, spans)) == 8
    assert hours(warn_at(FOUR_HOURS, OFFICE, spans)) == 6.4


def test_facts_beside_the_counting_change_nothing() -> None:
    spans = ledger(("started", 0), ("handed_over", 1), ("breached", 4), ("met", 6))
    assert hours(due_at(FOUR_HOURS, OFFICE, spans)) == 4


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("paused", 0)],
        [("started", 0), ("started", 1)],
        [("started", 0), ("resumed", 1)],
        [("started", 0), ("paused", 1), ("paused", 2)],
        [("started", 2), ("paused", 1)],
    ],
)
def test_a_ledger_that_cannot_be_true_gives_no_deadline(lines: list[tuple[str, float]]) -> None:
    with pytest.raises(Broken, match="计时记录有误"):
        stretches(ledger(*lines))


LIMITS = st.builds(
    Limit,
    value=st.integers(1, 200),
    unit=st.sampled_from([Unit.URGENT_HOUR, Unit.URGENT_DAY, Unit.NATURAL_DAY]),
    warn=st.floats(0.01, 1),
)
GAPS = st.lists(st.timedeltas(timedelta(0), timedelta(days=400)), max_size=6)


def paused_and_resumed(gaps: list[timedelta]) -> tuple[Span, ...]:
    """Return a ledger that alternates between pause and resumption after each gap."""
    spans = [Span(SpanKind.STARTED, START)]
    for turn, gap in enumerate(gaps):
        kind = SpanKind.RESUMED if turn % 2 else SpanKind.PAUSED
        spans.append(Span(kind, spans[-1].at + gap))
    return tuple(spans)


@given(LIMITS, GAPS)
def test_at_due_exactly_the_limit_has_counted(limit: Limit, gaps: list[timedelta]) -> None:
    if len(gaps) % 2:
        gaps = gaps[:-1]  # running at the end
    spans = paused_and_resumed(gaps)
    due = due_at(limit, OFFICE, spans)
    assert counted(limit, OFFICE, spans, until=due) == limit.length()
    assert is_late(limit, OFFICE, spans, now=due)
    assert not is_late(limit, OFFICE, spans, now=due - timedelta(microseconds=1))


@given(LIMITS, GAPS)
def test_warning_never_comes_after_due_nor_before_the_start(
    limit: Limit, gaps: list[timedelta]
) -> None:
    spans = paused_and_resumed(gaps)
    assert START <= warn_at(limit, OFFICE, spans) <= due_at(limit, OFFICE, spans)


@given(LIMITS, GAPS)
def test_no_pause_is_ever_lost(limit: Limit, gaps: list[timedelta]) -> None:
    if len(gaps) % 2:
        gaps = gaps[:-1]
    spans = paused_and_resumed(gaps)
    due = due_at(limit, OFFICE, spans)
    rested = sum(
        (
            end.at - start.at
            for start, end in zip(spans[1::2], spans[2::2], strict=True)
            if start.at < START + limit.length() + _rest_before(spans, start)
        ),
        timedelta(0),
    )
    assert due - START == limit.length() + rested


def _rest_before(spans: tuple[Span, ...], pause: Span) -> timedelta:
    earlier = zip(spans[1::2], spans[2::2], strict=True)
    return sum((end.at - start.at for start, end in earlier if end.at <= pause.at), timedelta(0))
