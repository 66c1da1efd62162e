"""Many timers due in one second go on in few transactions, and each as if it were alone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.db.open import ASKED
from engine.db.tables import instance
from engine.run.commands import CancelInstance, CatchUp
from engine.run.library import Library
from engine.run.rows import LOCK_INSTANCE
from engine.run.together import FIRST_SIZE, catch_up_together
from tests.engine.run import draw
from tests.engine.run import test_parts as parts
from tests.engine.run.world import ROOT, World

MANY = 6
URGED = draw.process(
    "urged",
    draw.start(),
    draw.user("handle", unit='"SZ"'),
    draw.boundary("late", "handle", "R3/PT1H", interrupting=False, kind="timeCycle"),
    draw.end(),
    draw.end("told"),
    draw.flows("begin > handle", "handle > finish", "late > told"),
    lanes={"dept": "begin handle late finish told"},
)
CALLS = draw.process(
    "calls",
    draw.start(),
    draw.catch("rest", "PT1H"),
    draw.call("help", "part"),
    draw.end(),
    draw.flows("begin > rest", "rest > help", "help > finish"),
)


@pytest.fixture
def cases(world: World) -> list[UUID]:
    """Cases whose reminder is due."""
    world.deploy("urged", urged__bpmn=URGED, labels__toml=draw.outcome_words(["done"]))
    started = [world.start("urged") for _each in range(MANY)]
    world.clock.forward(hours=1)
    return started


@contextmanager
def commits(world: World) -> Iterator[list[str]]:
    """Count the transactions that are kept meanwhile."""
    kept: list[str] = []

    def note(_connection: Any) -> None:
        kept.append("kept")

    engine = world.engine.database._engines.writer
    sa.event.listen(engine, "commit", note)
    try:
        yield kept
    finally:
        sa.event.remove(engine, "commit", note)


def fired(world: World, case: UUID) -> int:
    return world.kinds(case).count("timer.fired")


def test_what_is_due_together_is_kept_together_and_told_of_each(
    world: World, cases: list[UUID]
) -> None:
    with commits(world) as kept:
        assert world.worker.round().claimed == MANY
    assert len(kept) == 2  # the claim, and all of them
    alone = world.start("urged")
    world.clock.forward(hours=1)
    world.engine.execute(CatchUp(instance_id=alone), ROOT)

    assert [fired(world, case) for case in cases] == [1] * MANY
    assert {tuple(world.kinds(case)) for case in cases} == {tuple(world.kinds(alone))}


def test_where_there_is_no_time_for_all_each_slice_is_kept(
    world: World, cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(world.engine.database), "bulk_slice", 0.0)
    with commits(world) as kept:
        world.worker.round()
    assert len(kept) == 1 + MANY
    assert [fired(world, case) for case in cases] == [1] * MANY


def test_one_that_fails_takes_nobody_with_it(world: World, cases: list[UUID]) -> None:
    bad, *good = cases
    with world.engine.database.write() as connection:
        broken = sa.update(instance).where(instance.c.id == bad).values(state=b"\xff")
        connection.execute(broken)
    world.engine.library = Library()
    assert world.worker.round().failed == 1
    assert [fired(world, case) for case in good] == [1] * (MANY - 1)
    (left,) = (row for row in world.jobs() if row.due_at <= world.clock.now())
    assert (left.instance_id, left.attempts, left.lease_owner) == (bad, 1, None)
    assert left.lease_until > world.clock.now()


def test_who_ended_meanwhile_is_left_out(world: World, cases: list[UUID]) -> None:
    gone, *others = cases
    world.engine.execute(CancelInstance(instance_id=gone), ROOT)
    at = catch_up_together(world.engine, cases)
    assert (at.out, at.left) == ([gone], [])
    assert set(at.done) == set(others)
    assert at.next_size > len(others)


def test_what_follows_is_done_after_the_commit(world: World) -> None:
    world.deploy("calls", calls__bpmn=CALLS, part__bpmn=parts.PART, labels__toml=parts.LABELS)
    callers = [world.start("calls") for _each in range(FIRST_SIZE)]
    world.clock.forward(hours=1)
    assert world.worker.round().failed == 0
    assert [len(world.children(each)) for each in callers] == [1] * FIRST_SIZE


def test_who_is_at_work_on_a_case_is_not_waited_for(
    world: World, cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    database = world.engine.database
    if database.dialect != "postgresql":
        pytest.skip("on SQLite nobody else writes meanwhile")
    monkeypatch.setitem(ASKED, "lock_timeout", 100)
    held, *others = cases
    with database.write() as somebody, ThreadPoolExecutor(1) as worker:
        LOCK_INSTANCE.read(somebody, {"id": held})
        assert worker.submit(catch_up_together, world.engine, cases).result().out == [held]
    assert [fired(world, case) for case in others] == [1] * (MANY - 1)
    assert fired(world, held) == 0
    world.worker.drain()
    assert fired(world, held) == 1
