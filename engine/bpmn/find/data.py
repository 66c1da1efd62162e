"""Faults of data associations: what they would copy cannot be found, said or done there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import CopyFault, Kind, Node, Process

TAKE_NOTHING = frozenset({Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT})
CALLS = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.CALL_ACTIVITY})


def _with(process: Process, fault: CopyFault) -> Iterator[Spot]:
    for node in process.nodes.values():
        for copy in (*node.takes, *node.gives):
            if copy.fault is fault:
                yield at(node, ref=copy.ref)


def unknown_ends(process: Process) -> Iterator[Spot]:
    """Associations with an end that cannot be seen from where they are drawn."""
    return _with(process, CopyFault.UNKNOWN)


def unsaid_copies(process: Process) -> Iterator[Spot]:
    """Associations with several sources, or with an assignment that is none of ours."""
    return _with(process, CopyFault.LANGUAGE)


def empty_copies(process: Process) -> Iterator[Spot]:
    """Associations without a source: drawn for people to read."""
    return _with(process, CopyFault.NOTHING)


def stores(process: Process) -> Iterator[Spot]:
    """Associations with a data store: drawn for people to read."""
    return _with(process, CopyFault.STORE)


def misplaced_copies(process: Process) -> Iterator[Spot]:
    """Associations of what comes again and again, or is done by instances of their own."""
    for node in process.nodes.values():
        copies = [copy for copy in (*node.takes, *node.gives) if copy.fault is None]
        if copies and _is_misplaced(node):
            yield at(node)


def _is_misplaced(node: Node) -> bool:
    comes_again = node.kind is Kind.BOUNDARY_EVENT and not node.interrupting
    takes = any(copy.fault is None for copy in node.takes)
    told = takes and node.kind in TAKE_NOTHING | {Kind.RECEIVE_TASK}
    outside = node.multi is not None and node.kind in CALLS
    return comes_again or told or outside or node.triggered_by_event
