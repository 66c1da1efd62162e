"""Sequence flows, and where the ways begin and end: drawn otherwise than BPMN says."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot, at, on
from engine.bpmn.model import Kind, Process
from engine.bpmn.references import local
from engine.bpmn.standard.kinds import ACTIVITIES, GATEWAYS
from engine.bpmn.standard.sheet import Sheet, here

WAYS = (("incoming", "target"), ("outgoing", "source"))
GO_ON = (ACTIVITIES | GATEWAYS) - {Kind.EVENT_BASED.value}


def lone_conditions(sheet: Sheet) -> Iterator[Spot]:
    """Conditions on the only flow that leaves an activity: untrue, it would lead nowhere."""
    for process, node in sheet.nodes():
        flows = process.outgoing(node.id)
        if node.kind.value in ACTIVITIES and len(flows) == 1 and flows[0].condition:
            yield on(flows[0])


def listed_wrong(sheet: Sheet) -> Iterator[Spot]:
    """Elements that list a flow as coming in or going out which is tied to another element."""
    flows = {ident: flow for each in sheet.processes() for ident, flow in each.flows.items()}
    for way, end in WAYS:
        for child in sheet.all(way):
            flow, owner = flows.get(local(xml.text(child))), xml.parent(child)
            if flow and owner is not None and getattr(flow, end) != xml.attribute(owner, "id"):
                yield here(owner, flow=flow.id)


def unlisted(sheet: Sheet) -> Iterator[Spot]:
    """Flows that an element does not list, in a file that lists them otherwise."""
    for way, end in WAYS:
        listed = {local(xml.text(child)) for child in sheet.all(way)}
        for process in sheet.processes():
            for flow in process.flows.values() if listed else ():
                node = process.nodes.get(getattr(flow, end))
                if node is not None and flow.id not in listed:
                    yield at(node, flow=flow.id)


def not_immediate(sheet: Sheet) -> Iterator[Spot]:
    """Flows on which other work may come in between: what is run follows at once."""
    for flow in sheet.all("sequenceFlow"):
        if xml.attribute(flow, "isImmediate") in {"false", "0"}:
            yield here(flow)


def starts_without_end(sheet: Sheet) -> Iterator[Spot]:
    """Levels with a start event and no end event."""
    return _one_sided(sheet, Kind.START_EVENT, Kind.END_EVENT)


def ends_without_start(sheet: Sheet) -> Iterator[Spot]:
    """Levels with an end event and no start event."""
    return _one_sided(sheet, Kind.END_EVENT, Kind.START_EVENT)


def _one_sided(sheet: Sheet, has: Kind, lacks: Kind) -> Iterator[Spot]:
    for process, scope in _levels(sheet):
        kinds = {node.kind for node in process.inside(scope)}
        if has in kinds and lacks not in kinds:
            named = process.nodes.get(scope)
            name = (named.name if named else process.name) or scope or process.id
            yield Spot(scope or process.id, {"name": name})


def _levels(sheet: Sheet) -> Iterator[tuple[Process, str]]:
    for process in sheet.processes():
        for scope in {node.scope: None for node in process.nodes.values()}:
            yield process, scope


def ends_in_passing(sheet: Sheet) -> Iterator[Spot]:
    """Activities and gateways from which nothing leads on, on a level that draws its ends."""
    for process, scope in _levels(sheet):
        inside = list(process.inside(scope))
        if not any(node.kind is Kind.END_EVENT for node in inside):
            continue
        for node in inside:
            beside = node.triggered_by_event or node.attributes.get("isForCompensation") == "true"
            if node.kind in GO_ON and not beside and not process.outgoing(node.id):
                yield at(node)


def empty_starts(sheet: Sheet) -> Iterator[Spot]:
    """Start events from which nothing leads on."""
    for process, node in sheet.nodes():
        if node.kind is Kind.START_EVENT and not process.outgoing(node.id):
            yield at(node)
