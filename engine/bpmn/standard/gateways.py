"""Gateways that run as drawn and still are not drawn as BPMN says."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import EventKind, Kind, Node
from engine.bpmn.standard.kinds import GATEWAYS
from engine.bpmn.standard.sheet import Sheet, here


def wrong_directions(sheet: Sheet) -> Iterator[Spot]:
    """Gateways whose stated direction is not that of their flows."""
    for gateway in sheet.all(*sorted(GATEWAYS)):
        ident, direction = xml.attribute(gateway, "id"), xml.attribute(gateway, "gatewayDirection")
        process = sheet.diagram.processes.get(sheet.homes.get(ident, ""))
        if process is None:
            continue
        entering, leaving = len(process.incoming(ident)), len(process.outgoing(ident))
        wrong = {
            "Converging": leaving > 1,
            "Diverging": entering > 1,
            "Mixed": entering < 2 or leaving < 2,
        }
        if wrong.get(direction):
            yield here(gateway, direction=direction)


def without_choice(sheet: Sheet) -> Iterator[Spot]:
    """Gateways with neither several ways in nor several ways out: they decide nothing."""
    for process, node in sheet.nodes():
        if node.kind in GATEWAYS and node.kind is not Kind.EVENT_BASED:
            ways = (process.incoming(node.id), process.outgoing(node.id))
            if all(len(flows) < 2 for flows in ways):
                yield at(node)


def lone_races(sheet: Sheet) -> Iterator[Spot]:
    """Event gateways with a single way."""
    for process, node in sheet.nodes():
        if node.kind is Kind.EVENT_BASED and len(process.outgoing(node.id)) == 1:
            yield at(node)


def mixed_races(sheet: Sheet) -> Iterator[Spot]:
    """Event gateways that lead to receive tasks and to message events."""
    for process, node in sheet.nodes():
        if node.kind is Kind.EVENT_BASED:
            ways = [process.nodes.get(flow.target) for flow in process.outgoing(node.id)]
            told = [each for each in ways if each and _hears(each)]
            if len({each.kind for each in told}) > 1:
                yield at(node)


def _hears(node: Node) -> bool:
    return any(event.kind is EventKind.MESSAGE for event in node.events)
