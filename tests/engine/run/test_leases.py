"""A worker that was killed leaves leases; its successor on the same machine does not wait for them."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.db.tables import job
from engine.run.leases import free_left, worker_name
from engine.run.worker import LEASE, Worker
from tests.engine.run import draw
from tests.engine.run.world import World

WAIT = draw.process(
    "wait",
    draw.start(),
    draw.catch("pause", "PT1H"),
    draw.end(),
    draw.flows("begin > pause", "pause > finish"),
    lanes={"dept": "begin pause finish"},
)


@pytest.fixture
def leased(world: World) -> World:
    """A timer that is due, in a world where somebody can lease it."""
    world.deploy("wait", wait__bpmn=WAIT)
    world.start("wait")
    world.clock.forward(hours=1)
    return world


def lease(world: World, owner: str) -> None:
    with world.engine.database.write() as connection:
        until = world.clock.now() + LEASE
        connection.execute(sa.update(job).values(lease_owner=owner, lease_until=until))


def gone() -> str:
    """Name a worker of this machine that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return f"{socket.gethostname()}-{process.pid}"


def test_what_a_dead_worker_had_leased_is_done_by_the_next_at_once(leased: World) -> None:
    lease(leased, gone())
    assert leased.worker.drain().claimed == 0
    successor = Worker(leased.engine, name=worker_name())
    successor._chores = (successor.stop,)
    thread = threading.Thread(target=successor.run)
    thread.start()
    thread.join(10)
    assert leased.jobs() == []


@pytest.mark.parametrize("owner", [f"{socket.gethostname()}-1", "elsewhere-4711", "odd"])
def test_the_lease_of_who_may_live_is_left_to_run_out(leased: World, owner: str) -> None:
    lease(leased, owner)
    with leased.engine.database.write() as connection:
        assert free_left(connection, leased.clock.now()) == 0
    leased.clock.forward(seconds=LEASE / timedelta(seconds=1))
    assert leased.worker.drain().claimed == 1


def test_what_a_round_of_ours_left_when_it_broke_off_is_taken_up_again(leased: World) -> None:
    lease(leased, worker_name())
    with leased.engine.database.write() as connection:
        assert free_left(connection, leased.clock.now()) == 1
