"""The only place that reads the wall clock, behind a port so that a run can be repeated."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time as an aware UTC instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the machine's present instant in UTC."""
        return datetime.now(UTC)


class ManualClock:
    """A clock that stands still until it is told to move: for tests, demos and replays."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant this clock was last set to."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to `instant`; moving back is allowed, so that a jumping clock can be tried."""
        self._now = instant.astimezone(UTC)

    def forward(self, **delta: float) -> datetime:
        """Move ahead by `timedelta(**delta)` and return the new instant."""
        self._now += timedelta(**delta)
        return self._now
