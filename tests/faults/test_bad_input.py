"""What should never be stored, and is: a sentence or an incident names it, and the rest goes on.

Rows are bent as a bad restore or a hand in the database would bend them: past all constraints.
Messages that a broker replays: tests/processes/cluster; clocks apart: tests/faults/test_trouble.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from engine.db.tables import definition, event, instance, job
from engine.errors import Broken
from engine.run.commands import RetryIncident
from engine.run.library import Library
from engine.run.queues import Queue
from engine.run.worker import ATTEMPTS, LEASE, Worker
from tests.engine.run import draw
from tests.engine.run.conftest import make_world
from tests.engine.run.world import ROOT, World

__all__ = ["make_world"]

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'
WAIT = draw.process(
    "wait",
    draw.start(),
    draw.user("handle", unit='"SZ"'),
    draw.boundary("late", "handle", "PT1H", interrupting=False),
    draw.end(),
    draw.end("urged"),
    draw.flows("begin > handle", "handle > finish", "late > urged"),
    lanes={"dept": "begin handle late finish urged"},
)
UNBOUND = {
    "sqlite": "PRAGMA foreign_keys = OFF",
    "postgresql": "SET session_replication_role = replica",
}
DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    world = make_world()
    world.deploy("wait", wait__bpmn=WAIT, labels__toml=LABELS)
    return world


def bend(world: World, statement: Any) -> None:
    """Change rows past all constraints."""
    database = world.engine.database
    engine = sa.create_engine(database.url.set(drivername=DRIVERS[database.dialect]))
    with engine.connect() as connection:
        connection.exec_driver_sql(UNBOUND[database.dialect])
        connection.execute(statement)
        connection.commit()
    engine.dispose()


def give_up(world: World) -> list[str]:
    """Let the worker try until it gives up; return the codes of jobs that nothing is left of."""
    with capture_logs() as lines:
        for _attempt in range(ATTEMPTS):
            world.worker.drain()
            world.clock.forward(minutes=2)
    return [line["code"] for line in lines if line["event"] == "job.given_up"]


def two_cases_come_due(world: World) -> tuple[UUID, UUID]:
    bad, good = world.start("wait"), world.start("wait")
    world.clock.forward(hours=1)
    return bad, good


def fired(world: World, case: UUID) -> int:
    return world.kinds(case).count("timer.fired")


def retry(world: World) -> None:
    world.engine.execute(RetryIncident(incident_id=world.incidents()[0].id), ROOT)
    world.worker.drain()


@pytest.mark.parametrize(
    ("state", "code"),
    [(b"\xff", "instance.state_unknown"), (b"\x02{", "instance.state_damaged")],
)
def test_a_state_that_does_not_load_stops_its_case_alone(
    world: World, state: bytes, code: str
) -> None:
    bad, good = two_cases_come_due(world)
    kept = world.instance(bad).state
    of_bad = sa.update(instance).where(instance.c.id == bad)
    bend(world, of_bad.values(state=state))
    with pytest.raises(Broken) as refusal:
        world.complete("handle", instance_id=bad)
    assert refusal.value.code == code

    give_up(world)
    assert [each.code for each in world.incidents()] == [code]
    assert (fired(world, bad), fired(world, good)) == (0, 1)
    bend(world, of_bad.values(state=kept))
    retry(world)
    assert (world.incidents(), fired(world, bad)) == ([], 1)


def test_a_definition_that_is_gone_stops_its_cases_and_loses_nothing(world: World) -> None:
    old, _other = two_cases_come_due(world)
    used = world.instance(old).definition_id
    (row,) = world.rows(sa.select(definition).where(definition.c.id == used))
    bend(world, sa.delete(definition).where(definition.c.id == used))
    world.engine.library = Library()  # as after a restart
    with pytest.raises(Broken) as refusal:
        world.complete("handle", instance_id=old)
    assert refusal.value.code == "definition.missing"

    give_up(world)
    assert {each.code for each in world.incidents()} == {"definition.missing"}
    bend(world, sa.insert(definition).values(row._asdict()))
    retry(world)
    retry(world)
    assert world.incidents() == []
    assert fired(world, old) == 1
    world.complete("handle", instance_id=old)
    assert world.instance(old).status == "completed"


def test_a_job_of_an_instance_that_is_gone_is_named_and_stands_in_nobody_s_way(
    world: World,
) -> None:
    bad, good = two_cases_come_due(world)
    bend(world, sa.delete(instance).where(instance.c.id == bad))
    assert give_up(world) == ["instance.unknown"]
    assert fired(world, good) == 1
    assert [row.status for row in world.jobs() if row.instance_id == bad] == ["failed"]


def test_of_two_workers_with_one_job_the_slow_one_finds_it_done(world: World) -> None:
    case, _other = two_cases_come_due(world)
    slow, quick = (Worker(world.engine, name=name) for name in ("slow", "quick"))
    held = slow._claim(Queue.BULK)
    assert quick.round().claimed == 0
    world.clock.forward(seconds=LEASE / timedelta(seconds=1))
    assert quick.drain().claimed == len(held) == 2
    for row in held:
        assert slow._do(row)
    assert fired(world, case) == 1


def test_who_lost_a_job_does_not_put_it_off_for_its_new_owner(world: World) -> None:
    two_cases_come_due(world)
    slow, quick = (Worker(world.engine, name=name) for name in ("slow", "quick"))
    held = slow._claim(Queue.BULK)
    world.clock.forward(seconds=LEASE / timedelta(seconds=1))
    taken = {row.id for row in quick._claim(Queue.BULK)}
    for row in held:
        slow._note_failure(row, "job.failed", "too late")
    leases = world.rows(sa.select(job.c.id, job.c.lease_owner).where(job.c.id.in_(taken)))
    assert {row.lease_owner for row in leases} == {"quick"}


def test_a_clock_that_jumps_back_fires_nothing_twice_and_turns_no_order_round(world: World) -> None:
    case, _other = two_cases_come_due(world)
    world.worker.drain()
    world.clock.forward(hours=-5)
    world.complete("handle", instance_id=case)
    world.worker.drain()
    query = sa.select(event.c.at).where(event.c.instance_id == case).order_by(event.c.seq)
    instants = [row.at for row in world.rows(query)]
    assert instants == sorted(instants)
    assert fired(world, case) == 1
    assert world.instance(case).status == "completed"
