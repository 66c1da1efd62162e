"""Many commands in one transaction: the same road, one commit, each refusal alone."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.db.tables import event, work_item
from engine.errors import Conflict, ShaodaoError
from engine.run.commands import Command, CompleteWorkItem, StartInstance
from tests.engine.run import draw
from tests.engine.run.test_parts import CASE, LABELS, PART
from tests.engine.run.world import ROOT, World

OPEN = sa.select(work_item.c.id, work_item.c.element).where(work_item.c.status == "open")
CLOCKED = draw.process(
    "clocked",
    draw.start(),
    draw.user("answer", unit='"SZ"', sla="answer"),
    draw.end(),
    draw.flows("begin > answer", "answer > finish"),
    lanes={"dept": "begin answer finish"},
    sla="case",
)
DONE = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def test_commands_and_their_jobs_are_kept_together_at_the_end(world: World) -> None:
    world.deploy("chain", chain__bpmn=CASE, part__bpmn=PART, labels__toml=LABELS)
    units = [{"unit": f"U{n}", "kind": "assist"} for n in range(30)]
    with world.engine.batch() as batch:
        batch.execute(StartInstance(definition="chain", data={"units": units}), ROOT)
        assert len(batch.connection.execute(OPEN).all()) == 30  # more jobs than a click may do
        assert world.items() == []  # nobody else sees them yet
    assert len(world.items("handle")) == 30


def test_a_refusal_takes_back_only_its_own_command(world: World) -> None:
    world.deploy("clocked", clocked__bpmn=CLOCKED, labels__toml=DONE)
    with world.engine.batch() as batch:
        batch.execute(StartInstance(definition="clocked"), ROOT)
        (row,) = batch.connection.execute(OPEN)
        done = CompleteWorkItem(item_id=row.id, outcome="done")
        batch.execute(done, ROOT)
        with pytest.raises(Conflict):
            batch.execute(done, ROOT)
        batch.execute(StartInstance(definition="clocked"), ROOT)
    assert len(world.items(status="completed")) == 1
    assert len(world.items()) == 1


def test_an_error_leaves_nothing_of_the_whole_batch(world: World) -> None:
    world.deploy("clocked", clocked__bpmn=CLOCKED, labels__toml=DONE)

    def start_and_stumble() -> None:
        with world.engine.batch() as batch:
            batch.execute(StartInstance(definition="clocked"), ROOT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        start_and_stumble()
    assert world.items() == []


def test_a_promised_due_time_goes_before_our_limits(world: World) -> None:
    world.deploy("clocked", clocked__bpmn=CLOCKED, labels__toml=DONE)
    promised = world.clock.now() + timedelta(hours=10)
    with world.engine.batch() as batch:
        batch.promised = {"case": promised, "answer": world.clock.now()}
        batch.execute(StartInstance(definition="clocked"), ROOT)
        batch.promised = {}
        batch.execute(StartInstance(definition="clocked"), ROOT)
    case, answer, ours, _own = world.clocks()
    assert case.rule == {"rule": "fixed", "due_at": promised.isoformat()}
    assert case.due_at == promised
    assert case.warn_at == case.started_at + timedelta(hours=8)
    assert ours.due_at == ours.started_at + timedelta(days=3)
    world.worker.drain()
    assert [row.breached_at for row in world.clocks()][:2] == [None, answer.started_at]


def test_a_batch_leaves_the_trail_that_single_commands_leave(world: World) -> None:
    world.deploy("clocked", clocked__bpmn=CLOCKED, labels__toml=DONE)
    world.start("clocked")
    world.complete("answer")
    with world.engine.batch() as batch:
        batch.execute(StartInstance(definition="clocked"), ROOT)
        (row,) = batch.connection.execute(OPEN)
        batch.execute(CompleteWorkItem(item_id=row.id, outcome="done"), ROOT)
    told: dict[UUID, list[str]] = {}
    for each in world.rows(sa.select(event).order_by(event.c.instance_id, event.c.seq)):
        told.setdefault(each.instance_id, []).append(each.kind)
    single, batched = told.values()
    assert single == batched


def test_an_unknown_command_is_refused_in_a_batch_too(world: World) -> None:
    with world.engine.batch() as batch, pytest.raises(ShaodaoError) as refused:
        batch.execute(Command(), SYSTEM)
    assert refused.value.code == "command.unknown"
