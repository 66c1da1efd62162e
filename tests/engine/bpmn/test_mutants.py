"""Shipped diagrams, damaged by chance: each is judged or refused, and what passes can be played."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import pytest

from engine.bpmn.guard import examine_files
from engine.bpmn.model import Kind, Process
from engine.bpmn.read import read_diagram
from engine.errors import ShaodaoError
from engine.spiff.build import build
from engine.spiff.execution import Execution
from tests.engine.spiff.drawing import FakeHost

SHIPPED = sorted((Path(__file__).parents[3] / "bpmn").rglob("*.bpmn"))
TEXTS = [path.read_text(encoding="utf-8") for path in SHIPPED]
TAG = re.compile(r"<[^>]+>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
STRANGE = ("", "-1", "9" * 30, "gone", "${x}", "P1Y", "true")
KINDS = sorted(kind.value for kind in Kind)


def damage(text: str, chance: Random) -> str:
    """Drop a tag, double one, change an attribute, or turn one kind of element into another."""
    tag = chance.choice(list(TAG.finditer(text)))
    before, after = text[: tag.start()], text[tag.end() :]
    match chance.randrange(4):
        case 0:
            return before + after
        case 1:
            return before + tag[0] * 2 + after
        case 2:
            return before + changed(tag[0], text, chance) + after
        case _:
            one, other = chance.sample(KINDS, 2)
            return re.sub(rf"(</?\w+:){one}\b", rf"\g<1>{other}", text)


def changed(tag: str, text: str, chance: Random) -> str:
    """Give one attribute of a tag the value of another of the file, or a strange one."""
    own = list(ATTRIBUTE.finditer(tag))
    if not own:
        return tag
    one = chance.choice(own)
    values = [each[2] for each in ATTRIBUTE.finditer(text)]
    value = chance.choice([chance.choice(values), chance.choice(STRANGE)])
    return tag.replace(one[0], f'{one[1]}="{value}"', 1)


def play(process: Process, chance: Random) -> None:
    """Play a case, stored and loaded at every step; it may refuse and must not break."""
    program = build(process)
    execution = Execution.start(program, FakeHost(), {})
    execution.run()
    for _round in range(20):
        execution = Execution.load(program, FakeHost(), execution.dump())
        snapshot = execution.snapshot()
        tells: list[tuple[str, tuple[Any, ...]]] = []
        tells += [("complete", (each.token, {})) for each in snapshot.items]
        tells += [("end_call", (each.token, {})) for each in snapshot.calls]
        tells += [("fire", (each.token,)) for each in snapshot.timers]
        if not tells:
            return
        tell, said = chance.choice(tells)
        getattr(execution, tell)(*said)
        execution.run()


@pytest.mark.parametrize(
    ("seed", "count"), [(1, 150), pytest.param(2, 20_000, marks=pytest.mark.nightly)]
)
def test_a_damaged_diagram_is_judged_or_refused(seed: int, count: int) -> None:
    chance = Random(seed)
    for _example in range(count):
        text = chance.choice(TEXTS)
        for _time in range(chance.randint(1, 5)):
            text = damage(text, chance)
        if any(each.severity == "error" for each in examine_files({"p.bpmn": text})):
            continue
        for process in read_diagram(text.encode()).processes.values():
            try:
                play(process, chance)
            except ShaodaoError:
                continue
