"""Statements that go to the driver as compiled mean what they would mean through SQLAlchemy."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam, insert, select, update

from benchmarks.counting import statements
from engine.db.connect import Database
from engine.db.failures import Unreachable
from engine.db.prepared import Prepared, pipelined, read_all
from engine.db.tables import command_receipt, instance, outbox
from tests.conftest import Postgres

AT = datetime(2026, 3, 2, 1, 0, 0, 123456, tzinfo=UTC)
PUT = Prepared(insert(outbox))
GET = Prepared(
    select(outbox).where(outbox.c.topic == bindparam("topic")).order_by(outbox.c.id).limit(2)
)
SENT = Prepared(
    update(outbox).where(outbox.c.id == bindparam("b_id")).values(sent_at=bindparam("b_at"))
)


def letter(number: int, topic: str = "notify") -> dict[str, object]:
    return {
        "id": UUID(int=number),
        "topic": topic,
        "data": {"到": [number]},
        "created_at": AT,
        "sent_at": None,
        "attempts": 0,
    }


def test_what_is_sent_comes_back_in_the_types_of_its_columns(database: Database) -> None:
    with database.write() as connection:
        with pipelined(connection):
            PUT.send(connection, [letter(1), letter(2), letter(3)])
            PUT.send(connection, [letter(4, "other")])
            SENT.send(connection, [{"b_id": UUID(int=2), "b_at": AT}])
            SENT.send(connection, [])
        rows = GET.read(connection, {"topic": "notify"})
    with database.read() as connection:
        assert rows == connection.execute(GET.statement, {"topic": "notify"}).all()
        first, second = rows
        assert (first.id, first.data, first.created_at) == (UUID(int=1), {"到": [1]}, AT)
        assert (first.sent_at, second.sent_at) == (None, AT)


def test_several_questions_are_answered_apart_and_in_order(database: Database) -> None:
    with database.write() as connection:
        PUT.send(connection, [letter(1), letter(2, "other")])
        some, none, other = read_all(
            connection,
            (GET, {"topic": "notify"}),
            (GET, {"topic": "nothing"}),
            (GET, {"topic": "other"}),
        )
    assert ([row.id.int for row in some], none, [row.id.int for row in other]) == ([1], [], [2])


def test_who_counts_statements_hears_them(database: Database) -> None:
    with database.write() as connection, statements() as sent:
        PUT.send(connection, [letter(1), letter(2)])
        read_all(connection, (GET, {"topic": "notify"}), (GET, {"topic": "other"}))
    assert [text.split()[0] for text in sent] == ["INSERT", "SELECT", "SELECT"]


@pytest.mark.parametrize("together", [False, True])
def test_a_refusal_of_the_database_is_sqlalchemys_own(
    database: Database, *, together: bool
) -> None:
    with database.write() as connection:
        PUT.send(connection, [letter(1)])

    def twice() -> None:
        with database.write() as connection:
            if not together:
                PUT.send(connection, [letter(2), letter(1)])
            with pipelined(connection):
                PUT.send(connection, [letter(2), letter(1)])

    with pytest.raises(sa.exc.IntegrityError):
        twice()
    with database.read() as connection:
        assert len(GET.read(connection, {"topic": "notify"})) == 1


def test_values_that_do_not_fit_the_statement_are_a_mistake_of_ours(database: Database) -> None:
    with database.write() as connection:
        PUT.send(connection, [letter(1)])
        with pytest.raises(KeyError, match="surplus"):
            PUT.send(connection, [{**letter(2), "surplus": 1}])
        with pytest.raises(KeyError):
            GET.read(connection, {})


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (insert(instance), {"id": UUID(int=1)}),
        (
            select(command_receipt).where(
                command_receipt.c.key.in_(bindparam("k", expanding=True))
            ),
            {"k": ["a"]},
        ),
    ],
)
def test_defaults_and_lists_are_left_to_sqlalchemy(
    database: Database, statement: sa.Executable, given: dict[str, object]
) -> None:
    with database.write() as connection, pytest.raises(AssertionError):
        Prepared(statement).read(connection, given)


def test_a_connection_that_was_cut_is_given_up_and_replaced(
    postgres: Postgres, postgres_url: str
) -> None:
    database = Database(postgres_url)

    def ask() -> list[list[object]]:
        with database.write() as connection:
            return read_all(connection, (GET, {"topic": "notify"}))

    assert ask() == [[]]
    postgres.kill_connections(postgres_url)
    with pytest.raises(Unreachable):
        ask()
    assert ask() == [[]]
    database.close()
