"""This host's clock beside the database's: hosts that disagree would disagree on what is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from engine.db.connect import Database
from engine.errors import Broken
from engine.i18n import _
from engine.now import Clock

APART: Final = timedelta(seconds=2)
EVERY: Final = timedelta(minutes=1)


class HostClock:
    """Keeps a worker from its work while its clock is wrong: timers would fire early or late."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._next: datetime | None = None

    def __call__(self) -> None:
        """Raise Broken("host.clock_apart"); looks once a minute while all is well."""
        now = self._clock.now()
        if self._next is None or not self._next - EVERY <= now < self._next:
            refuse_clock_apart(self._database, self._clock)
            self._next = now + EVERY


def refuse_clock_apart(database: Database, clock: Clock) -> None:
    """Raise Broken("host.clock_apart") where the two clocks cannot both be right."""
    before = clock.now()
    there = database.retry(database.clock)
    if there is not None and not before - APART <= there <= clock.now() + APART:
        raise Broken(
            "host.clock_apart",
            _("本机时钟与数据库相差 {seconds} 秒，请校准时间。", seconds=apart(before, there)),
        )


def apart(here: datetime, there: datetime) -> int:
    """Return whole seconds between two clocks."""
    return round(abs(there - here).total_seconds())
