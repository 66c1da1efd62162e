"""What databases say when they cannot go on, in our own words.

PostgreSQL: SQLSTATE classes of its manual, appendix A. SQLite: primary result codes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

from engine.errors import Broken, Conflict, ShaodaoError
from engine.i18n import _

RACE_STATES = frozenset({"40001", "40P01"})  # serialisation, deadlock
LOCKED = "55P03"  # lock_timeout
TOO_SLOW = "57014"  # statement_timeout
FULL_STATES = frozenset({"53100", "25006"})  # disk full, read-only transaction or standby
GONE_CLASSES = ("08", "57P", "53300")  # connection, shutdown and start-up, too many connections

SQLITE_RACE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
SQLITE_UNWRITABLE = frozenset(
    {sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
)
SQLITE_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


class Busy(Conflict):
    """Somebody else was faster; the same work may be tried again."""

    def __init__(self) -> None:
        super().__init__("database.busy", _("系统正忙，本次操作没有保存，请稍后再试"))


class Locked(Conflict):
    """Somebody holds what the work needs, and went on holding it."""

    def __init__(self) -> None:
        super().__init__(
            "database.locked",
            _("这条记录正被其他操作占用，等了几秒仍未释放，本次操作没有保存，请稍后再试"),
        )


class TooSlow(Broken):
    """A statement took longer than anybody should wait, and was ended by the database."""

    def __init__(self) -> None:
        super().__init__("database.too_slow", _("数据库处理得太慢，本次操作没有保存，请稍后再试"))


class Unreachable(Broken):
    """No connection, or lost before the commit: nothing was kept."""

    def __init__(self) -> None:
        super().__init__("database.unreachable", _("数据库连接中断，本次操作没有保存，请稍后再试"))


class InDoubt(Broken):
    """The connection was lost during the commit: it was kept or not, and only looking tells."""

    def __init__(self) -> None:
        super().__init__(
            "database.in_doubt", _("提交时数据库连接中断，不能确定是否已保存，请刷新页面核对")
        )


class Unwritable(Broken):
    """The disk is full, read-only or failing."""

    def __init__(self) -> None:
        super().__init__(
            "database.unwritable",
            _("数据库无法写入（磁盘已满、只读或损坏），本次操作没有保存，请联系管理员"),
        )


class Damaged(Broken):
    """The SQLite file is not a database, or is torn."""

    def __init__(self) -> None:
        super().__init__("database.damaged", _("数据库文件已损坏，请联系管理员从备份恢复"))


KNOWN_STATES: Mapping[str, Callable[[], ShaodaoError]] = {
    **dict.fromkeys(RACE_STATES, Busy),
    **dict.fromkeys(FULL_STATES, Unwritable),
    LOCKED: Locked,
    TOO_SLOW: TooSlow,
}


@contextmanager
def translated() -> Iterator[None]:
    """Turn a driver's error into ours; leave what is a mistake of the caller as it is."""
    try:
        yield
    except sa.exc.TimeoutError as error:  # every pooled connection is taken
        raise Busy from error
    except sa.exc.DBAPIError as error:
        ours = refusal(error)
        if ours is None:
            raise
        raise ours from error


@contextmanager
def in_doubt() -> Iterator[None]:
    """Around a commit: a connection lost here leaves open whether the work was kept."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        if isinstance(refusal(error), Unreachable):
            raise InDoubt from error
        raise


def refusal(error: sa.exc.DBAPIError) -> ShaodaoError | None:
    """Return our refusal for a driver's error, None where it has none."""
    if isinstance(error.orig, sqlite3.Error):
        return of_sqlite(error.orig)
    return of_postgresql(error)


def of_sqlite(error: sqlite3.Error) -> ShaodaoError | None:
    """Read SQLite's primary result code (the low byte of the extended one)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in SQLITE_RACE:
        return Busy()
    if code in SQLITE_UNWRITABLE:
        return Unwritable()
    return Damaged() if code in SQLITE_DAMAGED else None


def of_postgresql(error: sa.exc.DBAPIError) -> ShaodaoError | None:
    """Read the SQLSTATE; an operational error without one never reached the server."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    known = KNOWN_STATES.get(state or "")
    if known is not None:
        return known()
    lost = error.connection_invalidated or (state or "").startswith(GONE_CLASSES)
    if lost or (state is None and isinstance(error, sa.exc.OperationalError)):
        return Unreachable()
    return None
