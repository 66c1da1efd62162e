"""What a deployed diagram and people's data may try at run time: it stops there, and only there.

The probes of section 6 of the corpora report that need something to run; those that a file alone
shows are in tests/engine/bpmn/test_hostile.py.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from engine.bpmn import guard
from engine.db.tables import definition, instance
from engine.errors import Broken, Invalid
from engine.run.commands import DeployFolder, RetryIncident
from tests.engine.run import draw
from tests.engine.run.world import ROOT, World

LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'
PART = draw.process("part", draw.start(), draw.end(), draw.flows("begin > finish"))


def beside(step: str) -> str:
    """A process with a step called `a` beside a person who has nothing to do with it."""
    return draw.process(
        "p",
        draw.start(),
        draw.parallel("f"),
        step,
        draw.user("handle", unit='"SZ"'),
        draw.end(),
        draw.flows("begin > f", "f > a", "f > handle", "a > finish", "handle > finish"),
        lanes={"dept": "begin f a handle finish"},
    )


def many(cardinality: str) -> str:
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopCardinality>"
        f"{cardinality}</bpmn:loopCardinality></bpmn:multiInstanceLoopCharacteristics>"
    )
    return draw.node("callActivity", "a", loop, attrs='calledElement="part"')


class Odd(Exception):
    """An error whose arguments are no text."""


ROUND: list[Any] = []
ROUND.append(ROUND)
LEFT: dict[str, Any] = {
    "a decimal": Decimal("1.5"),
    "a module": os,
    "a function": print,
    "a set": {1},
    "a list in itself": ROUND,
    "bytes": b"x",
}


def test_what_cannot_be_stored_stops_the_step_that_left_it(
    make_world: Callable[..., World],
) -> None:
    world = make_world(operations={"leave": lambda given: {"x": LEFT[given.data["what"]]}})
    world.deploy("p", p__bpmn=beside(draw.service("a", "leave")), labels__toml=LABELS)
    for name in LEFT:
        world.start("p", {"what": name})
    assert [each.element for each in world.incidents()] == ["a"] * len(LEFT)
    assert world.open_elements() == ["handle"] * len(LEFT)


def test_the_real_error_is_told_whatever_it_is_made_of(make_world: Callable[..., World]) -> None:
    made_of: list[tuple[Any, ...]] = [(), (2, "no such file"), ({},), (None,)]

    def fail(given: Any) -> None:
        raise Odd(*made_of[given.data["n"]])

    world = make_world(operations={"fail": fail})
    world.deploy("p", p__bpmn=beside(draw.service("a", "fail")), labels__toml=LABELS)
    for n in range(len(made_of)):
        world.start("p", {"n": n})
    causes = [each.cause for each in world.incidents()]
    assert len(causes) == len(made_of)
    told = [
        any(word in cause for word in ("Odd", "no such file", "{}", "None")) for cause in causes
    ]
    assert all(told), causes


COUNTS = {
    "a thousand million": (10**9, "activity.too_many"),
    "less than none": (-1, "activity.not_a_count"),
    "a text": ("many", "activity.not_a_count"),
    "nothing": (None, "activity.not_a_count"),
}


def test_a_count_beyond_all_measure_stops_there(world: World) -> None:
    world.deploy("p", p__bpmn=beside(many("n")), part__bpmn=PART, labels__toml=LABELS)
    for count, _code in COUNTS.values():
        world.start("p", {"n": count})
    assert sorted(each.code for each in world.incidents()) == sorted(c for _n, c in COUNTS.values())
    assert world.open_elements() == ["handle"] * len(COUNTS)


TIMES = ("P1000000Y", "P99999999999Y", "PT99999999999999999999S", "-PT5M", "0 0 12 * * ?", "x")


def test_a_time_from_data_that_is_none_stops_its_timer(world: World) -> None:
    world.deploy("p", p__bpmn=beside(draw.catch("a", "wait")), labels__toml=LABELS)
    for text in TIMES:
        world.start("p", {"wait": text})
    assert [each.element for each in world.incidents()] == ["a"] * len(TIMES)
    assert world.open_elements() == ["handle"] * len(TIMES)


NAMES = ("len", "print", "max")


def test_data_and_fields_named_like_functions_hide_none_of_them(world: World) -> None:
    drawn = draw.process(
        "p",
        draw.start(),
        draw.user("len", unit='"SZ"', form="note"),
        draw.script("count", "length = len(word)\nfield = len.len"),
        draw.user("after", unit='"SZ"'),
        draw.end(),
        draw.flows("begin > len", "len > count", "count > after", "after > finish"),
        lanes={"dept": "begin len count after finish"},
    )
    fields = (f'{{"name": "{name}", "type": "text", "label": {{"zh": "x"}}}}' for name in NAMES)
    note = f'{{"fields": [{", ".join(fields)}]}}'
    world.deploy("p", p__bpmn=drawn, note__form__json=note, labels__toml=LABELS)
    world.start("p", {"word": "abc", "print": 1, "max": 2})
    world.complete("len", data={"len": "long", "print": "p"})
    assert world.open_elements() == ["after"]
    assert world.incidents() == []


def test_a_loop_whose_way_out_is_never_taken_is_refused_and_leaves_nothing(world: World) -> None:
    drawn = draw.process(
        "p",
        draw.start(),
        draw.script("a", "n = 1"),
        draw.exclusive("g", default="g_a"),
        draw.end(),
        draw.flows("begin > a", "a > g", "g > a", "g > finish : n == 2"),
    )
    world.deploy("p", p__bpmn=drawn)
    with pytest.raises(Broken) as refusal:
        world.start("p")
    assert refusal.value.code == "instance.runaway"
    assert world.rows(sa.select(instance.c.id)) == []


def upload(world: World, drawn: str) -> None:
    files = {"p.bpmn": drawn.encode(), "labels.toml": LABELS.encode()}
    world.engine.execute(DeployFolder(folder="p", files=files), ROOT)


def test_an_upload_is_read_by_the_child_and_then_deployed(world: World) -> None:
    upload(world, beside(draw.script("a", "x = 1")))
    assert world.start("p")


def test_an_upload_that_the_child_cannot_read_is_not_read_here(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + beside("")
    with pytest.raises(Invalid) as refusal:
        upload(world, bomb)
    assert refusal.value.code == "definition.refused"
    assert [each.code for each in refusal.value.details["findings"]] == ["xml.doctype"]

    monkeypatch.setattr(guard, "CHILD", ("-c", "raise SystemExit(1)"))
    with pytest.raises(Invalid) as refusal:
        upload(world, beside(draw.script("a", "x = 1")))
    assert refusal.value.code == "definition.too_heavy"
    assert world.rows(sa.select(definition.c.id)) == []


def test_a_stopped_count_goes_on_once_the_data_is_mended(world: World) -> None:
    world.deploy("p", p__bpmn=beside(many("n")), part__bpmn=PART, labels__toml=LABELS)
    world.start("p", {"n": 10**9})
    (row,) = world.incidents()
    with pytest.raises(Exception, match="10000"):
        world.engine.execute(RetryIncident(incident_id=row.id), ROOT)
