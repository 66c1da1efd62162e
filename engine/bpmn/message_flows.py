"""Messages that nobody named: a message flow between two pools says who is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.bpmn.model import EventKind, MessageFlow, Node, Process


def named_by_flows(
    processes: Mapping[str, Process], flows: Iterable[MessageFlow]
) -> Mapping[str, Process]:
    """Return the processes with a name for each message that only a message flow tells apart.

    Both ends get the name that one of them has; where none has, the id of the receiving element.
    """
    nodes = {ident: node for each in processes.values() for ident, node in each.nodes.items()}
    named: dict[str, str] = {}
    for flow in flows:
        ends = [end for end in (flow.source, flow.target) if is_nameless(nodes.get(end))]
        known = [message_of(nodes[end]) for end in (flow.source, flow.target) if end in nodes]
        given = [named[end] for end in (flow.target, flow.source) if end in named]
        last = flow.target if flow.target in nodes else flow.source
        name = next(filter(None, [*given, *known, last]))
        named.update({end: named.get(end, name) for end in ends})
    if not named:
        return processes
    return MappingProxyType({ident: _rename(each, named) for ident, each in processes.items()})


def message_of(node: Node) -> str:
    """Return the name of the message that a node throws or waits for, "" without one."""
    return next((event.ref for event in node.events if event.kind is EventKind.MESSAGE), "")


def is_nameless(node: Node | None) -> bool:
    """Say whether a node throws or waits for a message that has no name."""
    events = node.events if node else ()
    return any(event.kind is EventKind.MESSAGE and not event.ref for event in events)


def _rename(process: Process, named: Mapping[str, str]) -> Process:
    nodes = {
        ident: _with_name(node, named[ident]) if ident in named else node
        for ident, node in process.nodes.items()
    }
    return replace(process, nodes=MappingProxyType(nodes))


def _with_name(node: Node, name: str) -> Node:
    events = (
        replace(event, ref=name) if event.kind is EventKind.MESSAGE and not event.ref else event
        for event in node.events
    )
    return replace(node, events=tuple(events))
