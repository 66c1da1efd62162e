"""Faults of events: where they stand, what they refer to, and what they need around them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.links import is_link, link_of, link_targets
from engine.bpmn.model import EventDefinition, EventKind, Kind, Node, Process, waits_for_all
from engine.bpmn.starts import instantiates, starts_in

OUTSIDE = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.TIMER, EventKind.CONDITION})
RISING = frozenset({EventKind.ERROR, EventKind.ESCALATION})
NAMED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})

RUNS = {
    Kind.CATCH_EVENT: OUTSIDE | {EventKind.LINK},
    Kind.BOUNDARY_EVENT: OUTSIDE | RISING | {EventKind.CANCEL},
    Kind.THROW_EVENT: NAMED | {EventKind.ESCALATION, EventKind.LINK},
    Kind.END_EVENT: NAMED | RISING | {EventKind.TERMINATE, EventKind.CANCEL},
    Kind.SEND_TASK: frozenset({EventKind.MESSAGE}),
    Kind.RECEIVE_TASK: frozenset({EventKind.MESSAGE}),
}
"""What each kind of node can wait for or throw; start events depend on where they stand."""

WAITS = frozenset({Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT})
RACERS = frozenset({Kind.CATCH_EVENT, Kind.RECEIVE_TASK})
SEVERAL = WAITS | {Kind.THROW_EVENT, Kind.END_EVENT}
FINAL = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL})


def runs_here(process: Process, node: Node, event: EventDefinition) -> bool:
    """Say whether an event of this kind can run where it is drawn."""
    if node.kind is Kind.START_EVENT:
        return event.kind in _of_starts(process, node)
    if node.kind is Kind.BOUNDARY_EVENT and event.kind is EventKind.CANCEL:
        host = process.nodes.get(node.attached_to)
        return host is not None and host.kind is Kind.TRANSACTION
    return event.kind in RUNS.get(node.kind, frozenset())


def _of_starts(process: Process, node: Node) -> frozenset[EventKind]:
    if not node.scope:
        return OUTSIDE
    return OUTSIDE | RISING if _is_handler(process, node.scope) else frozenset()


def _is_handler(process: Process, scope: str) -> bool:
    around = process.nodes.get(scope)
    return around is not None and around.triggered_by_event


def not_one(process: Process) -> Iterator[Spot]:
    """Events that do not say what they wait for, or name several things where that cannot run."""
    for node in process.nodes.values():
        starts_handler = node.kind is Kind.START_EVENT and _is_handler(process, node.scope)
        least = 1 if node.kind in WAITS or starts_handler else 0
        able = node.kind in SEVERAL or starts_handler
        if len(node.events) < least or (len(node.events) > 1 and not (able and _go_together(node))):
            yield at(node)


def _go_together(node: Node) -> bool:
    """Tell whether an event can be all that it is drawn as: no link, one timer, one way to end.

    What has to come all together is waited for in the flow only.
    """
    kinds = [event.kind for event in node.events]
    if EventKind.LINK in kinds or kinds.count(EventKind.TIMER) > 1:
        return False
    if node.kind is Kind.END_EVENT:
        return sum(kind in FINAL for kind in kinds) <= 1
    return node.kind in {Kind.CATCH_EVENT, Kind.THROW_EVENT} or not waits_for_all(node)


def nameless(process: Process) -> Iterator[Spot]:
    """Messages and signals without a name: nobody could tell them apart."""
    for node in process.nodes.values():
        by_operation = node.kind is Kind.SEND_TASK and node.operation
        if any(e.kind in NAMED and not e.ref for e in node.events) and not by_operation:
            yield at(node)


def dangling(process: Process) -> Iterator[Spot]:
    """References to messages, signals or escalations that are not in the file."""
    for node in process.nodes.values():
        for event in node.events:
            if event.dangling and event.kind is not EventKind.ERROR:
                yield at(node, ref=event.ref)


def undeclared_errors(process: Process) -> Iterator[Spot]:
    """References to errors that are not in the file: taken for the code itself."""
    for node in process.nodes.values():
        for event in node.events:
            if event.dangling and event.kind is EventKind.ERROR:
                yield at(node, ref=event.ref)


def without_condition(process: Process) -> Iterator[Spot]:
    """Conditional events without a condition."""
    for node in process.nodes.values():
        if any(event.kind is EventKind.CONDITION and not event.text for event in node.events):
            yield at(node)


def broken_links(process: Process) -> Iterator[Spot]:
    """Links that do not lead from a throw to exactly one catch of their scope."""
    for node in process.nodes.values():
        if not is_link(node):
            continue
        if node.kind is Kind.THROW_EVENT:
            whole = len(link_targets(process, node)) == 1 and not process.outgoing(node.id)
        else:
            whole = not process.incoming(node.id)
        if not whole or not link_of(node):
            yield at(node)


def loose_cancels(process: Process) -> Iterator[Spot]:
    """Cancel ends without a transaction around them that has a cancel event on it."""
    for node in process.nodes.values():
        if node.kind is Kind.END_EVENT and any(e.kind is EventKind.CANCEL for e in node.events):
            around = _transaction_around(process, node)
            borders = process.boundary(around.id) if around else []
            if not any(e.kind is EventKind.CANCEL for each in borders for e in each.events):
                yield at(node)


def _transaction_around(process: Process, node: Node) -> Node | None:
    around = process.nodes.get(node.scope)
    while around is not None and around.kind is not Kind.TRANSACTION:
        around = process.nodes.get(around.scope)
    return around


def wrong_racers(process: Process) -> Iterator[Spot]:
    """Event gateways that lead to anything but events waited for there alone."""
    for node in process.nodes.values():
        if node.kind is not Kind.EVENT_BASED:
            continue
        flows = process.outgoing(node.id)
        targets = [process.nodes[flow.target] for flow in flows if flow.target in process.nodes]
        race = all(_may_race(process, each) for each in targets)
        if not flows or not race or node.attributes.get("eventGatewayType") == "Parallel":
            yield at(node)


def _may_race(process: Process, node: Node) -> bool:
    alone = len(process.incoming(node.id)) == 1 and not process.boundary(node.id)
    once = not is_link(node) and not node.multi and not node.loop and len(node.events) == 1
    return node.kind in RACERS and alone and once


def connected_handlers(process: Process) -> Iterator[Spot]:
    """Event sub-processes that flows or boundary events are tied to."""
    for node in process.nodes.values():
        if node.triggered_by_event:
            tied = (process.incoming(node.id), process.outgoing(node.id), process.boundary(node.id))
            if any(tied) or node.kind is not Kind.SUB_PROCESS:
                yield at(node)


def startless_handlers(process: Process) -> Iterator[Spot]:
    """Event sub-processes that nothing could begin."""
    for node in process.nodes.values():
        if node.triggered_by_event and not starts_in(process, node.id):
            yield at(node)


def wrong_instantiation(process: Process) -> Iterator[Spot]:
    """Receive tasks and event gateways that are to begin the process and cannot."""
    for node in process.nodes.values():
        if instantiates(node) and (node.scope or process.incoming(node.id)):
            yield at(node)


def several_starts(process: Process) -> Iterator[Spot]:
    """Start events beyond the first in a sub-process; a process may have several."""
    for scope in {node.scope: None for node in process.nodes.values() if node.scope}:
        name = process.nodes[scope].name or scope if scope in process.nodes else scope
        for node in starts_in(process, scope)[1:]:
            yield Spot(node.id, {"name": name})
