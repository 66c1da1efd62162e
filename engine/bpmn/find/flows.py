"""Faults of sequence flows and of the way through a process."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.find.spot import Spot, at, on
from engine.bpmn.links import with_links
from engine.bpmn.model import Kind, Node, Process
from engine.bpmn.starts import instantiates, plain_starts

CHOOSE_NOTHING = frozenset({Kind.START_EVENT, Kind.PARALLEL, Kind.EVENT_BASED, Kind.COMPLEX})
ENTERED_BY_NONE = frozenset({Kind.START_EVENT, Kind.BOUNDARY_EVENT})


def loose_ends(process: Process) -> Iterator[Spot]:
    """Flows that do not begin and end at nodes of this process."""
    for flow in process.flows.values():
        if flow.source not in process.nodes or flow.target not in process.nodes:
            yield on(flow)


def crossing(process: Process) -> Iterator[Spot]:
    """Flows that cross the border of a sub-process."""
    for flow in process.flows.values():
        source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
        if source and target and source.scope != target.scope:
            yield on(flow)


def wrong_way(process: Process) -> Iterator[Spot]:
    """Flows into a start or boundary event, or out of an end event."""
    for flow in process.flows.values():
        source, target = process.nodes.get(flow.source), process.nodes.get(flow.target)
        out_of_end = source is not None and source.kind is Kind.END_EVENT
        if out_of_end or (target is not None and target.kind in ENTERED_BY_NONE):
            yield on(flow)


def idle_conditions(process: Process) -> Iterator[Spot]:
    """Conditions on flows that leave what chooses nothing: nobody would read them."""
    for flow in process.flows.values():
        source = process.nodes.get(flow.source)
        if flow.condition and source and not _chooses(source):
            yield on(flow)


def _chooses(node: Node) -> bool:
    beside = node.kind is Kind.BOUNDARY_EVENT and not node.interrupting
    return node.kind not in CHOOSE_NOTHING and not beside


def open_branches(process: Process) -> Iterator[Spot]:
    """Branches of an exclusive gateway with neither a condition nor the default mark."""
    for node in process.nodes.values():
        flows = process.outgoing(node.id)
        if node.kind is Kind.EXCLUSIVE and len(flows) > 1:
            for flow in flows:
                if not flow.condition and flow.id != node.default_flow:
                    yield on(flow, gateway=node.name or node.id)


def unknown_defaults(process: Process) -> Iterator[Spot]:
    """Default marks that name a flow which does not leave the node."""
    for node in process.nodes.values():
        if node.default_flow:
            flow = process.flows.get(node.default_flow)
            if flow is None or flow.source != node.id:
                yield at(node)


def missing_defaults(process: Process) -> Iterator[Spot]:
    """Exclusive and inclusive gateways that may find no branch to take."""
    for node in process.nodes.values():
        if node.kind in {Kind.EXCLUSIVE, Kind.INCLUSIVE} and not node.default_flow:
            branches = process.outgoing(node.id)
            sure = node.kind is Kind.INCLUSIVE and not all(flow.condition for flow in branches)
            if len(branches) > 1 and not sure:
                yield at(node)


def conditional_defaults(process: Process) -> Iterator[Spot]:
    """Default flows that carry a condition, which is never read."""
    for node in process.nodes.values():
        flow = process.flows.get(node.default_flow)
        if flow is not None and flow.condition and _chooses(node):
            yield on(flow)


def unreachable(process: Process) -> Iterator[Spot]:
    """Nodes that no token can reach from the start of their scope."""
    reached = _reached(process)
    for node in process.nodes.values():
        if node.id not in reached and node.kind is not Kind.BOUNDARY_EVENT:
            yield at(node)


def _reached(process: Process) -> set[str]:
    begun = {node.id for node in process.nodes.values() if _begins(node)}
    for scope in {node.scope: None for node in process.nodes.values()}:
        begun |= {node.id for node in plain_starts(process, scope)}
    ways: dict[str, list[str]] = {}
    for flow in with_links(process).flows.values():
        ways.setdefault(flow.source, []).append(flow.target)
    for node in process.nodes.values():
        if node.attached_to:
            ways.setdefault(node.attached_to, []).append(node.id)
    reached, todo = set(begun), list(begun)
    while todo:
        for following in ways.get(todo.pop(), []):
            if following not in reached:
                reached.add(following)
                todo.append(following)
    return reached


def _begins(node: Node) -> bool:
    return node.kind is Kind.START_EVENT or node.triggered_by_event or instantiates(node)
