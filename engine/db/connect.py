"""The transaction frame: the one place that opens connections, begins and commits.

A `read` sees one moment of the database and can change nothing. A `write` is one transaction: all
of it is kept or nothing. What the databases say when they are busy, gone or full leaves here as
our own refusals (engine/errors.py); everything else passes through unchanged.
"""

from __future__ import annotations

import os
import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa

from engine.db.failures import Busy, Unreachable, Unwritable, in_doubt, translated
from engine.db.open import lock_of, open_engines
from engine.db.punctual import waiting_at_most
from engine.db.types import from_microseconds

T = TypeVar("T")

ATTEMPTS = 6
FIRST_WAIT = 0.01  # seconds before the second attempt; doubles with each
PROBE_WITHIN = 2.0  # seconds
REMEMBERED = 30.0  # seconds
NOW = {
    "sqlite": sa.text("SELECT NULL FROM sqlite_master"),
    "postgresql": sa.text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint"),
}


OPENED: weakref.WeakSet[Database] = weakref.WeakSet()


class Database:
    """One database, SQLite or PostgreSQL, by its SQLAlchemy URL.

    SQLite must be a file. `postgresql://` means psycopg 3. Safe to share between threads, and with
    a process that is forked: it opens connections of its own.
    """

    def __init__(self, url: str | sa.URL) -> None:
        self.url = sa.make_url(url)
        self._engines = open_engines(self.url)
        self._here = threading.local()
        self._refused_at: float | None = None  # when the disk last took nothing, monotonic
        OPENED.add(self)

    def start_anew(self) -> None:
        """Leave what a parent process has opened to it, untouched."""
        self._parents = self._engines  # kept: to let go of a connection would be to close it
        self._engines = open_engines(self.url)
        self._here = threading.local()

    @property
    def dialect(self) -> str:
        """Return "sqlite" or "postgresql"."""
        return self._engines.writer.dialect.name

    @property
    def bulk_slice(self) -> float:
        """Return after how many seconds a bulk writer with much to do should commit."""
        return self._engines.bulk_slice

    @contextmanager
    def write(self, *, bulk: bool = False) -> Iterator[sa.Connection]:
        """Open one transaction that is committed at the end and rolled back on any exception.

        On SQLite the writes of a process pass one lock. `bulk` is for drains and imports: they
        pause after each commit, so that a person never waits behind them. Frames do not nest: use
        `connection.begin_nested()`. Raises `Busy` (let `retry` handle it) and `Broken`.
        """
        try:
            with self._alone(), translated(), self._engines.turn:
                yield from self._transaction()
        except Unwritable:
            self._refused_at = time.monotonic()
            raise
        if bulk:
            time.sleep(self._engines.pause)
        else:
            self._refused_at = None  # a drain may have had nothing to write

    def _transaction(self) -> Iterator[sa.Connection]:
        """Yield a connection inside a transaction; tell a lost commit from a lost statement."""
        with self._engines.writer.connect() as connection:
            transaction = connection.begin()
            try:
                self._engines.begin_write(connection)
                yield connection
            except BaseException:
                transaction.rollback()
                raise
            with in_doubt():
                transaction.commit()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a read-only snapshot: every query in it sees the same moment.

        It ends with a commit, of nothing: on a rollback the driver of PostgreSQL forgets what
        commands have prepared on the connection.
        """
        with translated(), self._engines.reader.connect() as connection, connection.begin():
            self._engines.begin_read(connection)
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Refuse a write frame inside one of the same thread: it would wait for itself."""
        if getattr(self._here, "writing", False):
            raise RuntimeError(
                "a write frame is open in this thread: use connection.begin_nested()"
            )
        self._here.writing = True
        try:
            yield
        finally:
            self._here.writing = False

    def retry(self, work: Callable[[], T]) -> T:
        """Run `work`, a function that opens its own write frame, again where that is safe.

        A lost race (deadlock, serialisation, lock timeout) is tried up to `ATTEMPTS` times with
        growing, scattered waits. A connection lost before its commit left nothing behind and is
        tried once more: after a restart of PostgreSQL nobody has to click twice.
        """
        reconnected = False
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return work()
            except Busy:
                if attempt == ATTEMPTS:
                    raise
                time.sleep(FIRST_WAIT * 2 ** (attempt - 1) * random.uniform(0.5, 1.5))  # noqa: S311
            except Unreachable:
                if reconnected:
                    raise
                reconnected = True
        raise AssertionError("the last attempt returns or raises")

    def clock(self) -> datetime | None:
        """Return the instant of the database's own clock, None where it has none (SQLite).

        Asks in any case, and waits `PROBE_WITHIN` seconds for the answer. Raises Broken where none
        comes, and `Unwritable` after a write that the disk did not take, until one of a person is
        taken or half a minute has passed.
        """
        if self._refused_at is not None and time.monotonic() < self._refused_at + REMEMBERED:
            raise Unwritable
        with self.read() as connection, waiting_at_most(connection, PROBE_WITHIN):
            value = connection.scalar(NOW[self.dialect])
        return None if value is None else from_microseconds(int(value))

    def close(self) -> None:
        """Give back every connection; a new one is opened when the database is used again."""
        self._engines.reader.dispose()
        self._engines.writer.dispose()


def after_fork() -> None:
    """In the child: share no connection with the parent, and no lock that its threads held."""
    lock_of.cache_clear()
    for database in list(OPENED):
        database.start_anew()


os.register_at_fork(after_in_child=after_fork)
