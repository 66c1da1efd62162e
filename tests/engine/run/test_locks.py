"""On PostgreSQL: who waits for whom. A wait in a circle costs people a second each time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.open import ASKED, PREPARE_AFTER
from engine.db.punctual import waiting_at_most
from engine.errors import Broken, Conflict
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import CancelInstance
from engine.run.rows import END_CHILD, INSERT_JOBS, LOCK_INSTANCE, JobRow
from tests.engine.run import test_parts as story
from tests.engine.run.world import ROOT, World

AT_ONCE = sa.text("SET LOCAL lock_timeout = '200ms'")


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long for what somebody else holds, or for an answer."""
    monkeypatch.setitem(ASKED, "lock_timeout", 100)
    monkeypatch.setitem(ASKED, "statement_timeout", 300)


@pytest.fixture
def world(postgres_url: str, clock: ManualClock, ids: CountingIds) -> Iterator[World]:
    database = Database(postgres_url)
    world = World(database, clock, ids)
    files = {"chain__bpmn": story.CASE, "part__bpmn": story.PART, "labels__toml": story.LABELS}
    world.deploy("chain", **files)
    yield world
    database.close()


def test_a_part_that_ends_does_not_wait_for_its_caller(world: World) -> None:
    caller = world.start("chain", {"units": story.UNITS})
    told = JobRow(world.engine.ids.new(), caller, END_CHILD, world.clock.now())
    with world.engine.database.write() as held:
        LOCK_INSTANCE.read(held, {"id": caller})

        def tell() -> None:
            with world.engine.database.write() as part:
                part.execute(AT_ONCE)
                INSERT_JOBS.send(part, [told.values()])

        with ThreadPoolExecutor(1) as other:
            other.submit(tell).result()


def test_a_lock_that_is_never_let_go_is_a_sentence_and_nothing_half_done(
    hurried: None, world: World
) -> None:
    caller = world.start("chain", {"units": story.UNITS})
    before = world.kinds(caller)

    def cancel() -> None:
        world.engine.execute(CancelInstance(instance_id=caller), ROOT)

    with world.engine.database.write() as held, ThreadPoolExecutor(1) as other:
        LOCK_INSTANCE.read(held, {"id": caller})
        with pytest.raises(Conflict) as refusal:
            other.submit(cancel).result()
    assert refusal.value.code == "database.locked"
    assert world.kinds(caller) == before
    cancel()
    assert world.instance(caller).status == "cancelled"


def test_an_answer_that_takes_for_ever_is_a_sentence(hurried: None, world: World) -> None:
    slow = sa.text("SELECT pg_sleep(20)")
    with pytest.raises(Broken) as refusal, world.engine.database.write() as connection:
        connection.execute(slow)
    assert refusal.value.code == "database.too_slow"


def test_who_may_wait_for_ever_does(hurried: None, world: World) -> None:
    asked = sa.text("SHOW lock_timeout")
    with world.engine.database.write() as connection, waiting_at_most(connection, None):
        connection.execute(sa.text("SELECT pg_sleep(0.4)"))
        assert connection.scalar(asked) == "0"
    with world.engine.database.read() as connection:
        assert connection.scalar(asked) == "100ms"


def test_what_the_address_asks_of_the_database_wins(postgres_url: str) -> None:
    url = sa.make_url(postgres_url).update_query_dict({"options": "-c lock_timeout=77"})
    database = Database(url)
    with database.read() as connection:
        assert connection.scalar(sa.text("SHOW lock_timeout")) == "77ms"
        assert connection.scalar(sa.text("SHOW statement_timeout")) == "12s"
    database.close()


def test_what_commands_prepared_stays_whatever_is_read_in_between(postgres_url: str) -> None:
    database = Database(postgres_url)
    for _use in range(PREPARE_AFTER + 1):
        with database.write() as connection:
            connection.scalar(sa.select(sa.literal(1)))
    with database.read() as connection:
        for _use in range(PREPARE_AFTER * 2):
            connection.scalar(sa.select(sa.literal(2)))
    assert prepared(database) == 1, "and what is read is planned for its own values"
    database.close()


def test_behind_a_pooler_nothing_is_prepared(postgres_url: str) -> None:
    database = Database(sa.make_url(postgres_url).update_query_dict({"pooler": "transaction"}))
    for _use in range(PREPARE_AFTER * 2):
        with database.write() as connection:
            connection.scalar(sa.select(sa.literal(1)))
    assert prepared(database) == 0
    database.close()
    with pytest.raises(ValueError, match="pooler=transaction"):
        Database("postgresql://h/d?pooler=session")


def prepared(database: Database) -> int:
    """Return how many statements the connection that comes next has prepared."""
    with database.read() as connection:
        kept = connection.scalar(sa.text("SELECT count(*) FROM pg_prepared_statements"))
    return int(kept)
