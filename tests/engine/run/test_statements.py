"""A command sends as many statements on an old case as on a young one."""

from __future__ import annotations

from benchmarks.counting import statements
from tests.engine.run import draw
from tests.engine.run.test_parts import CASE, LABELS, PART
from tests.engine.run.world import World

LOOP = draw.process(
    "loop",
    draw.start(),
    draw.user("handle", unit='"SZ"', sla="answer"),
    draw.boundary("late", "handle", 'due("answer")', interrupting=False),
    draw.end("noted"),
    draw.user("check", "pass rework", unit='"C1"'),
    draw.exclusive("which", default="which_finish"),
    draw.end(),
    draw.flows(
        "begin > handle",
        "late > noted",
        "handle > check",
        "check > which",
        "which > finish",
        'which > handle : check.outcome == "rework"',
    ),
    lanes={"dept": "begin handle late noted", "community": "check which finish"},
)
WORDS = LABELS + 'pass = {zh = "通过", en = "Pass"}\nrework = {zh = "返工", en = "Rework"}\n'


def test_rounds_do_not_add_statements(world: World) -> None:
    world.deploy("loop", loop__bpmn=LOOP, labels__toml=WORDS)
    world.start("loop")
    world.complete("handle")
    with statements() as young:
        world.complete("check", "rework")
    for _round in range(20):
        world.complete("handle")
        world.complete("check", "rework")
    world.complete("handle")
    with statements() as old:
        world.complete("check", "rework")

    assert old == young
    assert len(young) <= 20


def test_departments_do_not_add_statements(world: World) -> None:
    world.deploy("chain", chain__bpmn=CASE, part__bpmn=PART, labels__toml=LABELS)
    counts = []
    for size in (2, 12):
        units = [{"unit": f"U{size}-{n}", "kind": "assist"} for n in range(size)]
        world.start("chain", {"units": units})
        with statements() as sent:
            world.complete("handle", "solved", unit=f"U{size}-0")
        counts.append(len(sent))

    assert counts[0] == counts[1]
