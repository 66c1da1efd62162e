"""Reads one flow node: attributes, events, repetition, and our properties."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine import xml
from engine.bpmn.model import (
    Kind,
    Loop,
    MultiInstance,
    Node,
    Unknown,
)
from engine.bpmn.references import BPMN, EVENTS, References
from engine.bpmn.variables import as_name

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
        *("triggeredByEvent", "implementation", "gatewayDirection", "isInterrupting"),
    }
)


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


def read_node(
    element: xml.Element,
    references: References,
    *,
    scope: str,
    lane: str,
    kind: Kind | None = None,
) -> tuple[Node, list[Unknown]]:
    """Read a flow node and what is drawn on it that the model has no place for.

    `kind` is what the tag says unless it is given.
    """
    kind = kind or Kind(xml.name(element))
    given = properties(element)
    node = Node(
        id=xml.attribute(element, "id"),
        kind=kind,
        name=xml.attribute(element, "name"),
        lane=lane,
        scope=scope,
        events=tuple(references.events(element)),
        attached_to=xml.attribute(element, "attachedToRef"),
        interrupting=_interrupts(element, kind),
        default_flow=xml.attribute(element, "default"),
        called=xml.attribute(element, "calledElement"),
        decision=given.get("decision", "") or _called_decision(element),
        script=xml.text(xml.child(element, BPMN, "script")),
        operation=given.get("operation", ""),
        multi=_multi(element, given),
        loop=_loop(element),
        triggered_by_event=xml.attribute(element, "triggeredByEvent") in {"true", "1"},
        properties=given,
        parameters=_parameters(given),
        attributes=_attributes(element),
    )
    return node, _unknown(element, node)


def _interrupts(element: xml.Element, kind: Kind) -> bool:
    key = "isInterrupting" if kind is Kind.START_EVENT else "cancelActivity"
    return xml.attribute(element, key) not in {"false", "0"}


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


def _multi(element: xml.Element, given: Mapping[str, str]) -> MultiInstance | None:
    loop = xml.child(element, BPMN, "multiInstanceLoopCharacteristics")
    if loop is None:
        return None
    return MultiInstance(
        sequential=xml.attribute(loop, "isSequential") in {"true", "1"},
        cardinality=xml.text(xml.child(loop, BPMN, "loopCardinality")),
        collection=given.get("collection", "")
        or xml.text(xml.child(loop, BPMN, "loopDataInputRef")),
        completion=xml.text(xml.child(loop, BPMN, "completionCondition")),
        variable=_item(loop, "inputDataItem"),
        answer=_item(loop, "outputDataItem"),
        behavior=_behavior(loop),
    )


def _behavior(loop: xml.Element) -> str:
    """Return when a multi-instance throws events; drawn without an event it throws none."""
    throws = xml.child(loop, BPMN, "complexBehaviorDefinition") is not None or any(
        xml.attribute(loop, name) for name in ("noneBehaviorEventRef", "oneBehaviorEventRef")
    )
    return xml.attribute(loop, "behavior") if throws else ""


def _item(loop: xml.Element, tag: str) -> str:
    item = xml.child(loop, BPMN, tag)
    if item is None:
        return ""
    return as_name(xml.attribute(item, "name") or xml.attribute(item, "id"))


def _loop(element: xml.Element) -> Loop | None:
    loop = xml.child(element, BPMN, "standardLoopCharacteristics")
    if loop is None:
        return None
    return Loop(
        test_before=xml.attribute(loop, "testBefore") in {"true", "1"},
        maximum=xml.attribute(loop, "loopMaximum"),
        condition=xml.text(xml.child(loop, BPMN, "loopCondition")),
    )


def _unknown(element: xml.Element, node: Node) -> list[Unknown]:
    known = {*EVENTS, *REPETITION, "eventDefinitionRef"}
    if node.kind in {Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC}:
        return []
    if node.kind is Kind.COMPLEX:
        known.add("activationCondition")
    tags = (xml.name(child) for child in xml.children(element, BPMN))
    return [Unknown(node.id, tag, node.id) for tag in tags if tag not in known | IGNORED]
