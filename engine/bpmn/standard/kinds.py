"""Which elements BPMN 2.0 lets refer to which, by tag: in an attribute, or in a child element.

Not asked for here: what a call calls and what a multi-instance goes through. Those may be names of
what is drawn elsewhere, or is known when the diagram runs.
"""

from __future__ import annotations

from types import MappingProxyType

from engine.bpmn.model import EventKind, Kind

EVENTS = frozenset(kind.value for kind in EventKind)
NODES = frozenset(kind.value for kind in Kind)
ACTIVITIES = frozenset(tag for tag in NODES if tag.endswith(("ask", "rocess", "ctivity", "action")))
GATEWAYS = frozenset(tag for tag in NODES if tag.endswith("Gateway"))
THROWING = frozenset({Kind.THROW_EVENT.value, Kind.END_EVENT.value})
DATA = frozenset(
    {
        *("dataObject", "dataObjectReference", "dataStoreReference", "property"),
        *("dataInput", "dataOutput"),
    }
)
ITEMS = ("dataStore", "inputDataItem", "outputDataItem")
EXPRESSIONS = frozenset(
    {
        *("conditionExpression", "completionCondition", "loopCondition", "loopCardinality"),
        *("activationCondition", "condition", "transformation", "messagePath", "dataPath"),
        *("timeDate", "timeDuration", "timeCycle", "from", "to", "formalExpression"),
    }
)

ANY: frozenset[str] = frozenset()
"""Whatever has an id."""
ITEM, MESSAGE, OPERATION = (frozenset({tag}) for tag in ("itemDefinition", "message", "operation"))
FLOW, PARTICIPANT = frozenset({"sequenceFlow"}), frozenset({"participant"})
INPUT, OUTPUT = frozenset({"dataInput"}), frozenset({"dataOutput"})
INPUT_SET, OUTPUT_SET = frozenset({"inputSet"}), frozenset({"outputSet"})
INTERFACE, RESOURCE = frozenset({"interface"}), frozenset({"resource"})
CHOREOGRAPHY = frozenset({"choreography"})
PROPERTY = frozenset({"correlationProperty"})
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
        ("resourceParameter", "type"): ITEM,
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
        ("association", "sourceRef"): ANY,
        ("association", "targetRef"): ANY,
        ("group", "categoryValueRef"): frozenset({"categoryValue"}),
        ("lane", "partitionElementRef"): ANY,
        ("process", "definitionalCollaborationRef"): COLLABORATION,
        ("callConversation", "calledCollaborationRef"): COLLABORATION,
        ("correlationPropertyRetrievalExpression", "messageRef"): MESSAGE,
        ("correlationPropertyBinding", "correlationPropertyRef"): PROPERTY,
        ("correlationSubscription", "correlationKeyRef"): frozenset({"correlationKey"}),
        ("resourceParameterBinding", "parameterRef"): frozenset({"resourceParameter"}),
        ("ioBinding", "operationRef"): OPERATION,
        ("ioBinding", "inputDataRef"): INPUT_SET | INPUT,
        ("ioBinding", "outputDataRef"): OUTPUT_SET | OUTPUT,
        ("multiInstanceLoopCharacteristics", "noneBehaviorEventRef"): EVENTS,
        ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef"): EVENTS,
        **{(tag, "itemSubjectRef"): ITEM for tag in (*sorted(DATA), *ITEMS)},
        **{(tag, "evaluatesToTypeRef"): ITEM for tag in sorted(EXPRESSIONS)},
    }
)
CHILDREN = MappingProxyType(
    {
        ("lane", "flowNodeRef"): NODES,
        ("inputSet", "dataInputRefs"): INPUT,
        ("inputSet", "optionalInputRefs"): INPUT,
        ("inputSet", "whileExecutingInputRefs"): INPUT,
        ("inputSet", "outputSetRefs"): OUTPUT_SET,
        ("outputSet", "dataOutputRefs"): OUTPUT,
        ("outputSet", "optionalOutputRefs"): OUTPUT,
        ("outputSet", "whileExecutingOutputRefs"): OUTPUT,
        ("outputSet", "inputSetRefs"): INPUT_SET,
        ("operation", "inMessageRef"): MESSAGE,
        ("operation", "outMessageRef"): MESSAGE,
        ("operation", "errorRef"): frozenset({"error"}),
        ("messageEventDefinition", "operationRef"): OPERATION,
        ("linkEventDefinition", "source"): frozenset({"linkEventDefinition"}),
        ("linkEventDefinition", "target"): frozenset({"linkEventDefinition"}),
        ("correlationKey", "correlationPropertyRef"): PROPERTY,
        ("participant", "interfaceRef"): INTERFACE,
        ("participant", "endPointRef"): frozenset({"endPoint"}),
        ("partnerEntity", "participantRef"): PARTICIPANT,
        ("partnerRole", "participantRef"): PARTICIPANT,
        ("participantAssociation", "innerParticipantRef"): PARTICIPANT,
        ("participantAssociation", "outerParticipantRef"): PARTICIPANT,
        ("collaboration", "choreographyRef"): CHOREOGRAPHY,
        ("conversation", "participantRef"): PARTICIPANT,
        ("conversation", "messageFlowRef"): frozenset({"messageFlow"}),
        ("process", "supports"): frozenset({"process"}),
        ("process", "supportedInterfaceRef"): INTERFACE,
        ("potentialOwner", "resourceRef"): RESOURCE,
        ("performer", "resourceRef"): RESOURCE,
        ("humanPerformer", "resourceRef"): RESOURCE,
        ("resourceRole", "resourceRef"): RESOURCE,
        **{(tag, way): FLOW for tag in sorted(NODES) for way in ("incoming", "outgoing")},
    }
)
