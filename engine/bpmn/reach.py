"""Which nodes a token may stand on and still come in by a given flow: what inclusive joins ask.

A path follows sequence flows, boundary events from the activity they sit on, and links by name. It
is read off the drawing once; whether a condition would let the token through is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.model import EventKind, Kind, Node, Process


def arrivals_from(process: Process, gateway: str) -> Mapping[str, frozenset[str]]:
    """Return, for each node, the incoming flows of a gateway that it leads to.

    Only paths that do not pass through the gateway itself count. Nodes that lead to none are left
    out.
    """
    before = _steps_back(process)
    found: dict[str, set[str]] = {}
    for flow in process.incoming(gateway):
        for ident in _upstream(before, flow.source, gateway):
            found.setdefault(ident, set()).add(flow.id)
    return {ident: frozenset(flows) for ident, flows in found.items()}


def _upstream(before: Mapping[str, list[str]], last: str, gateway: str) -> set[str]:
    """Return `last` and the nodes that lead to it around the gateway."""
    reached = {last} - {gateway}
    todo = list(reached)
    while todo:
        for ident in before.get(todo.pop(), ()):
            if ident != gateway and ident not in reached:
                reached.add(ident)
                todo.append(ident)
    return reached


def _steps_back(process: Process) -> Mapping[str, list[str]]:
    before: dict[str, list[str]] = {}
    for flow in process.flows.values():
        before.setdefault(flow.target, []).append(flow.source)
    throwers: dict[tuple[str, str], list[str]] = {}
    for node in process.nodes.values():
        if node.attached_to:
            before.setdefault(node.id, []).append(node.attached_to)
        if node.kind is Kind.THROW_EVENT and (name := _link(node)):
            throwers.setdefault((node.scope, name), []).append(node.id)
    for node in process.nodes.values():
        if node.kind is Kind.CATCH_EVENT and (name := _link(node)):
            before.setdefault(node.id, []).extend(throwers.get((node.scope, name), ()))
    return before


def _link(node: Node) -> str:
    return next((event.ref for event in node.events if event.kind is EventKind.LINK), "")
