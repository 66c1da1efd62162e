"""What a worker does besides jobs: seal heads, chain who read what, send letters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from engine.run.engine import Engine
from engine.run.outbox import Courier, LogCourier, send_letters
from engine.secrets import Keys
from engine.trail.log import seal_minute
from processes.audit import CHAINS
from processes.privacy_chain import seal_readings

EVERY: Final = timedelta(minutes=1)
BATCH: Final = 500  # entries in one transaction: people's commands pass between two


class Sealing:
    """Seals what has moved, once a minute however often it is called."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self._engine = engine
        self._keys = keys
        self._next: datetime | None = None

    def __call__(self) -> None:
        """Seal if the minute is over."""
        now = self._engine.clock.now()
        if self._next is None or now >= self._next:
            self._next = now + EVERY
            self.seal(now)

    def seal(self, now: datetime) -> None:
        """Seal all that has moved, in as many transactions as it takes."""
        self._batches(lambda on: seal_readings(on, limit=BATCH))
        self._batches(lambda on: seal_minute(on, self._keys, now, limit=BATCH, beside=CHAINS))

    def _batches(self, work: Callable[[Connection], int]) -> None:
        """Repeat a piece of work until there is less than a batch of it."""

        def once() -> int:
            with self._engine.database.write(bulk=True) as connection:
                return work(connection)

        while self._engine.database.retry(once) == BATCH:
            pass


class Sending:
    """Hands letters to the courier, a batch at each call."""

    def __init__(self, engine: Engine, courier: Courier) -> None:
        self._engine = engine
        self._courier = courier

    def __call__(self) -> None:
        """Send what is unsent."""
        send_letters(self._engine, self._courier)


def chores(
    engine: Engine, keys: Keys, *others: Callable[[], None]
) -> tuple[Callable[[], None], ...]:
    """Return the chores of a worker: those of every engine, then `others`."""
    return (Sealing(engine, keys), Sending(engine, LogCourier()), *others)
