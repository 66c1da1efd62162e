"""Many at once: what one of them costs and sees does not depend on how many the others are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from benchmarks.counting import statements
from engine.db.tables import child_item, passed_value
from tests.engine.run import draw
from tests.engine.run.test_parts import LABELS
from tests.engine.run.world import World

CASE = draw.process(
    "case",
    draw.start(),
    draw.sub(
        "each",
        draw.start("in_begin"),
        draw.user("handle", "solved unsolved", unit="item.unit"),
        draw.script("count", "known = len(units)"),
        draw.end("in_end"),
        draw.flows("in_begin > handle", "handle > count", "count > in_end"),
        many=True,
        collection="units",
        unit="item.unit",
        out="known = known; street = street",
    ),
    draw.boundary("too_late", "each", "P3D"),
    draw.user("check", unit='"C1"'),
    draw.end(),
    draw.end("dropped"),
    draw.flows("begin > each", "each > check", "check > finish", "too_late > dropped"),
    lanes={"community": "begin each too_late check finish dropped"},
)
BRANCHES = 12
SPLIT = draw.process(
    "split",
    draw.start(),
    draw.node("parallelGateway", "fork"),
    draw.node("parallelGateway", "join"),
    *(draw.user(f"a{n}", unit='"SZ"') for n in range(BRANCHES)),
    draw.end(),
    draw.flows(
        "begin > fork",
        "join > finish",
        *(f"fork > a{n}" for n in range(BRANCHES)),
        *(f"a{n} > join" for n in range(BRANCHES)),
    ),
    lanes={"dept": " ".join(f"a{n}" for n in range(BRANCHES))},
)


def units(count: int) -> list[dict[str, str]]:
    return [{"unit": f"U{n}", "note": "x" * 100} for n in range(count)]


def started(world: World, count: int) -> Any:
    case = world.start("case", {"units": units(count), "street": "QY"})
    world.worker.drain()
    return case


def rows(world: World, table: sa.Table) -> int:
    return len(world.rows(sa.select(table)))


def test_a_long_list_stands_once_and_every_round_can_read_it(world: World) -> None:
    world.deploy("case", case__bpmn=CASE, labels__toml=LABELS)
    case = started(world, 12)
    (row,) = world.rows(sa.select(passed_value))
    assert row.instance_id == case
    assert row.value == units(12)
    assert max(len(bytes(part.state)) for part in world.children(case)) < 600

    for number in range(12):
        world.complete("handle", "solved", unit=f"U{number}")
    world.worker.drain()

    assert world.open_elements() == ["check"]
    results = world.data(case)["each"]["results"]
    assert results == [{"known": 12, "street": "QY"}] * 12
    assert rows(world, child_item) == 0, "what is gathered is not kept twice"


def test_what_the_case_writes_later_does_not_reach_a_round(world: World) -> None:
    world.deploy("case", case__bpmn=CASE, labels__toml=LABELS)
    case = started(world, 12)
    part = world.children(case)[0]
    assert world.data(part.id)["units"] == units(12)
    assert world.data(part.id)["street"] == "QY"


def test_rounds_taken_back_leave_nothing_on_the_shelf(world: World) -> None:
    world.deploy("case", case__bpmn=CASE, labels__toml=LABELS)
    case = started(world, 3)
    world.complete("handle", "solved", unit="U1")
    assert rows(world, child_item) == 3
    world.clock.forward(days=3)
    world.worker.drain()
    assert world.instance(case).status == "completed"
    assert rows(world, child_item) == 0


def test_statements_do_not_grow_with_the_number_of_rounds(world: World) -> None:
    world.deploy("case", case__bpmn=CASE, labels__toml=LABELS)
    counts = []
    for count in (12, 30):
        part = world.children(started(world, count))[0]
        with statements() as sent:
            world.complete("handle", "solved", instance_id=part.id)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_statements_do_not_grow_with_the_branches_that_are_open(world: World) -> None:
    world.deploy("split", split__bpmn=SPLIT, labels__toml=LABELS)
    world.start("split")
    counts = set()
    for number in range(BRANCHES - 1):
        with statements() as sent:
            world.complete(f"a{number}")
        counts.add(len(sent))
    assert len(counts) == 1
    world.complete(f"a{BRANCHES - 1}")
    assert world.items() == []
