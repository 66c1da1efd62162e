"""Faults of call activities that the called process shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import Kind, Process
from engine.bpmn.starts import event_starts, plain_starts


def of_event_starts(processes: Mapping[str, Process]) -> Iterator[Spot]:
    """Calls of processes that begin only when something happens: a call is nothing to them."""
    waiting = {
        ident: each.name or ident
        for ident, each in processes.items()
        if event_starts(each) and not plain_starts(each)
    }
    for process in processes.values():
        for node in process.nodes.values():
            if node.kind is Kind.CALL_ACTIVITY and node.called in waiting:
                yield at(node, called=waiting[node.called])
