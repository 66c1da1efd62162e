"""Every text of a process that is an expression or a script, so that deploying can compile it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.mapping import read_mapping
from engine.bpmn.model import EventKind, Node, Process

EXPRESSION_PROPERTIES = ("unit",)
MAPPINGS = ("in", "out")


@dataclass(frozen=True)
class Written:
    """A text as drawn: where (element, place) and what. Timers may also be plain ISO 8601."""

    element: str
    place: str
    text: str
    script: bool = False
    timer: bool = False


def expressions(process: Process) -> Iterator[Written]:
    """Yield what is written in a process, in the order drawn."""
    for flow in process.flows.values():
        if flow.condition:
            yield Written(flow.id, "condition", flow.condition)
    for node in process.nodes.values():
        yield from _of_node(node)


def _of_node(node: Node) -> Iterator[Written]:
    if node.script:
        yield Written(node.id, "script", node.script, script=True)
    for key in EXPRESSION_PROPERTIES:
        if node.properties.get(key):
            yield Written(node.id, key, node.properties[key])
    for key in MAPPINGS:
        for _name, text in read_mapping(node.properties.get(key, "")):
            yield Written(node.id, key, text)
    for name, text in node.parameters.items():
        yield Written(node.id, f"param.{name}", text)
    if node.multi:
        for key in ("collection", "cardinality"):
            text = getattr(node.multi, key)
            if text:
                yield Written(node.id, key, text)
    for event in node.events:
        if event.kind is EventKind.TIMER and event.text:
            yield Written(node.id, "timer", event.text, timer=True)
