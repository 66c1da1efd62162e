"""Link events: a throw and its catch are one jump inside a scope, drawn without a line."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from engine.bpmn.model import EventKind, Flow, Kind, Node, Process


def link_of(node: Node) -> str:
    """Return the name of the link that a throwing or catching event has, "" without one."""
    if node.kind not in {Kind.THROW_EVENT, Kind.CATCH_EVENT}:
        return ""
    return next((event.ref for event in node.events if event.kind is EventKind.LINK), "")


def is_link(node: Node) -> bool:
    """Say whether a node is a link event, named or not."""
    return any(event.kind is EventKind.LINK for event in node.events)


def link_targets(process: Process, throw: Node) -> list[Node]:
    """Return the catching events that a throwing link may mean: exactly one is right."""
    return [
        node
        for node in process.inside(throw.scope)
        if node.kind is Kind.CATCH_EVENT and link_of(node) == link_of(throw)
    ]


def with_links(process: Process) -> Process:
    """Return the process with a flow for each jump, so that whoever walks its flows sees it."""
    jumps = {
        jump.id: jump
        for node in process.nodes.values()
        if node.kind is Kind.THROW_EVENT and link_of(node)
        for target in link_targets(process, node)[:1]
        for jump in [Flow(f"{node.id}=>{target.id}", node.id, target.id)]
    }
    if not jumps:
        return process
    return replace(process, flows=MappingProxyType({**process.flows, **jumps}))
