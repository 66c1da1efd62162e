"""Reads one flow node: attributes, events, repetition, and our properties."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine import xml
from engine.bpmn.model import (
    EventDefinition,
    EventKind,
    Kind,
    MultiInstance,
    Node,
    TimerKind,
    Unknown,
)

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
PARAMETER = "param."

IGNORED = frozenset(
    {
        *("documentation", "extensionElements", "incoming", "outgoing", "textAnnotation"),
        *("association", "group", "laneSet", "dataObject", "dataObjectReference"),
        *("dataStoreReference", "ioSpecification", "property", "dataInputAssociation"),
        *("dataOutputAssociation", "dataInput", "dataOutput", "inputSet", "outputSet"),
        *("auditing", "monitoring", "category", "supports", "performer", "humanPerformer"),
        *("potentialOwner", "resourceRole", "rendering", "script", "text"),
    }
)
"""What documents a diagram, or is read elsewhere, and does not change how it runs."""

REPETITION = frozenset({"multiInstanceLoopCharacteristics", "standardLoopCharacteristics"})

OWN = frozenset(
    {
        *("id", "name", "attachedToRef", "cancelActivity", "default", "calledElement"),
        *("triggeredByEvent", "implementation", "gatewayDirection"),
    }
)
EVENTS = {kind.value: kind for kind in EventKind}
REFERENCES = {
    EventKind.MESSAGE: "messageRef",
    EventKind.SIGNAL: "signalRef",
    EventKind.ERROR: "errorRef",
    EventKind.ESCALATION: "escalationRef",
    EventKind.LINK: "name",
    EventKind.COMPENSATE: "activityRef",
}


def properties(element: xml.Element) -> Mapping[str, str]:
    """Return the `spiffworkflow:property` values of an element, unknown ones included."""
    extensions = xml.child(element, BPMN, "extensionElements")
    group = None if extensions is None else xml.child(extensions, SPIFF, "properties")
    if group is None:
        return MappingProxyType({})
    pairs = xml.children(group, SPIFF, "property")
    return MappingProxyType(
        {xml.attribute(each, "name"): xml.attribute(each, "value") for each in pairs}
    )


def read_node(element: xml.Element, *, scope: str, lane: str) -> tuple[Node, list[Unknown]]:
    """Read a flow node and what is drawn on it that the model has no place for."""
    kind = Kind(xml.name(element))
    given = properties(element)
    node = Node(
        id=xml.attribute(element, "id"),
        kind=kind,
        name=xml.attribute(element, "name"),
        lane=lane,
        scope=scope,
        events=_events(element),
        attached_to=xml.attribute(element, "attachedToRef"),
        interrupting=xml.attribute(element, "cancelActivity") != "false",
        default_flow=xml.attribute(element, "default"),
        called=xml.attribute(element, "calledElement"),
        decision=given.get("decision", "") or _called_decision(element),
        script=xml.text(xml.child(element, BPMN, "script")),
        operation=given.get("operation", ""),
        multi=_multi(element, given),
        loop=xml.child(element, BPMN, "standardLoopCharacteristics") is not None,
        triggered_by_event=xml.attribute(element, "triggeredByEvent") == "true",
        properties=given,
        parameters=_parameters(given),
        attributes=_attributes(element),
    )
    return node, _unknown(element, node)


def _attributes(element: xml.Element) -> Mapping[str, str]:
    rest = {key: value for key, value in xml.attributes(element).items() if key not in OWN}
    return MappingProxyType(rest)


def _parameters(given: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType(
        {
            name.removeprefix(PARAMETER): value
            for name, value in given.items()
            if name.startswith(PARAMETER)
        }
    )


def _called_decision(element: xml.Element) -> str:
    extensions = xml.child(element, BPMN, "extensionElements")
    if extensions is None:
        return ""
    return xml.text(xml.child(extensions, SPIFF, "calledDecisionId"))


def _events(element: xml.Element) -> tuple[EventDefinition, ...]:
    return tuple(
        _event(child, EVENTS[xml.name(child)])
        for child in xml.children(element, BPMN)
        if xml.name(child) in EVENTS
    )


def _event(element: xml.Element, kind: EventKind) -> EventDefinition:
    if kind is EventKind.TIMER:
        for timer in TimerKind:
            text = xml.child(element, BPMN, timer.value)
            if text is not None:
                return EventDefinition(kind, timer=timer, text=xml.text(text))
        return EventDefinition(kind)
    if kind is EventKind.CONDITION:
        return EventDefinition(kind, text=xml.text(xml.child(element, BPMN, "condition")))
    return EventDefinition(kind, ref=xml.attribute(element, REFERENCES.get(kind, "id")))


def _multi(element: xml.Element, given: Mapping[str, str]) -> MultiInstance | None:
    loop = xml.child(element, BPMN, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    return MultiInstance(
        sequential=xml.attribute(loop, "isSequential") == "true",
        cardinality=xml.text(xml.child(loop, BPMN, "loopCardinality")),
        collection=given.get("collection", "")
        or xml.text(xml.child(loop, BPMN, "loopDataInputRef")),
        completion=xml.text(xml.child(loop, BPMN, "completionCondition")),
    )


def _unknown(element: xml.Element, node: Node) -> list[Unknown]:
    known = {*EVENTS, *REPETITION}
    if node.kind in {Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC}:
        return []
    tags = (xml.name(child) for child in xml.children(element, BPMN))
    return [Unknown(node.id, tag, node.id) for tag in tags if tag not in known | IGNORED]
