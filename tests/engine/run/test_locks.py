"""On PostgreSQL: who waits for whom. A wait in a circle costs people a second each time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.rows import END_CHILD, INSERT_JOBS, LOCK_INSTANCE, JobRow
from tests.engine.run import test_parts as story
from tests.engine.run.world import World

AT_ONCE = sa.text("SET LOCAL lock_timeout = '200ms'")


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
