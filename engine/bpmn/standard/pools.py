"""Pools, lanes and message flows: who talks to whom, and who has which step."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.message_flows import message_of
from engine.bpmn.model import EventKind, Kind, Node
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.kinds import ACTIVITIES
from engine.bpmn.standard.sheet import Sheet, here

SENDERS = frozenset({Kind.THROW_EVENT, Kind.END_EVENT})
COUNT = re.compile(r"-?\d{1,9}", re.ASCII)
RECEIVERS = frozenset({Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT})


def _ends(flow: xml.Element) -> tuple[str, str]:
    return local(xml.attribute(flow, "sourceRef")), local(xml.attribute(flow, "targetRef"))


def flows_inside(sheet: Sheet) -> Iterator[Spot]:
    """Message flows that stay within one pool."""
    for flow in sheet.all("messageFlow"):
        source, target = (sheet.homes.get(end) for end in _ends(flow))
        if source is not None and source == target:
            yield here(flow)


def flows_from_silence(sheet: Sheet) -> Iterator[Spot]:
    """Message flows whose ends cannot send or receive a message."""
    nodes = {ident: node for each in sheet.processes() for ident, node in each.nodes.items()}
    for flow in sheet.all("messageFlow"):
        source, target = _ends(flow)
        talks = _talks(sheet, source, nodes.get(source), SENDERS)
        if not talks or not _talks(sheet, target, nodes.get(target), RECEIVERS):
            yield here(flow)


def _talks(sheet: Sheet, ident: str, node: Node | None, events: frozenset[Kind]) -> bool:
    if node is None:
        return sheet.tags.get(ident) in {"participant", "conversation", "callConversation"}
    if node.kind.value in ACTIVITIES:
        return True
    return node.kind in events and any(each.kind is EventKind.MESSAGE for each in node.events)


def processes_twice(sheet: Sheet) -> Iterator[Spot]:
    """Pools that hold a process which an earlier pool holds already."""
    seen: set[str] = set()
    for pool in sheet.all("participant"):
        ref = local(xml.attribute(pool, "processRef"))
        if ref and ref in seen:
            yield here(pool, ref=ref)
        seen.add(ref)


def impossible_counts(sheet: Sheet) -> Iterator[Spot]:
    """Pools drawn for no participant at all, or for more at least than at most."""
    for each in sheet.all("participantMultiplicity"):
        least, most = (_count(each, *said) for said in (("minimum", 0), ("maximum", 1)))
        if least is not None and most is not None and not (0 <= least <= most and most > 0):
            yield here(each)


def _count(element: xml.Element, key: str, unsaid: int) -> int | None:
    written = xml.attribute(element, key)
    if not written:
        return unsaid
    return int(written) if COUNT.fullmatch(written) else None


def other_messages(sheet: Sheet) -> Iterator[Spot]:
    """Message flows that name a message which neither of their ends sends or hears."""
    nodes = {node.id: node for _process, node in sheet.nodes()}
    for flow in sheet.all("messageFlow"):
        message = sheet.named.get(local(xml.attribute(flow, "messageRef")))
        heard = {message_of(nodes[end]) for end in _ends(flow) if end in nodes} - {""}
        if message is None or xml.name(message) != "message" or not heard:
            continue
        name = xml.attribute(message, "name") or xml.attribute(message, "id")
        if name not in heard:
            yield here(flow, ref=name)


def nodes_twice(sheet: Sheet) -> Iterator[Spot]:
    """Elements in two lanes of one lane set: it would depend on the order whose they are."""
    for lanes in sheet.all("laneSet", "childLaneSet"):
        refs = Counter(
            ref
            for lane in xml.children(lanes, BPMN, "lane")
            for ref in {local(xml.text(each)) for each in xml.children(lane, BPMN, "flowNodeRef")}
        )
        for ref, count in refs.items():
            if count > 1:
                yield Spot(ref, {"name": ref, "line": xml.line_of(lanes)})


def nodes_elsewhere(sheet: Sheet) -> Iterator[Spot]:
    """Lanes that hold an element of another process."""
    for process in sheet.all("process"):
        own = xml.attribute(process, "id")
        for lane in xml.descendants(process, BPMN, "lane"):
            for each in xml.children(lane, BPMN, "flowNodeRef"):
                ref = local(xml.text(each))
                if sheet.homes.get(ref, own) != own:
                    yield here(lane, ref=ref)
