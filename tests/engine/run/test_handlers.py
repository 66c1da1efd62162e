"""Event sub-processes on a real database: armed with their scope, closed with it."""

from __future__ import annotations

from datetime import timedelta

from tests.engine.run import draw
from tests.engine.run.world import World

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'
WATCHED = draw.process(
    "watched",
    draw.start(),
    draw.user("handle", unit='"SZ"'),
    draw.end(),
    draw.flows("begin > handle", "handle > finish"),
    draw.node(
        "subProcess",
        "hurry",
        draw.node(
            "startEvent",
            "hourly",
            draw.timer("R/PT1H", kind="timeCycle"),
            attrs='isInterrupting="false"',
        ),
        draw.user("urge", unit='"SZ"'),
        draw.flows("hourly > urge"),
        attrs='triggeredByEvent="true"',
    ),
    draw.node(
        "subProcess",
        "give_up",
        draw.node("startEvent", "daily", draw.timer("P1D")),
        draw.user("explain", unit='"SZ"'),
        draw.flows("daily > explain"),
        attrs='triggeredByEvent="true"',
    ),
    lanes={"dept": "begin handle finish hurry give_up"},
)


def test_one_beside_comes_every_hour_and_goes_with_its_case(world: World) -> None:
    world.deploy("watched", watched__bpmn=WATCHED, labels__toml=LABELS)
    case = world.start("watched")
    for _hour in range(2):
        world.clock.forward(hours=1)
        world.worker.drain()
    assert world.open_elements() == ["handle", "urge", "urge"]

    world.complete("handle")
    for item in world.items("urge"):
        world.complete("urge", id=item.id)

    assert world.instance(case).status == "completed"
    assert world.jobs() == []


def test_one_that_interrupts_takes_the_place_of_the_case(world: World) -> None:
    world.deploy("watched", watched__bpmn=WATCHED, labels__toml=LABELS)
    case = world.start("watched")
    started = world.clock.now()
    world.clock.forward(days=1, minutes=5)
    world.worker.drain()

    assert world.open_elements() == ["explain"]
    assert world.item("explain").opened_at == started + timedelta(days=1)
    assert world.jobs() == []
    world.complete("explain")
    assert world.instance(case).status == "completed"
