"""A PostgreSQL that is connected and says nothing: given up after a while, told as unreachable.

A server that was stopped, swaps to death or hangs on its disk keeps its connections open, and the
kernel goes on acknowledging what is sent: neither keep-alives nor its own `statement_timeout` end
the waiting. So we do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg.errors import OperationalError

FOR_EVER = sa.text(
    "SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)"
)
ANSWER_WITHIN = 15.0  # seconds for one statement; a person's takes milliseconds


class Punctual(psycopg.Connection[Any]):
    """A connection that waits `answer_within` seconds for a statement, None for ever."""

    answer_within: float | None = ANSWER_WITHIN

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for an answer; close and raise OperationalError where none comes in time."""
        given = self.answer_within if timeout is None else timeout
        try:
            return super().wait(gen, interval, timeout=given)
        except psycopg.errors._WaitTimeout as error:  # noqa: SLF001 - its only name
            if timeout is not None:
                raise
            self.pgconn.finish()  # half an answer may still come: nobody may read it as his
            raise OperationalError("the database does not answer") from error


def connect_punctual(_dialect: Any, _record: Any, arguments: Any, options: Any) -> Punctual:
    """Open such a connection: for SQLAlchemy's event `do_connect`."""
    return Punctual.connect(*arguments, **options)


@contextmanager
def waiting_at_most(connection: sa.Connection, seconds: float | None) -> Iterator[None]:
    """Change how long this connection waits for a statement; SQLite has nobody to wait for.

    For ever (None), the database's own limits are lifted too, until the transaction ends.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, Punctual):
        yield
        return
    if seconds is None:
        connection.execute(FOR_EVER)
    before, driver.answer_within = driver.answer_within, seconds
    try:
        yield
    finally:
        driver.answer_within = before
