"""Expressions that are drawn and empty, or say that they are written in another language."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.flows import CHOOSE_NOTHING
from engine.bpmn.find.spot import Spot
from engine.bpmn.model import Kind
from engine.bpmn.references import local
from engine.bpmn.standard.kinds import EXPRESSIONS
from engine.bpmn.standard.sheet import Sheet, here

CONDITION = "conditionExpression"
IDLE = (
    *(CONDITION, "completionCondition", "loopCondition", "activationCondition"),
    *("transformation", "messagePath", "dataPath"),
)
"""Expressions that count for nothing where they are empty; the others are asked for elsewhere."""
OURS = frozenset({"", "python", "text/python", "text/x-python"})
DECIDES_NOTHING = CHOOSE_NOTHING | {Kind.EXCLUSIVE}
"""Of an exclusive gateway each branch is asked for its condition anyway."""


def empty_conditions(sheet: Sheet) -> Iterator[Spot]:
    """Flows with an empty condition that would be taken as if none were drawn."""
    for expression in sheet.all(CONDITION):
        flow = xml.parent(expression)
        if flow is not None and not xml.text(expression) and _is_asked(sheet, flow):
            yield here(flow)


def _is_asked(sheet: Sheet, flow: xml.Element) -> bool:
    source = local(xml.attribute(flow, "sourceRef"))
    process = sheet.diagram.processes.get(sheet.homes.get(source, ""))
    if process is None or source not in process.nodes:
        return False
    node = process.nodes[source]
    several = len(process.outgoing(source)) > 1
    is_default = node.default_flow == xml.attribute(flow, "id")
    return several and not is_default and node.kind not in DECIDES_NOTHING


def blanks(sheet: Sheet) -> Iterator[Spot]:
    """Expressions without a word: as if they were not drawn."""
    for expression in sheet.all(*IDLE):
        owner = xml.parent(expression)
        if owner is None or xml.text(expression):
            continue
        if xml.name(expression) != CONDITION or not _is_asked(sheet, owner):
            yield here(owner, key=xml.name(expression))


def other_languages(sheet: Sheet) -> Iterator[Spot]:
    """Expressions and scripts that say they are in a language which is not ours."""
    said = [
        *((each, "language") for each in sheet.all(*sorted(EXPRESSIONS))),
        *((each, "scriptFormat") for each in sheet.all(Kind.SCRIPT_TASK.value)),
    ]
    for element, key in said:
        language = xml.attribute(element, key)
        if language.lower() not in OURS and xml.text(element):
            yield here(element, language=language)
