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
    for place, text in _plain(node):
        yield Written(node.id, place, text)
    for event in node.events:
        if event.kind is EventKind.TIMER and event.text:
            yield Written(node.id, "timer", event.text, timer=True)


def _plain(node: Node) -> Iterator[tuple[str, str]]:
    """Yield (place, expression) of a node, without scripts and timers."""
    given = node.properties
    yield from ((key, given[key]) for key in EXPRESSION_PROPERTIES if given.get(key))
    for key in MAPPINGS:
        yield from ((key, text) for _name, text in read_mapping(given.get(key, "")))
    yield from ((f"param.{name}", text) for name, text in node.parameters.items())
    if node.multi and node.multi.collection:
        yield "collection", node.multi.collection
    if node.multi and node.multi.cardinality:
        yield "cardinality", node.multi.cardinality
