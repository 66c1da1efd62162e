"""What counts as time for a limit: all of it, or a unit's working time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.sla.calendar import Calendar
    from engine.sla.limit import Limit


class Measure(Protocol):
    """Adds and measures counted time; `measure(a, add(a, x))` is `x`."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant by which `amount` has counted since `start`."""
        ...

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Return how much counts between two instants, negative if the second is earlier."""
        ...


class Continuous:
    """Nights and holidays count."""

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the instant so much later."""
        return start + amount

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Return the time between."""
        return end - start


CONTINUOUS = Continuous()


def measure_of(limit: Limit, calendar: Calendar) -> Measure:
    """Return what a limit's unit counts."""
    return calendar if limit.in_working_time else CONTINUOUS
