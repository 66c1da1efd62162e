"""docs/limits.md says the numbers that the code holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine import xml
from engine.bpmn import guard, read, soundness
from engine.bpmn.find import bounds
from engine.expr import limits
from engine.run import room, rows
from engine.run.handlers import definitions
from engine.spiff import execution, instance
from engine.spiff.build import calls, repeated

TOP = Path(__file__).parents[2]
PAGE = (TOP / "docs" / "limits.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1]
    for line in PAGE.splitlines()
    if len(cells := line.strip("| ").split(" | ")) == 3
}
HELD = {
    "Processor time of the child": [guard.BOUNDS.cpu],
    "Wall clock of the child": [int(guard.BOUNDS.wall)],
    "Memory of the child": [guard.BOUNDS.memory >> 20],
    "Files of a folder": [definitions.MOST_FILES, definitions.MOST_BYTES // 10**6],
    "One XML file": [xml.MAX_BYTES >> 20, xml.MAX_ELEMENTS],
    "Nodes of a process": [read.MAX_NODES],
    "Flows of a process": [read.MAX_FLOWS],
    "Sub-processes in each other": [read.MAX_DEPTH],
    "Id, name of an element": [bounds.MAX_ID, bounds.MAX_NAME],
    "Expressions and scripts of a process": [bounds.MAX_EXPRESSIONS, bounds.MAX_CHARACTERS],
    "One expression or script": [limits.MAX_SOURCE, limits.MAX_NODES, limits.MAX_DEPTH],
    "Written count of a multi-instance": [0, bounds.MAX_CHILDREN],
    "Engine's own steps in one command": [execution.MAX_STEPS],
    "Tokens of one level": [instance.MAX_TOKENS],
    "Calls in each other": [room.DEEPEST],
    "Instances of one case": [room.MOST_INSTANCES],
    "Children of a multi-instance call or sub-process": [calls.MAX_CHILDREN],
    "Rounds of a multi-instance task": [repeated.MAX_ROUNDS_INSIDE],
    "Overdue timers fired in one command": [rows.MOST_DUE],
}


@pytest.mark.parametrize("what", HELD)
def test_the_page_says_what_is_held(what: str) -> None:
    said = [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\b", ROWS[what])]
    assert said == HELD[what]


def test_the_page_names_codes_that_exist() -> None:
    known = (TOP / "docs" / "errors.md").read_text(encoding="utf-8")
    rules = (TOP / "engine" / "bpmn" / "rules.py").read_text(encoding="utf-8")
    named = re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE)
    assert [code for code in named if code not in known and f'"{code}"' not in rules] == []
    assert f"{soundness.MAX_STATES:,} states" in PAGE
