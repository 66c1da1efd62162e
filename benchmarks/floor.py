"""The floor: a bare client sends the very statements that our engine sent, and does nothing else.

What a number of commands send is recorded with its values; then the same stream goes to a copy of
the database from before, one round trip a statement, with the same commits.
"""

from __future__ import annotations

import functools
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg
import sqlalchemy as sa

from engine.db.connect import Database


@dataclass(frozen=True)
class Sent:
    """A statement with its values, or "COMMIT"."""

    statement: str
    values: Any = None
    many: bool = False


@dataclass
class Stream:
    """What was sent, in order; recorded only while it is `running`."""

    sent: list[Sent] = field(default_factory=list)
    on: bool = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Record what is sent meanwhile."""
        self.on = True
        try:
            yield
        finally:
            self.on = False

    @property
    def count(self) -> int:
        """How many statements were sent, begin and commit not counted."""
        return sum(not each.statement.startswith(("BEGIN", "COMMIT")) for each in self.sent)


@contextmanager
def recording(database: Database) -> Iterator[Stream]:
    """Give a stream that hears what a database is sent."""
    stream = Stream()

    def statement(_conn: Any, _cursor: Any, text: str, values: Any, *rest: Any) -> None:
        if stream.on:
            stream.sent.append(Sent(text, values, many=rest[1]))

    def commit(_conn: Any) -> None:
        if stream.on:
            stream.sent.append(Sent("COMMIT"))

    engine = database._engines.writer  # noqa: SLF001 - nobody else needs to listen
    listeners = (("before_cursor_execute", statement), ("commit", commit))
    for name, listener in listeners:
        sa.event.listen(engine, name, listener)
    try:
        yield stream
    finally:
        for name, listener in listeners:
            sa.event.remove(engine, name, listener)


def driver(url: str) -> sa.URL:
    """Return a URL with the driver that we use."""
    made = sa.make_url(url)
    return made.set(drivername="postgresql+psycopg") if made.drivername == "postgresql" else made


@dataclass(frozen=True)
class Spent:
    """Seconds that a transaction took, on the wall and of this process's own work."""

    wall: float
    worked: float


def replay(url: str, stream: Stream, *, pipeline: bool = False) -> list[Spent]:
    """Send a stream to a copy of the database from before; return what each transaction took.

    With `pipeline` (PostgreSQL only) the statements of a transaction are not waited for one by one.
    """
    if url.startswith("sqlite"):
        send = functools.partial(send_sqlite, open_sqlite(str(sa.make_url(url).database)))
    else:
        connection = psycopg.connect(url, autocommit=True, prepare_threshold=2)
        send = functools.partial(send_piped if pipeline else send_postgresql, connection)
    spent = []
    for transaction in transactions(stream.sent):
        worked, begun = time.process_time(), time.perf_counter()
        send(transaction)
        spent.append(Spent(time.perf_counter() - begun, time.process_time() - worked))
    send.args[0].close()
    return spent


def send_postgresql(connection: psycopg.Connection[Any], transaction: list[Sent]) -> None:
    """Send a transaction with psycopg, one round trip a statement."""
    with connection.transaction():
        send_psycopg(connection, transaction)


def send_piped(connection: psycopg.Connection[Any], transaction: list[Sent]) -> None:
    """Send a transaction without waiting for its statements one by one."""
    with connection.pipeline(), connection.transaction():
        send_psycopg(connection, transaction)


def send_psycopg(connection: psycopg.Connection[Any], transaction: list[Sent]) -> None:
    """Send the statements of a transaction."""
    cursor = connection.cursor()
    for each in transaction:
        send = cursor.executemany if each.many else cursor.execute
        send(each.statement, each.values)


def open_sqlite(path: str) -> sqlite3.Connection:
    """Open a file as we open it."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def send_sqlite(connection: sqlite3.Connection, transaction: list[Sent]) -> None:
    """Send a transaction with sqlite3."""
    connection.execute("BEGIN IMMEDIATE")
    for each in transaction:
        send = connection.executemany if each.many else connection.execute
        send(each.statement, each.values or ())
    connection.execute("COMMIT")


def transactions(sent: list[Sent]) -> Iterator[list[Sent]]:
    """Yield the statements of each transaction; SQLite's own BEGIN is left out."""
    now: list[Sent] = []
    for each in sent:
        if each.statement == "COMMIT":
            yield now
            now = []
        elif not each.statement.startswith("BEGIN"):
            now.append(each)
