"""A task for many people: an item, a unit and a clock for each of them, inside one instance."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.engine.run import draw
from tests.engine.run.test_parts import LABELS, UNITS
from tests.engine.run.world import World

EACH = (
    '<bpmn:multiInstanceLoopCharacteristics isSequential="false"><bpmn:completionCondition>'
    'answer.outcome == "unsolved"</bpmn:completionCondition>'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
CASE = draw.process(
    "case",
    draw.start(),
    draw.node(
        "userTask",
        "answer",
        EACH,
        outcomes="solved unsolved",
        unit="item.unit",
        sla="answer",
        collection="units",
    ),
    draw.user("check", unit='"C1"'),
    draw.end(),
    draw.flows("begin > answer", "answer > check", "check > finish"),
    lanes={"department": "answer", "community": "begin check finish"},
)


@pytest.fixture
def case(world: World) -> UUID:
    world.deploy("case", case__bpmn=CASE, labels__toml=LABELS)
    return world.start("case", {"units": UNITS})


def test_each_has_an_item_and_a_clock_of_its_own(world: World, case: UUID) -> None:
    items = world.items("answer")
    assert sorted(row.unit for row in items) == ["CG", "SZ"]
    clocks = [(row.token, row.holder) for row in world.clocks()]
    assert sorted(clocks) == sorted((row.token, row.unit) for row in items)
    assert all(row.due_at is not None for row in items)


def test_the_answers_stand_in_the_order_of_the_units(world: World, case: UUID) -> None:
    world.complete("answer", "solved", unit="CG")
    assert world.open_elements() == ["answer"]
    world.complete("answer", "solved", unit="SZ")
    assert world.open_elements() == ["check"]
    outcomes = [each["outcome"] for each in world.data(case)["answer"]["results"]]
    assert outcomes == ["solved", "solved"]
    assert not world.incidents()


def test_one_that_is_enough_takes_the_others_away(world: World, case: UUID) -> None:
    world.complete("answer", "unsolved", unit="CG")
    assert world.open_elements() == ["check"]
    assert [row.unit for row in world.items("answer", status="cancelled")] == ["SZ"]
