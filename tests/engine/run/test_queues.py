"""What a person waits for is done before what came due by the thousand; a nudge says it is there."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.db.tables import job
from engine.run import own_jobs, queues, rows
from engine.run.handlers.jobs import DOINGS
from engine.run.queues import Queue, queue_of
from engine.run.worker import BATCH
from tests.engine.run import draw
from tests.engine.run import test_parts as parts
from tests.engine.run.world import World

PAUSE = draw.process(
    "pause",
    draw.start(),
    draw.catch("rest", "PT1H"),
    draw.end(),
    draw.flows("begin > rest", "rest > finish"),
)
LATE = BATCH + 10  # timers: more than one round takes


class Heard:
    """Somebody who is told which queues have work."""

    def __init__(self) -> None:
        self.times: list[set[Queue]] = []

    def __call__(self, queues: Iterable[Queue]) -> None:
        self.times.append(set(queues))


@pytest.fixture
def heard(world: World) -> Heard:
    world.engine.nudge = heard = Heard()
    return heard


def backlog(world: World, monkeypatch: pytest.MonkeyPatch) -> UUID:
    """Let many timers come due, then call parts that the caller's own thread does not start."""
    monkeypatch.setattr(own_jobs, "MOST", 0)
    world.deploy("pause", pause__bpmn=PAUSE)
    world.deploy("chain", chain__bpmn=parts.CASE, part__bpmn=parts.PART, labels__toml=parts.LABELS)
    for _each in range(LATE):
        world.start("pause")
    world.clock.forward(hours=2)
    return world.start("chain", {"units": parts.UNITS})


def due(world: World) -> int:
    counted = sa.select(sa.func.count()).where(job.c.due_at <= world.clock.now())
    return int(world.rows(counted)[0][0])


def test_what_a_click_has_set_off_does_not_wait_behind_timers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = backlog(world, monkeypatch)
    assert world.worker.round().claimed == BATCH
    assert len(world.children(case)) == len(parts.UNITS)
    assert due(world) > 0
    world.worker.drain()
    assert due(world) == 0


def test_a_worker_for_people_leaves_timers_to_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = backlog(world, monkeypatch)
    while world.worker.round(Queue.EFFECTS).claimed:
        pass
    assert len(world.children(case)) == len(parts.UNITS)
    assert due(world) >= LATE


def test_workers_are_told_what_the_thread_of_the_click_leaves(
    world: World, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"chain__bpmn": parts.CASE, "part__bpmn": parts.PART, "labels__toml": parts.LABELS}
    world.deploy("chain", **files)
    world.start("chain", {"units": parts.UNITS})
    assert heard.times == []
    monkeypatch.setattr(own_jobs, "MOST", 0)
    world.start("chain", {"units": parts.UNITS})
    assert heard.times == [{Queue.EFFECTS}]


def test_every_kind_of_the_engine_has_its_queue() -> None:
    kinds = {*DOINGS, *rows.TIME_KINDS} - {rows.RECOMPUTE}
    assert kinds == set(queues.QUEUES)
    assert queue_of(rows.RECOMPUTE) is queue_of("readdress") is Queue.BULK
