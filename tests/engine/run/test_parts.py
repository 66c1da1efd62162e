"""Called parts are instances of their own: started, ended and cancelled by jobs."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.ids import uuid7
from tests.engine.run import draw
from tests.engine.run.world import ANNA, World

CASE = draw.process(
    "chain",
    draw.start(),
    draw.call(
        "departments",
        "part",
        many=True,
        collection="units",
        **{"in": "unit = item.unit; kind = item.kind"},
        out="result = handle.outcome; unit = unit",
    ),
    draw.boundary("too_late", "departments", "P3D"),
    draw.user("check", unit='"C1"'),
    draw.user("rescue", unit='"C1"'),
    draw.end(),
    draw.end("rescued"),
    draw.flows(
        "begin > departments",
        "departments > check",
        "check > finish",
        "too_late > rescue",
        "rescue > rescued",
    ),
    lanes={"community": "begin departments too_late check rescue finish rescued"},
)
PART = draw.process(
    "part",
    draw.start(),
    draw.user("handle", "solved unsolved", unit="unit"),
    draw.end(),
    draw.flows("begin > handle", "handle > finish"),
    lanes={"dept": "begin handle finish"},
)
LABELS = """
[outcomes]
done = {zh = "办结", en = "Done"}
solved = {zh = "已解决", en = "Solved"}
unsolved = {zh = "未解决", en = "Unsolved"}
"""
UNITS = [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}]


@pytest.fixture
def case(world: World) -> UUID:
    world.deploy("chain", chain__bpmn=CASE, part__bpmn=PART, labels__toml=LABELS)
    return world.start("chain", {"units": UNITS}, priority=1)


def test_each_department_has_an_instance_and_an_item(world: World, case: UUID) -> None:
    parts = world.children(case)
    assert [part.unit for part in parts] == ["SZ", "CG"]
    assert {part.root_id for part in parts} == {case}
    assert {(row.unit, row.priority) for row in world.items("handle")} == {("SZ", 1), ("CG", 1)}


def test_the_case_goes_on_when_the_last_part_is_in(world: World, case: UUID) -> None:
    world.complete("handle", "solved", ANNA, unit="SZ")
    assert world.open_elements() == ["handle"]

    world.complete("handle", "unsolved", unit="CG")

    assert world.open_elements() == ["check"]
    assert [world.said(row)["index"] for row in world.events("child.ended")] == [0, 1]
    world.complete("check")
    assert world.instance(case).status == "completed"


def test_a_deadline_takes_the_parts_back(world: World, case: UUID) -> None:
    world.complete("handle", "solved", unit="SZ")
    world.clock.forward(days=3)
    world.worker.drain()

    assert world.open_elements() == ["rescue"]
    assert [part.status for part in world.children(case)] == ["completed", "cancelled"]
    assert world.jobs() == []


def test_no_units_no_parts(world: World, case: UUID) -> None:
    world.start("chain", {"units": []})
    assert len(world.items("check")) == 1


def test_many_parts_are_left_to_the_worker_beyond_twenty(world: World, case: UUID) -> None:
    many = [{"unit": f"U{n}", "kind": "assist"} for n in range(30)]
    big = world.start("chain", {"units": many})
    assert len(world.children(big)) <= 20

    world.worker.drain()

    assert len(world.children(big)) == 30
    for n in range(30):
        world.complete("handle", "solved", unit=f"U{n}")
    assert [row.instance_id for row in world.items("check")] == [big]


class FallingIds:
    """Ids of one millisecond: a later one may well sort before an earlier one."""

    def __init__(self) -> None:
        self._left = itertools.count(10**6, -1)

    def new(self) -> UUID:
        return uuid7(0, next(self._left))


def test_a_deadline_is_not_kept_waiting_by_parts_still_to_be_started(
    world: World, case: UUID
) -> None:
    world.engine.ids = FallingIds()
    many = [{"unit": f"U{n}", "kind": "assist"} for n in range(30)]
    big = world.start("chain", {"units": many})
    world.clock.forward(days=3)

    world.worker.drain()

    assert {row.instance_id for row in world.items("rescue")} == {case, big}
    assert {part.status for part in world.children(big)} == {"cancelled"}
    assert world.jobs() == []


def test_a_deadline_is_kept_beside_parts_still_to_be_started(world: World, case: UUID) -> None:
    many = [{"unit": f"U{n}", "kind": "assist"} for n in range(30)]
    big = world.start("chain", {"units": many})
    world.clock.forward(days=3)
    world.worker.round()
    world.worker.drain()

    assert big in {row.instance_id for row in world.items("rescue")}
    assert {part.status for part in world.children(big)} == {"cancelled"}


def test_a_part_sees_only_what_is_passed(make_world: Callable[..., World]) -> None:
    seen: list[dict[str, Any]] = []

    def look(operating: Any) -> None:
        seen.append(dict(operating.data))

    world = make_world(operations={"look": look})
    part = draw.process(
        "part",
        draw.start(),
        draw.service("look", "look"),
        draw.end(),
        draw.flows("begin > look", "look > finish"),
    )
    caller = draw.process(
        "chain",
        draw.start(),
        draw.call("one", "part", **{"in": "unit = units[0].unit"}),
        draw.end(),
        draw.flows("begin > one", "one > finish"),
    )
    world.deploy("chain", chain__bpmn=caller, part__bpmn=part)
    case = world.start("chain", {"units": UNITS, "secret": "x"})
    assert seen == [{"unit": "SZ"}]
    assert world.instance(case).status == "completed"


def patient(caller_waits: str, part_waits: str) -> dict[str, str]:
    """Return a caller that loses patience, and a part that ends by itself."""
    caller = draw.process(
        "chain",
        draw.start(),
        draw.call("one", "part", **{"in": 'unit = "SZ"'}),
        draw.boundary("late", "one", caller_waits),
        draw.end("in_time"),
        draw.end("too_late"),
        draw.flows("begin > one", "one > in_time", "late > too_late"),
    )
    part = draw.process(
        "part",
        draw.start(),
        draw.user("handle", unit="unit"),
        draw.boundary("auto", "handle", part_waits),
        draw.end(),
        draw.end("let_be"),
        draw.flows("begin > handle", "handle > finish", "auto > let_be"),
        lanes={"dept": "begin handle auto finish let_be"},
    )
    return {"chain__bpmn": caller, "part__bpmn": part, "labels__toml": LABELS}


@pytest.mark.parametrize("outage", [False, True])
@pytest.mark.parametrize(
    ("caller_waits", "part_waits", "end", "status"),
    [("PT2H", "PT1H", "in_time", "completed"), ("PT1H", "PT2H", "too_late", "cancelled")],
)
def test_an_outage_changes_nothing_between_a_part_and_its_caller(
    world: World, *, outage: bool, caller_waits: str, part_waits: str, end: str, status: str
) -> None:
    world.deploy("chain", **patient(caller_waits, part_waits))
    case = world.start("chain")
    started = world.clock.now()
    for _hour in range(3):
        world.clock.forward(hours=1)
        if not outage:
            world.worker.drain()
    world.worker.drain()

    (part,) = world.children(case)
    assert (part.status, part.ended_at - started) == (status, timedelta(hours=1))
    assert world.instance(case).ended_at - started == timedelta(hours=1)
    moves = [row for row in world.events("token.moved") if row.instance_id == case]
    assert world.said(moves[-1])["path"][-1] == end
    assert len(world.events("timer.fired")) == 1
    assert world.jobs() == []
