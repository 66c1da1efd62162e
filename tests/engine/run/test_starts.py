"""Starts that nobody clicks: by time."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import Invalid
from tests.engine.run import draw
from tests.engine.run.world import World

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'


def patrol(when: str, kind: str, unit: str = "SZ") -> str:
    return draw.process(
        "patrol",
        draw.node("startEvent", "morning", draw.timer(when, kind=kind)),
        draw.user("walk", unit=f'"{unit}"'),
        draw.end(),
        draw.flows("morning > walk", "walk > finish"),
        lanes={"dept": "morning walk finish"},
    )


def deploy(world: World, *drawn: str) -> dict[str, Any]:
    return world.deploy("patrol", patrol__bpmn=patrol(*drawn), labels__toml=LABELS)


def test_a_cycle_starts_an_instance_each_time(world: World) -> None:
    begun = world.clock.now()
    deploy(world, "R3/PT8H", "timeCycle")
    assert world.items() == []

    world.clock.forward(hours=8)
    world.worker.drain()
    (item,) = world.items("walk")
    assert (item.opened_at - begun).total_seconds() == 8 * 3600
    for _round in range(4):
        world.clock.forward(hours=8)
        world.worker.drain()
    assert len(world.items("walk")) == 3
    assert world.jobs() == []


def test_starts_an_outage_swallowed_are_not_made_up_for(world: World) -> None:
    begun = world.clock.now()
    deploy(world, "R/PT8H", "timeCycle")
    world.clock.forward(hours=26)
    world.worker.drain()

    assert len(world.items("walk")) == 1
    (job,) = world.jobs()
    assert (job.due_at - begun).total_seconds() == 32 * 3600


def test_a_new_version_takes_over(world: World) -> None:
    deploy(world, "PT8H", "timeDuration")
    deploy(world, "PT9H", "timeDuration", "CG")
    world.clock.forward(hours=10)
    world.worker.drain()
    assert [row.unit for row in world.items("walk")] == ["CG"]


def test_a_date_that_has_passed_starts_nothing(world: World) -> None:
    deploy(world, "2020-01-01T00:00:00Z", "timeDate")
    assert world.jobs() == []


@pytest.mark.parametrize("text", ["1 + 1", "wait_time"])
def test_a_text_that_is_no_time_before_there_are_data_is_refused(world: World, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        deploy(world, text, "timeDuration")
    (found,) = refusal.value.details["findings"]
    assert (found.element, found.code) == ("morning", "timer.not_a_time")


def test_a_start_by_condition_is_refused_at_deploy(world: World) -> None:
    drawn = draw.process(
        "watch",
        draw.node(
            "startEvent",
            "rain",
            "<bpmn:conditionalEventDefinition><bpmn:condition>wet"
            "</bpmn:condition></bpmn:conditionalEventDefinition>",
        ),
        draw.end(),
        draw.flows("rain > finish"),
    )
    with pytest.raises(Invalid) as refusal:
        world.deploy("watch", watch__bpmn=drawn)
    assert "start.condition" in {each.code for each in refusal.value.details["findings"]}
