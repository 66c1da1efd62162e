"""Where a process begins: plainly, or when something happens; and where its sub-processes do."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.links import is_link
from engine.bpmn.model import Kind, Node, Process


def starts_in(process: Process, scope: str) -> list[Node]:
    """Return the start events of a scope."""
    return [node for node in process.inside(scope) if node.kind is Kind.START_EVENT]


def plain_starts(process: Process, scope: str = "") -> list[Node]:
    """Return the nodes that get a token when a scope is opened and nothing particular happened.

    They are its plain start events; without any start event every node that no flow enters.
    """
    begun_by_event = {node.id for node in event_starts(process)} if not scope else set()
    starts = starts_in(process, scope)
    if starts:
        return [node for node in starts if not node.events]
    entered = {flow.target for flow in process.flows.values()}
    return [
        node
        for node in process.inside(scope)
        if node.id not in entered | begun_by_event and may_begin(node)
    ]


def may_begin(node: Node) -> bool:
    """Say whether a node without an incoming flow begins by itself."""
    beside = node.kind is Kind.BOUNDARY_EVENT or node.triggered_by_event
    return not beside and not is_link(node) and not instantiates(node)


def instantiates(node: Node) -> bool:
    """Say whether a receive task or an event gateway is drawn as what begins the process."""
    able = node.kind in {Kind.RECEIVE_TASK, Kind.EVENT_BASED}
    return able and node.attributes.get("instantiate") in {"true", "1"}


def event_starts(process: Process) -> list[Node]:
    """Return the nodes that a process may begin at when a message, a signal … comes.

    Each carries its definition in `events`: start events, receive tasks that instantiate, and what
    follows an event gateway that does.
    """
    return list(_event_starts(process))


def _event_starts(process: Process) -> Iterator[Node]:
    entered = {flow.target for flow in process.flows.values()}
    for node in process.inside(""):
        if node.kind is Kind.START_EVENT and node.events:
            yield node
        elif instantiates(node) and node.id not in entered:
            if node.kind is Kind.RECEIVE_TASK:
                yield node
            else:
                targets = (flow.target for flow in process.outgoing(node.id))
                yield from (process.nodes[each] for each in targets if each in process.nodes)
