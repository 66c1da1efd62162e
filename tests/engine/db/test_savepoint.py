"""A savepoint takes back what failed inside it, and nothing around it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.savepoint import savepoint


class Stumbled(Exception):
    """What went wrong inside."""


NUMBERS = sa.table("number", sa.column("n"))


def fail_after(connection: sa.Connection, number: int) -> None:
    with savepoint(connection):
        connection.execute(NUMBERS.insert(), {"n": number})
        raise Stumbled


def test_only_what_failed_is_taken_back_however_deep(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        with savepoint(connection):
            connection.execute(NUMBERS.insert(), {"n": 1})
            with pytest.raises(Stumbled):
                fail_after(connection, 2)
            connection.execute(NUMBERS.insert(), {"n": 3})
        with pytest.raises(Stumbled):
            fail_after(connection, 4)
    with database.read() as connection:
        kept = connection.scalars(sa.select(NUMBERS.c.n).order_by(NUMBERS.c.n)).all()
    assert kept == [1, 3]


def test_a_statement_that_the_database_refuses_leaves_the_rest_alone(database: Database) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("CREATE TABLE number (n INTEGER PRIMARY KEY)")
        connection.execute(NUMBERS.insert(), {"n": 1})
        with pytest.raises(sa.exc.IntegrityError), savepoint(connection):
            connection.execute(NUMBERS.insert(), {"n": 1})
        connection.execute(NUMBERS.insert(), {"n": 2})
    with database.read() as connection:
        assert len(connection.scalars(sa.select(NUMBERS.c.n)).all()) == 2
