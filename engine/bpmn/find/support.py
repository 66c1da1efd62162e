"""What can run now, and what is drawn beyond it. Widening the engine starts here."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.find.events import runs_here
from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import (
    Diagram,
    EventKind,
    Kind,
    MultiInstance,
    Node,
    Process,
    quantity,
)
from engine.bpmn.starts import instantiates
from engine.i18n import _

SUPPORTED = frozenset(
    {
        *(Kind.START_EVENT, Kind.END_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT),
        *(Kind.USER_TASK, Kind.MANUAL_TASK, Kind.SCRIPT_TASK, Kind.SERVICE_TASK, Kind.RULE_TASK),
        *(Kind.EXCLUSIVE, Kind.PARALLEL, Kind.SUB_PROCESS, Kind.CALL_ACTIVITY, Kind.INCLUSIVE),
        *(Kind.THROW_EVENT, Kind.TASK, Kind.SEND_TASK, Kind.RECEIVE_TASK, Kind.EVENT_BASED),
        Kind.TRANSACTION,
    }
)

REPEATED_INSIDE = frozenset(
    {
        *(Kind.USER_TASK, Kind.MANUAL_TASK, Kind.SERVICE_TASK, Kind.SCRIPT_TASK, Kind.RULE_TASK),
        *(Kind.TASK, Kind.SEND_TASK, Kind.RECEIVE_TASK),
    }
)
REPEATED_OUTSIDE = frozenset({Kind.CALL_ACTIVITY, Kind.SUB_PROCESS})
REPEATED = REPEATED_INSIDE | REPEATED_OUTSIDE
"""Activities that can be multi-instance or loop: rounds inside, or children of their own."""

KIND_NAMES = {
    Kind.COMPLEX: _("复杂网关"),
    Kind.AD_HOC: _("即席子流程"),
}

EVENT_NAMES = {
    EventKind.TIMER: _("定时器事件"),
    EventKind.MESSAGE: _("消息事件"),
    EventKind.SIGNAL: _("信号事件"),
    EventKind.ERROR: _("错误事件"),
    EventKind.ESCALATION: _("升级事件"),
    EventKind.CONDITION: _("条件事件"),
    EventKind.LINK: _("链接事件"),
    EventKind.TERMINATE: _("终止事件"),
    EventKind.CANCEL: _("取消事件"),
    EventKind.COMPENSATE: _("补偿事件"),
}

QUANTITIES = ("startQuantity", "completionQuantity")
MAX_QUANTITY = 100


def unsupported_kinds(process: Process) -> Iterator[Spot]:
    """Nodes of a kind that the engine does not run."""
    for node in process.nodes.values():
        if node.kind not in SUPPORTED:
            yield at(node, kind=KIND_NAMES.get(node.kind, node.kind.value))


def unsupported_events(process: Process) -> Iterator[Spot]:
    """Events whose definition the engine does not run where it is drawn."""
    for node in process.nodes.values():
        for event in node.events:
            if not runs_here(process, node, event):
                yield at(node, event=EVENT_NAMES[event.kind])


def unsupported_repetition(process: Process) -> Iterator[Spot]:
    """Repetition of what cannot be repeated, or in a way that is not honoured."""
    for node in process.nodes.values():
        unable = node.multi is not None or not _repeats(node)
        loops = node.loop is not None and unable
        if loops or (node.multi and not _many_runs(node, node.multi)):
            yield at(node)


def _many_runs(node: Node, multi: MultiInstance) -> bool:
    return _repeats(node) and multi.behavior in {"", "All"}


def _repeats(node: Node) -> bool:
    """Say whether a node can be done again and again: what begins a process cannot."""
    return node.kind in REPEATED and not node.triggered_by_event and not instantiates(node)


def unsupported_attributes(process: Process) -> Iterator[Spot]:
    """Attributes that would change the run and are not honoured."""
    for node in process.nodes.values():
        if node.attributes.get("isForCompensation", "false") not in {"false", "0"}:
            yield at(node, attribute="isForCompensation")
        for name in QUANTITIES:
            if not 1 <= quantity(node, name) <= MAX_QUANTITY:
                yield at(node, attribute=name)


def unknown_elements(diagram: Diagram) -> Iterator[Spot]:
    """What is drawn in the BPMN namespace and has no place in the model."""
    for unknown in diagram.unknown:
        yield Spot(unknown.element or unknown.owner, {"tag": unknown.tag})
