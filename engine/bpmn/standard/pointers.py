"""Every reference that BPMN 2.0 knows between elements, and what it may lead to.

A reference into another file (its prefix is another namespace's) is nobody's fault here.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.model import EventKind, Kind
from engine.bpmn.references import BPMN
from engine.bpmn.standard.sheet import Sheet, here

EVENTS = frozenset(kind.value for kind in EventKind)
NODES = frozenset(kind.value for kind in Kind)
ACTIVITIES = frozenset(tag for tag in NODES if tag.endswith(("ask", "rocess", "ctivity", "action")))
DATA = frozenset(
    {
        *("dataObject", "dataObjectReference", "dataStoreReference", "property"),
        *("dataInput", "dataOutput"),
    }
)
ITEM, MESSAGE, OPERATION = (frozenset({tag}) for tag in ("itemDefinition", "message", "operation"))
FLOW, PARTICIPANT = frozenset({"sequenceFlow"}), frozenset({"participant"})
COLLABORATION = frozenset({"collaboration", "globalConversation", "choreography"})

ATTRIBUTES = MappingProxyType(
    {
        ("participant", "processRef"): frozenset({"process"}),
        ("dataObjectReference", "dataObjectRef"): frozenset({"dataObject"}),
        ("dataStoreReference", "dataStoreRef"): frozenset({"dataStore"}),
        ("message", "itemRef"): ITEM,
        ("signal", "structureRef"): ITEM,
        ("error", "structureRef"): ITEM,
        ("escalation", "structureRef"): ITEM,
        ("messageEventDefinition", "messageRef"): MESSAGE,
        ("signalEventDefinition", "signalRef"): frozenset({"signal"}),
        ("errorEventDefinition", "errorRef"): frozenset({"error"}),
        ("escalationEventDefinition", "escalationRef"): frozenset({"escalation"}),
        ("compensateEventDefinition", "activityRef"): ACTIVITIES,
        ("sendTask", "messageRef"): MESSAGE,
        ("receiveTask", "messageRef"): MESSAGE,
        ("sendTask", "operationRef"): OPERATION,
        ("receiveTask", "operationRef"): OPERATION,
        ("serviceTask", "operationRef"): OPERATION,
        ("messageFlow", "messageRef"): MESSAGE,
        ("group", "categoryValueRef"): frozenset({"categoryValue"}),
        ("process", "definitionalCollaborationRef"): COLLABORATION,
        ("callConversation", "calledCollaborationRef"): COLLABORATION,
        ("correlationPropertyRetrievalExpression", "messageRef"): MESSAGE,
        ("correlationPropertyBinding", "correlationPropertyRef"): frozenset(
            {"correlationProperty"}
        ),
        ("resourceParameterBinding", "parameterRef"): frozenset({"resourceParameter"}),
        ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): EVENTS,
        ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): EVENTS,
        **{(tag, "itemSubjectRef"): ITEM for tag in (*sorted(DATA), "dataStore")},
    }
)
CHILDREN = MappingProxyType(
    {
        ("lane", "flowNodeRef"): NODES,
        ("inputSet", "dataInputRefs"): frozenset({"dataInput"}),
        ("inputSet", "optionalInputRefs"): frozenset({"dataInput"}),
        ("outputSet", "dataOutputRefs"): frozenset({"dataOutput"}),
        ("outputSet", "optionalOutputRefs"): frozenset({"dataOutput"}),
        ("operation", "inMessageRef"): MESSAGE,
        ("operation", "outMessageRef"): MESSAGE,
        ("operation", "errorRef"): frozenset({"error"}),
        ("messageEventDefinition", "operationRef"): OPERATION,
        ("linkEventDefinition", "source"): frozenset({"linkEventDefinition"}),
        ("linkEventDefinition", "target"): frozenset({"linkEventDefinition"}),
        ("correlationKey", "correlationPropertyRef"): frozenset({"correlationProperty"}),
        ("participantAssociation", "innerParticipantRef"): PARTICIPANT,
        ("participantAssociation", "outerParticipantRef"): PARTICIPANT,
        ("conversation", "participantRef"): PARTICIPANT,
        ("conversation", "messageFlowRef"): frozenset({"messageFlow"}),
        ("process", "supports"): frozenset({"process"}),
        ("potentialOwner", "resourceRef"): frozenset({"resource"}),
        ("performer", "resourceRef"): frozenset({"resource"}),
        ("humanPerformer", "resourceRef"): frozenset({"resource"}),
        **{(tag, way): FLOW for tag in sorted(NODES) for way in ("incoming", "outgoing")},
    }
)
"""References written as a child element, by the tags of both."""

OF_EVENTS = frozenset({"messageRef", "signalRef", "errorRef", "escalationRef"})


def _pointers(sheet: Sheet) -> Iterator[tuple[xml.Element, str, str, frozenset[str]]]:
    for (tag, key), kinds in ATTRIBUTES.items():
        for element in sheet.all(tag):
            yield element, key, xml.attribute(element, key), kinds
    for (tag, key), kinds in CHILDREN.items():
        for element in sheet.all(tag):
            for child in xml.children(element, BPMN, key):
                yield element, key, xml.text(child), kinds


def _found(sheet: Sheet) -> Iterator[tuple[Spot, str | None, frozenset[str]]]:
    """Yield each reference within the file with the tag it leads to, None where it leads nowhere.

    An id may hold a colon itself: it is looked for as written first.
    """
    for element, key, written, kinds in _pointers(sheet):
        prefix, _colon, ident = written.rpartition(":")
        if not written or (prefix in sheet.prefixes and written not in sheet.tags):
            continue
        tag = sheet.tags.get(written) or sheet.tags.get(ident)
        yield here(element, key=key, ref=written), tag, kinds


def leading_nowhere(sheet: Sheet) -> Iterator[Spot]:
    """References to what is not in the file; what an event refers to has a rule of its own."""
    for spot, tag, _kinds in _found(sheet):
        if tag is None and spot.words["key"] not in OF_EVENTS:
            yield spot


def leading_astray(sheet: Sheet) -> Iterator[Spot]:
    """References to an element of another kind than the one that belongs there."""
    for spot, tag, kinds in _found(sheet):
        if tag is not None and tag not in kinds:
            yield Spot(spot.element, {**spot.words, "tag": tag})


def definitions_nowhere(sheet: Sheet) -> Iterator[Spot]:
    """Events that name a shared definition which is not in the file: they would mean nothing."""
    for element in sheet.all("eventDefinitionRef"):
        ref = xml.text(element)
        if sheet.tags.get(ref.rpartition(":")[2]) not in EVENTS:
            yield here(element, ref=ref)
