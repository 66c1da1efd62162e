"""A sub-process for many: each round is an instance of its own, with all that stands around it."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.engine.run import draw
from tests.engine.run.test_parts import LABELS, UNITS
from tests.engine.run.world import World

CASE = draw.process(
    "case",
    draw.start(),
    draw.sub(
        "each",
        draw.start("in_begin"),
        draw.user("handle", "solved unsolved", unit="item.unit", sla="answer"),
        draw.end("in_end"),
        draw.flows("in_begin > handle", "handle > in_end"),
        many=True,
        collection="units",
        unit="item.unit",
        out="result = handle.outcome; who = item.unit; street = street",
    ),
    draw.boundary("too_late", "each", "P3D"),
    draw.script("sum_up", "seen = each.results"),
    draw.user("check", unit='"C1"'),
    draw.end(),
    draw.end("dropped"),
    draw.flows("begin > each", "each > sum_up", "sum_up > check", "check > finish"),
    draw.flows("too_late > dropped"),
    lanes={"community": "begin each too_late sum_up check finish dropped"},
    sla="case",
)


@pytest.fixture
def case(world: World) -> UUID:
    world.deploy("case", case__bpmn=CASE, labels__toml=LABELS)
    return world.start("case", {"units": UNITS, "street": "QY"}, priority=1)


def test_each_round_is_an_instance_with_its_items_and_clocks(world: World, case: UUID) -> None:
    rounds = world.children(case)
    assert [(row.process, row.unit) for row in rounds] == [("case#each", "SZ"), ("case#each", "CG")]
    assert {(row.unit, row.priority) for row in world.items("handle")} == {("SZ", 1), ("CG", 1)}
    clocks = [(row.instance_id, row.code) for row in world.clocks()]
    assert clocks.count((case, "case")) == 1
    assert {(row.id, "answer") for row in rounds} < set(clocks)
    assert len(clocks) == 3, "the process's own clock runs once, not in each round"


def test_an_item_says_whose_step_it_is_as_its_instance_does(world: World, case: UUID) -> None:
    for unit in ("SZ", "CG"):
        world.complete("handle", "solved", unit=unit)
    items = [*world.items("handle", "completed"), *world.items("check")]
    assert [item.process for item in items] == ["case#each", "case#each", "case"]
    for item in items:
        of = world.instance(item.instance_id)
        assert (item.definition_id, item.process) == (of.definition_id, of.process)


def test_results_stand_in_the_order_of_the_items(world: World, case: UUID) -> None:
    world.complete("handle", "unsolved", unit="CG")
    world.complete("handle", "solved", unit="SZ")

    assert world.open_elements() == ["check"]
    expected = [
        {"result": "solved", "who": "SZ", "street": "QY"},
        {"result": "unsolved", "who": "CG", "street": "QY"},
    ]
    assert world.data(case)["seen"] == expected
    world.complete("check")
    assert world.instance(case).status == "completed"


def test_a_deadline_takes_the_rounds_back(world: World, case: UUID) -> None:
    world.complete("handle", "solved", unit="SZ")
    world.clock.forward(days=3)
    world.worker.drain()

    assert [row.status for row in world.children(case)] == ["completed", "cancelled"]
    assert world.instance(case).status == "completed"
    assert world.open_elements() == []
    assert world.jobs() == []


def test_an_error_of_one_round_is_caught_on_the_drawn_sub_process(world: World) -> None:
    drawn = draw.process(
        "case",
        draw.start(),
        draw.sub(
            "each",
            draw.start("in_begin"),
            draw.user("handle", unit="item.unit"),
            draw.node("endEvent", "refuse", draw.event("error", "refused")),
            draw.flows("in_begin > handle", "handle > refuse"),
            many=True,
            collection="units",
            unit="item.unit",
        ),
        draw.on("caught", "each", draw.event("error", "refused")),
        draw.user("mend", unit='"C1"'),
        draw.end(),
        draw.flows("begin > each", "each > finish", "caught > mend", "mend > finish"),
        lanes={"community": "begin each caught mend finish"},
    )
    world.deploy("case", case__bpmn=draw.declare(drawn, error="refused"), labels__toml=LABELS)
    top = world.start("case", {"units": UNITS})
    world.complete("handle", unit="SZ")

    assert world.open_elements() == ["mend"]
    assert [row.status for row in world.children(top)] == ["failed", "cancelled"]
