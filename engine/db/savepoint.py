"""A savepoint that costs two plain statements: every command takes one.

SQLAlchemy's own is named anew each time and compiled each time; ours always has the same name,
which both databases allow to be nested: the innermost is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection

SET: Final = "SAVEPOINT command"
BACK: Final = "ROLLBACK TO SAVEPOINT command"
FORGET: Final = "RELEASE SAVEPOINT command"


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """Take back on any exception what was done inside, and only that.

    Where even that fails, the failure of the database is raised: nothing may be committed then.
    """
    connection.exec_driver_sql(SET)
    try:
        yield
    except BaseException:
        if not connection.invalidated:  # a connection that is gone took the transaction with it
            connection.exec_driver_sql(BACK)
            connection.exec_driver_sql(FORGET)
        raise
    connection.exec_driver_sql(FORGET)
