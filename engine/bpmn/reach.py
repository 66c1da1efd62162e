"""Which nodes a token may stand on and still come in by a given flow: what inclusive joins ask.

A path follows sequence flows (links are flows by then), and boundary events from the activity they
sit on. It is read off the drawing once; whether a condition would let the token through is not
asked.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.model import Process


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
    for node in process.nodes.values():
        if node.attached_to:
            before.setdefault(node.id, []).append(node.attached_to)
    return before
