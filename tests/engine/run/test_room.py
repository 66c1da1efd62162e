"""Calls that go round and round, and cases that grow and grow, stop with an incident."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.db.tables import instance
from engine.errors import Invalid
from engine.run import room
from engine.run.commands import DeployFolder
from tests.engine.run import draw
from tests.engine.run.world import World


def calling(name: str, called: str, *, count: str = "") -> str:
    """A process that calls another if `more` is set."""
    given = {"in": "more = more"} | ({"collection": count} if count else {})
    return draw.process(
        name,
        draw.start(),
        draw.exclusive("choice", default="choice_finish"),
        draw.call("again", called, many=bool(count), **given),
        draw.end(),
        draw.flows("begin > choice", "choice > again : more", "choice > finish", "again > finish"),
    )


def test_a_process_that_calls_itself_stops_at_the_deepest(world: World) -> None:
    world.deploy("chain", chain__bpmn=calling("chain", "chain"))

    case = world.start("chain", {"more": True})
    world.worker.drain()

    every = world.rows(sa.select(instance.c.id).where(instance.c.root_id == case))
    assert len(every) == room.DEEPEST
    (stopped,) = world.incidents()
    assert (stopped.code, stopped.element) == ("instance.too_deep", "again")


def test_a_process_that_surely_calls_itself_is_not_deployed(world: World) -> None:
    drawn = draw.process(
        "chain",
        draw.start(),
        draw.call("again", "chain"),
        draw.end(),
        draw.flows("begin > again", "again > finish"),
    )
    with pytest.raises(Invalid) as refusal:
        world.deploy("chain", chain__bpmn=drawn)
    assert "call.endless" in {each.code for each in refusal.value.details["findings"]}


def test_two_files_that_call_each_other_are_not_deployed(world: World) -> None:
    one, other = (
        draw.process(
            name,
            draw.start(),
            draw.call("turn", called),
            draw.end(),
            draw.flows("begin > turn", "turn > finish"),
        )
        for name, called in (("chain", "pong"), ("pong", "chain"))
    )
    files = {"chain.bpmn": one.encode(), "pong.bpmn": other.encode()}
    with pytest.raises(Invalid) as refusal:
        world.engine.execute(DeployFolder(folder="chain", files=files), SYSTEM)
    assert [each.code for each in refusal.value.details["findings"]] == ["call.endless"] * 2


def test_a_case_has_only_so_many_instances(
    make_world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_INSTANCES", 10)
    world = make_world()
    part = draw.process("part", draw.start(), draw.end(), draw.flows("begin > finish"))
    world.deploy("chain", chain__bpmn=calling("chain", "part", count="many"), part__bpmn=part)

    case = world.start("chain", {"more": True, "many": list(range(12))})
    world.worker.drain()

    assert len(world.children(case)) == 9
    assert {each.code for each in world.incidents()} == {"instance.too_many"}
