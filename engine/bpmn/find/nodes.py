"""Faults of single nodes: what an element needs in order to run is not drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.mapping import read_mapping
from engine.bpmn.model import Kind, Node, Process, TimerKind
from engine.bpmn.starts import event_starts, plain_starts, starts_in
from engine.errors import Invalid

ACTIVITIES = frozenset(
    {
        *(Kind.TASK, Kind.USER_TASK, Kind.MANUAL_TASK, Kind.SERVICE_TASK, Kind.SCRIPT_TASK),
        *(Kind.RULE_TASK, Kind.SEND_TASK, Kind.RECEIVE_TASK, Kind.SUB_PROCESS),
        *(Kind.TRANSACTION, Kind.AD_HOC, Kind.CALL_ACTIVITY),
    }
)
MAX_ROUNDS = 1_000_000
REPEATS = re.compile(r"\s*R(\d{1,12})/", re.ASCII)
PEOPLE = frozenset({Kind.USER_TASK, Kind.MANUAL_TASK})


def _of(process: Process, *kinds: Kind) -> Iterator[Node]:
    return (node for node in process.nodes.values() if node.kind in kinds)


def _scopes(process: Process) -> Iterator[tuple[str, str]]:
    yield "", process.name or process.id
    for node in _of(process, Kind.SUB_PROCESS, Kind.TRANSACTION):
        yield node.id, node.name or node.id


def no_start(process: Process) -> Iterator[Spot]:
    """Scopes in which nothing can begin."""
    for scope, name in _scopes(process):
        begun = plain_starts(process, scope)
        if not begun and not starts_in(process, scope) and (scope or not event_starts(process)):
            yield Spot(scope or process.id, {"name": name})


def people_without_lane(process: Process) -> Iterator[Spot]:
    """User tasks outside any lane: nobody's work."""
    return (at(node) for node in _of(process, *PEOPLE) if not node.lane)


def people_without_outcomes(process: Process) -> Iterator[Spot]:
    """User tasks without outcomes: no button to press."""
    return (at(node) for node in _of(process, *PEOPLE) if not node.properties.get("outcomes"))


def calls_of_nothing(process: Process) -> Iterator[Spot]:
    """Call activities that name no process."""
    return (at(node) for node in _of(process, Kind.CALL_ACTIVITY) if not node.called)


def many_of_nothing(process: Process) -> Iterator[Spot]:
    """Multi-instance activities that do not say how many."""
    for node in process.nodes.values():
        if node.multi and not node.multi.collection and not node.multi.cardinality:
            yield at(node)


def endless_loops(process: Process) -> Iterator[Spot]:
    """Loops with neither a condition nor a number of rounds that can be counted to."""
    for node in process.nodes.values():
        if node.loop is None:
            continue
        maximum = node.loop.maximum
        short = maximum.isascii() and maximum.isdigit() and len(maximum) <= 7
        counted = short and 0 < int(maximum) <= MAX_ROUNDS
        if not (counted or (node.loop.condition and not maximum)):
            yield at(node, limit=MAX_ROUNDS)


def timers_without_time(process: Process) -> Iterator[Spot]:
    """Timers that do not say when."""
    for node in process.nodes.values():
        if any(event.kind == "timerEventDefinition" and not event.text for event in node.events):
            yield at(node)


def repeating_waits(process: Process) -> Iterator[Spot]:
    """Timers in the flow that come several times, while a token goes on but once."""
    for node in _of(process, Kind.CATCH_EVENT):
        if any(each.timer is TimerKind.CYCLE and _comes_again(each.text) for each in node.events):
            yield at(node)


def _comes_again(text: str) -> bool:
    counted = REPEATS.match(text)
    return counted is not None and int(counted[1]) > 1


def loose_boundary(process: Process) -> Iterator[Spot]:
    """Boundary events that sit on no activity of their scope."""
    for node in _of(process, Kind.BOUNDARY_EVENT):
        host = process.nodes.get(node.attached_to)
        if host is None or host.kind not in ACTIVITIES or host.scope != node.scope:
            yield at(node)


def silent_boundary(process: Process) -> Iterator[Spot]:
    """Boundary events that lead nowhere."""
    return (at(node) for node in _of(process, Kind.BOUNDARY_EVENT) if not process.outgoing(node.id))


def empty_scripts(process: Process) -> Iterator[Spot]:
    """Script tasks without a line."""
    return (at(node) for node in _of(process, Kind.SCRIPT_TASK) if not node.script)


def services_of_nothing(process: Process) -> Iterator[Spot]:
    """Service tasks that name no operation."""
    return (at(node) for node in _of(process, Kind.SERVICE_TASK) if not node.operation)


def rules_of_nothing(process: Process) -> Iterator[Spot]:
    """Business rule tasks that name no decision table."""
    return (at(node) for node in _of(process, Kind.RULE_TASK) if not node.decision)


def malformed_mappings(process: Process) -> Iterator[Spot]:
    """`in` and `out` properties that are no lists of assignments."""
    for node in process.nodes.values():
        for key in ("in", "out"):
            try:
                read_mapping(node.properties.get(key, ""))
            except Invalid as error:
                yield at(node, key=key, reason=error.text)


def drawn_only(process: Process) -> Iterator[Spot]:
    """Processes marked as drawings that are not to be run."""
    if not process.executable:
        yield Spot(process.id, {"name": process.name or process.id})
