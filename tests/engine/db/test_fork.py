"""A server that forks its workers shares no connection with them."""

from __future__ import annotations

import os

import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.tables import job

COUNT = sa.select(sa.func.count()).select_from(job)


def in_a_child(database: Database) -> int:
    """Use the database in a forked process, in the middle of a transaction of ours."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with database.read() as connection:
                code = int(connection.scalar(COUNT) != 0)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_child_opens_connections_of_its_own(database: Database) -> None:
    with database.read() as connection:
        assert connection.scalar(COUNT) == 0
        assert in_a_child(database) == 0
        assert connection.scalar(COUNT) == 0, "the parent's connection is as it was"


def test_a_child_does_not_wait_for_a_lock_its_parent_held(database: Database) -> None:
    with database.write():
        assert in_a_child(database) == 0
