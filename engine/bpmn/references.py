"""What event definitions refer to: messages, signals, errors, escalations, shared definitions.

They stand at the root of a file and are named by reference. The model carries what is compared
when the diagram runs: the name of a message or signal, the code of an error or escalation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from engine import xml
from engine.bpmn.model import EventDefinition, EventKind, TimerKind

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
EVENTS = {kind.value: kind for kind in EventKind}
NAMED_BY = MappingProxyType(
    {
        "message": ("name", "id"),
        "signal": ("name", "id"),
        "error": ("errorCode", "name", "id"),
        "escalation": ("escalationCode", "name", "id"),
    }
)
"""Which attribute says what is compared: the first that is filled in."""

REFERENCES = {
    EventKind.MESSAGE: "messageRef",
    EventKind.SIGNAL: "signalRef",
    EventKind.ERROR: "errorRef",
    EventKind.ESCALATION: "escalationRef",
    EventKind.COMPENSATE: "activityRef",
}
ROOTED = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION})


def local(reference: str) -> str:
    """Strip the prefix of a qualified reference, as some modelers write it."""
    return reference.rpartition(":")[2]


@dataclass(frozen=True)
class References:
    """What the events of a file may refer to, by id."""

    names: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, xml.Element] = field(default_factory=dict)

    @classmethod
    def read(cls, root: xml.Element) -> References:
        """Collect the named elements and the event definitions at the root of a file."""
        names: dict[str, str] = {}
        shared: dict[str, xml.Element] = {}
        for element in xml.children(root, BPMN):
            ident, tag = xml.attribute(element, "id"), xml.name(element)
            if tag in NAMED_BY:
                values = (xml.attribute(element, key) for key in NAMED_BY[tag])
                names[ident] = next(filter(None, values), "")
            elif tag in EVENTS:
                shared[ident] = element
        return cls(names, shared)

    def events(self, element: xml.Element) -> Iterator[EventDefinition]:
        """Yield the event definitions of a node, shared ones too.

        A send or receive task counts as a message event.
        """
        if xml.name(element) in {"sendTask", "receiveTask"}:
            yield self._named(EventKind.MESSAGE, xml.attribute(element, "messageRef"))
        for child in xml.children(element, BPMN):
            tag = xml.name(child)
            definition = child
            if tag == "eventDefinitionRef":
                definition = self.shared.get(local(xml.text(child)), child)
            kind = EVENTS.get(xml.name(definition))
            if kind is not None:
                yield self.event(definition, kind)

    def event(self, element: xml.Element, kind: EventKind) -> EventDefinition:
        """Read one event definition."""
        if kind is EventKind.TIMER:
            return _timer(element)
        if kind is EventKind.CONDITION:
            return EventDefinition(kind, text=xml.text(xml.child(element, BPMN, "condition")))
        if kind is EventKind.LINK:
            return EventDefinition(kind, ref=xml.attribute(element, "name"))
        if kind not in REFERENCES:
            return EventDefinition(kind)
        return self._named(kind, xml.attribute(element, REFERENCES[kind]))

    def _named(self, kind: EventKind, reference: str) -> EventDefinition:
        reference = local(reference)
        if kind not in ROOTED or not reference:
            return EventDefinition(kind, ref=reference)
        known = reference in self.names
        return EventDefinition(kind, ref=self.names.get(reference, reference), dangling=not known)


def _timer(element: xml.Element) -> EventDefinition:
    for timer in TimerKind:
        text = xml.child(element, BPMN, timer.value)
        if text is not None:
            return EventDefinition(EventKind.TIMER, timer=timer, text=xml.text(text))
    return EventDefinition(EventKind.TIMER)
