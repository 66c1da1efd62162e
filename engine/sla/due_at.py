"""When a clock is late, and when it warns: pure functions of its limit and its ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from engine.sla.ledger import Span, counted, extensions, stretches
from engine.sla.limit import Limit


def due_at(limit: Limit, spans: Sequence[Span]) -> datetime:
    """Return the instant from which the clock is late: at it, not after it.

    It is the instant at which the counted time reaches the limit with all its extensions. Of a
    paused clock with time left it is what it would be if the clock resumed at the pause: a paused
    clock is not late, and its due instant is computed again when it resumes.
    """
    return _reached(spans, _allowed(limit, spans))


def warn_at(limit: Limit, spans: Sequence[Span]) -> datetime:
    """Return the instant at which the warning fraction of the counted time has passed."""
    return _reached(spans, _allowed(limit, spans) * limit.warn)


def is_late(limit: Limit, spans: Sequence[Span], now: datetime) -> bool:
    """Return whether the limit is used up; a pause stops it from being so."""
    return counted(spans, now) >= _allowed(limit, spans)


def time_left(limit: Limit, spans: Sequence[Span], now: datetime) -> timedelta:
    """Return the counted time still left, negative by how much the clock is late."""
    return _allowed(limit, spans) - counted(spans, now)


def _allowed(limit: Limit, spans: Sequence[Span]) -> timedelta:
    return limit.length(1 + extensions(spans))


def _reached(spans: Sequence[Span], amount: timedelta) -> datetime:
    """Return the instant at which `amount` of time has counted."""
    left = amount
    last = spans[0].at
    for stretch in stretches(spans):
        if stretch.end is None or stretch.start + left <= stretch.end:
            return stretch.start + left
        left -= stretch.end - stretch.start
        last = stretch.end
    return last + left
