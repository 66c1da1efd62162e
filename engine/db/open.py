"""How each database is opened: drivers, pragmas, isolation."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.db.prepared import complain
from engine.db.punctual import connect_punctual

SQLITE_WAIT = 10  # seconds another process may hold the file before we are told it is busy
POOL = {"pool_size": 10, "max_overflow": 20, "pool_timeout": 10}
# What is stored tells of people: an error of a driver names its statement, never the values.
DISCREET = {"hide_parameters": True}
SQLITE_LOOK = 0.001  # seconds between two looks whether it is free
CONNECT_WITHIN = 5  # seconds
PREPARE_AFTER = 2  # uses of a statement on a connection before PostgreSQL keeps its plan
LOCK_WAIT = 4  # seconds behind somebody who holds a row: a command takes milliseconds
# What every connection asks of PostgreSQL when it opens. A statement ends there before we give the
# connection up (engine/db/punctual.py); what a host that was cut off holds is let go in 15 s.
ASKED = {
    "lock_timeout": LOCK_WAIT * 1000,
    "statement_timeout": 12_000,
    "tcp_keepalives_idle": 6,
    "tcp_keepalives_interval": 3,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
POOLER = "pooler"  # in the URL's query: `transaction` for PgBouncer in that mode


@dataclass(frozen=True)
class Engines:
    """What a database is reached by.

    Writers of this process pass `turn` one after the other (SQLite only); bulk writers wait
    `pause` seconds after each commit, so that waiting people pass in between (measured), and
    commit after `bulk_slice` seconds: everybody waits for them on SQLite, on PostgreSQL only who
    wants the same rows.
    """

    writer: sa.Engine
    reader: sa.Engine
    turn: AbstractContextManager[object]
    pause: float = 0.0
    bulk_slice: float = 0.15
    begin_write: Callable[[sa.Connection], None] = lambda _connection: None
    begin_read: Callable[[sa.Connection], None] = lambda _connection: None


def open_engines(url: sa.URL) -> Engines:
    """Open SQLite or PostgreSQL.

    Raises ValueError for a database we do not run on: a mistake of the installation.
    """
    name = url.get_backend_name()
    if name == "sqlite":
        return open_sqlite(url)
    if name == "postgresql":
        return open_postgresql(url)
    raise ValueError(f"SHAODAO_DATABASE: sqlite or postgresql, not {name}")


def open_sqlite(url: sa.URL) -> Engines:
    """Two pools on one file: readers cannot write, writers take the write lock when they begin.

    A deferred transaction that writes late is refused at once when another has written since;
    BEGIN IMMEDIATE waits in line instead.
    """
    if not url.database or url.database == ":memory:":
        raise ValueError("SHAODAO_DATABASE: SQLite needs a file, all connections share it")
    return Engines(
        writer=sqlite_engine(url, pragmas=("busy_timeout = 0",)),
        reader=sqlite_engine(url, pragmas=("query_only = ON",)),
        turn=lock_of(str(Path(url.database).resolve())),
        pause=0.002,
        bulk_slice=0.03,
        begin_write=begin_immediate,
        begin_read=begin_deferred,
    )


def sqlite_engine(url: sa.URL, *, pragmas: tuple[str, ...]) -> sa.Engine:
    """Return an engine whose transactions begin when they are told to.

    By the frame (engine/db/connect.py), not by a listener: an engine with one looks for listeners
    at every statement.
    """
    engine = sa.create_engine(url, connect_args={"timeout": SQLITE_WAIT}, **POOL, **DISCREET)

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver would begin and end transactions on its own and break savepoints.
        connection.isolation_level = None
        standing = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON")
        for pragma in standing + pragmas:
            connection.execute(f"PRAGMA {pragma}")

    return engine


def begin_deferred(connection: sa.Connection) -> None:
    """Begin a transaction that only reads; the driver leaves that to us."""
    connection.exec_driver_sql("BEGIN")


def begin_immediate(connection: sa.Connection) -> None:
    """Begin a write as soon as no other process writes, looking every millisecond.

    SQLite's own waiting looks less and less often, ten times a second in the end: beside a process
    that writes all the time (an import, a drain) it misses the pause which that makes after each
    commit for seconds. Raises what the driver raises once `SQLITE_WAIT` seconds have passed.
    """
    driver: Any = connection.connection.driver_connection
    until = time.monotonic() + SQLITE_WAIT
    while True:
        try:
            driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                complain(connection, error, "BEGIN IMMEDIATE")
            time.sleep(SQLITE_LOOK)
        else:
            return


@cache
def lock_of(path: str) -> AbstractContextManager[object]:  # noqa: ARG001
    """Return the lock of a file, the same for every `Database` of this process."""
    return threading.Lock()


def open_postgresql(url: sa.URL) -> Engines:
    """One pool: writers READ COMMITTED, readers a read-only snapshot, both told by BEGIN itself.

    Behind a pooler a connection is another one after each transaction: nothing is prepared then.
    Nor is what readers ask: a list is planned for the values it is narrowed by.
    """
    kept = None if pooled(url) else PREPARE_AFTER
    engine = sa.create_engine(
        url.set(drivername="postgresql+psycopg").difference_update_query([POOLER]),
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": CONNECT_WITHIN,
            "options": asked(url),
        },
        **POOL,
        **DISCREET,
    )
    sa.event.listen(engine, "do_connect", connect_punctual)
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(
        engine,
        reader,
        nullcontext(),
        begin_write=preparing_after(kept),
        begin_read=preparing_after(None),
    )


def preparing_after(uses: int | None) -> Callable[[sa.Connection], None]:
    """Return what tells a connection after how many uses it prepares a statement, None: never."""

    def begin(connection: sa.Connection) -> None:
        driver: Any = connection.connection.driver_connection
        driver.prepare_threshold = uses

    return begin


def pooled(url: sa.URL) -> bool:
    """Tell whether connections are shared between transactions.

    Raises ValueError for a way of sharing that we cannot live with: a mistake of the installation.
    """
    way = url.query.get(POOLER)
    if way not in (None, "transaction"):
        raise ValueError(f"SHAODAO_DATABASE: pooler=transaction, not {way}")
    return way is not None


def asked(url: sa.URL) -> str:
    """Return the options of a connection: ours, then those of the URL, which win."""
    ours = " ".join(f"-c {name}={value}" for name, value in ASKED.items())
    theirs = url.query.get("options", "")
    return f"{ours} {theirs if isinstance(theirs, str) else ' '.join(theirs)}".strip()
