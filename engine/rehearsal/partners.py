"""Which other processes of a file take part in a rehearsal without being called or started.

A pool with a plain start that talks to the others by messages or signals is there from the
beginning. Those who wait for something begin before the main process, so that they hear it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn.model import Diagram, EventKind, Kind, Node, Process
from engine.bpmn.starts import plain_starts

SPOKEN = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
THROWS = frozenset({Kind.THROW_EVENT, Kind.END_EVENT, Kind.SEND_TASK})
Word = tuple[EventKind, str]


@dataclass(frozen=True)
class Partners:
    """The processes that begin before the main one, and those that begin after it."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


def partners_of(diagram: Diagram, processes: Mapping[str, Process], main: str) -> Partners:
    """Return who takes part beside the main process."""
    called = {node.called for each in processes.values() for node in each.nodes.values()}
    words = {ident: (set(heard(each)), set(said(each))) for ident, each in processes.items()}
    before, after = [], []
    for ident, process in processes.items():
        if ident in {main, *called} or not plain_starts(process):
            continue
        if processes[main].executable and not process.executable:
            continue
        around = [words[other] for other in words if other != ident]
        hears = words[ident][0] & set().union(*(each[1] for each in around))
        says = words[ident][1] & set().union(*(each[0] for each in around))
        if hears or is_target(diagram, process):
            before.append(ident)
        elif says or is_source(diagram, process):
            after.append(ident)
    return Partners(tuple(before), tuple(after))


def is_target(diagram: Diagram, process: Process) -> bool:
    """Tell whether a message flow ends at something in a process."""
    return any(flow.target in process.nodes for flow in diagram.message_flows)


def is_source(diagram: Diagram, process: Process) -> bool:
    """Tell whether a message flow begins at something in a process that throws."""
    sources = (process.nodes.get(flow.source) for flow in diagram.message_flows)
    return any(node is not None and node.kind in THROWS for node in sources)


def heard(process: Process) -> Iterator[Word]:
    """Yield the messages and signals that a running process may wait for."""
    yield from (
        word for node in process.nodes.values() if not throws(node) for word in spoken(node)
    )


def said(process: Process) -> Iterator[Word]:
    """Yield the messages and signals that a process throws."""
    yield from (word for node in process.nodes.values() if throws(node) for word in spoken(node))


def throws(node: Node) -> bool:
    """Tell whether a node throws its events."""
    return node.kind in THROWS


def spoken(node: Node) -> Iterator[Word]:
    """Yield the messages and signals that a node names."""
    yield from ((each.kind, each.ref) for each in node.events if each.kind in SPOKEN)
