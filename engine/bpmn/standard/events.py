"""Events that run as drawn and still are not drawn as BPMN says, or that say two things."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot, at
from engine.bpmn.links import is_link
from engine.bpmn.model import EventKind, Kind, Node, Process
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.kinds import THROWING
from engine.bpmn.standard.sheet import Sheet, here
from engine.bpmn.starts import starts_in

BETWEEN = frozenset({Kind.CATCH_EVENT, Kind.THROW_EVENT})
ALWAYS_STOPS = frozenset({EventKind.ERROR, EventKind.CANCEL, EventKind.COMPENSATE})
RISING = frozenset({EventKind.ERROR, EventKind.ESCALATION})
CAUGHT_ONCE = frozenset({EventKind.ERROR, EventKind.CANCEL})
TIMES = ("timeDate", "timeDuration", "timeCycle")


def gentle_errors(sheet: Sheet) -> Iterator[Spot]:
    """Errors and cancellations drawn as not interrupting: they always interrupt."""
    for _process, node in sheet.nodes():
        kinds = {event.kind for event in node.events}
        if not node.interrupting and kinds & ALWAYS_STOPS:
            yield at(node)


def dead_ends(sheet: Sheet) -> Iterator[Spot]:
    """Intermediate events from which nothing leads on."""
    for process, node in sheet.nodes():
        jumps = is_link(node) and node.kind is Kind.THROW_EVENT
        if node.kind in BETWEEN and not jumps and not process.outgoing(node.id):
            yield at(node)


def beginning_between(sheet: Sheet) -> Iterator[Spot]:
    """Intermediate events that begin a level, since nothing leads to them and no start is drawn."""
    for process, node in sheet.nodes():
        jumped_to = is_link(node) and node.kind is Kind.CATCH_EVENT
        first = not process.incoming(node.id) and not starts_in(process, node.scope)
        if node.kind in BETWEEN and first and not jumped_to:
            yield at(node)


def several_times(sheet: Sheet) -> Iterator[Spot]:
    """Timers with more than one time: only one of them could count."""
    for timer in sheet.all(EventKind.TIMER.value):
        if sum(xml.child(timer, BPMN, tag) is not None for tag in TIMES) > 1:
            yield here(timer)


def errors_without_code(sheet: Sheet) -> Iterator[Spot]:
    """Errors and escalations that are thrown and have no code."""
    for tag, key in (("error", "errorCode"), ("escalation", "escalationCode")):
        thrown = {
            local(xml.attribute(event, f"{tag}Ref"))
            for event in sheet.all(f"{tag}EventDefinition")
            if (owner := xml.parent(event)) is not None and xml.name(owner) in THROWING
        }
        for each in sheet.all(tag):
            if xml.attribute(each, "id") in thrown and not xml.attribute(each, key):
                yield here(each, key=key)


def unnamed_throws(sheet: Sheet) -> Iterator[Spot]:
    """Errors and escalations that are thrown without saying which."""
    for _process, node in sheet.nodes():
        unnamed = any(event.kind in RISING and not event.ref for event in node.events)
        if unnamed and node.kind.value in THROWING:
            yield at(node)


def links_at_odds(sheet: Sheet) -> Iterator[Spot]:
    """Links that lead one way by their name and another by the link they refer to."""
    for link in sheet.all(EventKind.LINK.value):
        name, owner = xml.attribute(link, "name"), xml.parent(link)
        for ref in (*xml.children(link, BPMN, "target"), *xml.children(link, BPMN, "source")):
            other = sheet.named.get(local(xml.text(ref)))
            if other is None or xml.name(other) != EventKind.LINK.value or owner is None:
                continue
            if xml.attribute(other, "name") != name:
                yield here(owner, ref=xml.attribute(other, "name"))


def rivals(sheet: Sheet) -> Iterator[Spot]:
    """Events that catch what another beside them catches too: only one of them could be meant."""
    for process in sheet.processes():
        first: dict[tuple[str, str, str], Node] = {}
        for node in process.nodes.values():
            place = _catches_at(process, node)
            for event in node.events if place else ():
                if event.kind not in CAUGHT_ONCE:
                    continue
                other = first.setdefault((place, event.kind, event.ref), node)
                if other is not node:
                    yield at(node, other=other.name or other.id)


def _catches_at(process: Process, node: Node) -> str:
    """Return the activity or level whose errors an event catches, "" where it catches none."""
    if node.kind is Kind.BOUNDARY_EVENT:
        return f"on {node.attached_to}"
    handler = process.nodes.get(node.scope)
    inside = node.kind is Kind.START_EVENT and handler is not None and handler.triggered_by_event
    return f"in {handler.scope}" if inside and handler is not None else ""
