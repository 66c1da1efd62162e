"""Flows, gateways and events that run as drawn and still are not drawn as BPMN says."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot, at, on
from engine.bpmn.links import is_link
from engine.bpmn.model import EventKind, Kind, Node, Process
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.pointers import ACTIVITIES
from engine.bpmn.standard.sheet import Sheet, here

BETWEEN = frozenset({Kind.CATCH_EVENT, Kind.THROW_EVENT})
ALWAYS_STOPS = frozenset({EventKind.ERROR, EventKind.CANCEL, EventKind.COMPENSATE})
GATEWAYS = sorted(kind.value for kind in Kind if kind.value.endswith("Gateway"))
TIMES = ("timeDate", "timeDuration", "timeCycle")


def _nodes(sheet: Sheet) -> Iterator[tuple[Process, Node]]:
    return ((each, node) for each in sheet.processes() for node in each.nodes.values())


def lone_conditions(sheet: Sheet) -> Iterator[Spot]:
    """Conditions on the only flow that leaves an activity: untrue, it would lead nowhere."""
    for process, node in _nodes(sheet):
        flows = process.outgoing(node.id)
        if node.kind.value in ACTIVITIES and len(flows) == 1 and flows[0].condition:
            yield on(flows[0])


def listed_wrong(sheet: Sheet) -> Iterator[Spot]:
    """Elements that list a flow as coming in or going out which is tied to another element."""
    flows = {ident: flow for each in sheet.processes() for ident, flow in each.flows.items()}
    for way, end in (("incoming", "target"), ("outgoing", "source")):
        for child in sheet.all(way):
            flow, owner = flows.get(local(xml.text(child))), xml.parent(child)
            if flow and owner is not None and getattr(flow, end) != xml.attribute(owner, "id"):
                yield here(owner, flow=flow.id)


def wrong_directions(sheet: Sheet) -> Iterator[Spot]:
    """Gateways whose stated direction is not that of their flows."""
    for gateway in sheet.all(*GATEWAYS):
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


def lone_races(sheet: Sheet) -> Iterator[Spot]:
    """Event gateways with a single way."""
    for process, node in _nodes(sheet):
        if node.kind is Kind.EVENT_BASED and len(process.outgoing(node.id)) == 1:
            yield at(node)


def mixed_races(sheet: Sheet) -> Iterator[Spot]:
    """Event gateways that lead to receive tasks and to message events."""
    for process, node in _nodes(sheet):
        if node.kind is Kind.EVENT_BASED:
            ways = [process.nodes.get(flow.target) for flow in process.outgoing(node.id)]
            told = [each for each in ways if each and _hears(each)]
            if len({each.kind for each in told}) > 1:
                yield at(node)


def _hears(node: Node) -> bool:
    return any(event.kind is EventKind.MESSAGE for event in node.events)


def gentle_errors(sheet: Sheet) -> Iterator[Spot]:
    """Errors and cancellations drawn as not interrupting: they always interrupt."""
    for _process, node in _nodes(sheet):
        kinds = {event.kind for event in node.events}
        if not node.interrupting and kinds & ALWAYS_STOPS:
            yield at(node)


def dead_ends(sheet: Sheet) -> Iterator[Spot]:
    """Intermediate events from which nothing leads on."""
    for process, node in _nodes(sheet):
        jumps = is_link(node) and node.kind is Kind.THROW_EVENT
        if node.kind in BETWEEN and not jumps and not process.outgoing(node.id):
            yield at(node)


def starts_without_end(sheet: Sheet) -> Iterator[Spot]:
    """Levels with a start event and no end event."""
    return _one_sided(sheet, Kind.START_EVENT, Kind.END_EVENT)


def ends_without_start(sheet: Sheet) -> Iterator[Spot]:
    """Levels with an end event and no start event."""
    return _one_sided(sheet, Kind.END_EVENT, Kind.START_EVENT)


def _one_sided(sheet: Sheet, has: Kind, lacks: Kind) -> Iterator[Spot]:
    for process in sheet.processes():
        for scope in {node.scope: None for node in process.nodes.values()}:
            kinds = {node.kind for node in process.inside(scope)}
            if has in kinds and lacks not in kinds:
                named = process.nodes.get(scope)
                name = (named.name if named else process.name) or scope or process.id
                yield Spot(scope or process.id, {"name": name})


def several_times(sheet: Sheet) -> Iterator[Spot]:
    """Timers with more than one time: only one of them could count."""
    for timer in sheet.all(EventKind.TIMER.value):
        if sum(xml.child(timer, BPMN, tag) is not None for tag in TIMES) > 1:
            yield here(timer)


def errors_without_code(sheet: Sheet) -> Iterator[Spot]:
    """Errors and escalations that are thrown and have no code."""
    for tag, key in (("error", "errorCode"), ("escalation", "escalationCode")):
        thrown = {
            local(xml.attribute(event, f"{tag}Ref"))
            for event in sheet.all(f"{tag}EventDefinition")
            if (owner := xml.parent(event)) is not None
            and xml.name(owner) in {Kind.END_EVENT, Kind.THROW_EVENT}
        }
        for each in sheet.all(tag):
            if xml.attribute(each, "id") in thrown and not xml.attribute(each, key):
                yield here(each, key=key)


def counted_twice(sheet: Sheet) -> Iterator[Spot]:
    """Multi-instances that say how many in two ways."""
    for loop in sheet.all("multiInstanceLoopCharacteristics"):
        ways = ("loopCardinality", "loopDataInputRef")
        if all(xml.child(loop, BPMN, tag) is not None for tag in ways):
            yield here(loop)


def behaviour_without_event(sheet: Sheet) -> Iterator[Spot]:
    """Multi-instances that are to throw an event and do not name it: none is thrown."""
    refs = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}
    for loop in sheet.all("multiInstanceLoopCharacteristics"):
        ref = refs.get(xml.attribute(loop, "behavior"))
        if ref and not xml.attribute(loop, ref):
            yield here(loop, key=ref)
