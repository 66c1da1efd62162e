"""Kinds of data: associations, messages and calls join what is of one kind."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.kinds import DATA, THROWING
from engine.bpmn.standard.sheet import Sheet, here

ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
POINTING = (("dataObjectReference", "dataObjectRef"), ("dataStoreReference", "dataStoreRef"))
COLLECTIONS = ("dataObject", "dataInput", "dataOutput")
ROOTS = ("message", "signal", "error", "escalation")
TRUE = frozenset({"true", "1"})


def kinds_of_items(sheet: Sheet) -> dict[str, str]:
    """Return what each item definition holds, by its id; where it does not say, only itself."""
    return {
        ident: xml.attribute(each, "structureRef") or ident
        for each in sheet.all("itemDefinition")
        if (ident := xml.attribute(each, "id"))
    }


def kinds_of_data(sheet: Sheet) -> dict[str, str]:
    """Return the kinds of data that are drawn with one, by id; a reference has its data's."""
    items = kinds_of_items(sheet)
    kinds = {
        xml.attribute(each, "id"): items.get(local(xml.attribute(each, "itemSubjectRef")), "")
        for each in sheet.all(*sorted(DATA), "dataStore")
    }
    for tag, key in POINTING:
        for each in sheet.all(tag):
            ident = xml.attribute(each, "id")
            kinds[ident] = kinds[ident] or kinds.get(local(xml.attribute(each, key)), "")
    return kinds


def kinds_differ(sheet: Sheet) -> Iterator[Spot]:
    """Associations between data of different kinds, without a transformation."""
    kinds = kinds_of_data(sheet)
    for association in sheet.all(*ASSOCIATIONS):
        ends = [
            kinds.get(local(xml.text(end)), "")
            for tag in ("sourceRef", "targetRef")
            for end in xml.children(association, BPMN, tag)
        ]
        changed = xml.child(association, BPMN, "transformation") is not None
        if not changed and len(set(filter(None, ends))) > 1:
            yield here(association)


def collections_differ(sheet: Sheet) -> Iterator[Spot]:
    """Data drawn as one thing of a kind that is a collection, or the other way round."""
    many = {
        xml.attribute(each, "id"): xml.attribute(each, "isCollection") in TRUE
        for each in sheet.all("itemDefinition")
    }
    for each in sheet.all(*COLLECTIONS):
        kind = local(xml.attribute(each, "itemSubjectRef"))
        if many.get(kind, False) != (xml.attribute(each, "isCollection") in TRUE) and kind in many:
            yield here(each, ref=kind)


def messages_of_another_kind(sheet: Sheet) -> Iterator[Spot]:
    """What sends or hears a message, signal, error … whose kind none of its data has."""
    data, items = kinds_of_data(sheet), kinds_of_items(sheet)
    for element, way, ref in _said(sheet):
        root = sheet.named.get(ref)
        if root is None:
            continue
        key = "itemRef" if xml.name(root) == "message" else "structureRef"
        kind = items.get(local(xml.attribute(root, key)), "")
        held = {data.get(xml.attribute(each, "id"), "") for each in data_of(element, way)} - {""}
        if kind and held and kind not in held:
            yield here(element, ref=xml.attribute(root, "name") or ref)


def _said(sheet: Sheet) -> Iterator[tuple[xml.Element, str, str]]:
    """Yield what speaks, the tag of the data it speaks with, and the id of what it says."""
    for tag, way in (("sendTask", "dataInput"), ("receiveTask", "dataOutput")):
        for task in sheet.all(tag):
            yield task, way, local(xml.attribute(task, "messageRef"))
    for task in sheet.all("serviceTask"):
        operation = sheet.named.get(local(xml.attribute(task, "operationRef")))
        for tag, way in (("inMessageRef", "dataInput"), ("outMessageRef", "dataOutput")):
            if operation is not None:
                yield task, way, local(xml.text(xml.child(operation, BPMN, tag)))
    for tag in ROOTS:
        for definition in sheet.all(f"{tag}EventDefinition"):
            event = xml.parent(definition)
            if event is not None:
                way = "dataInput" if xml.name(event) in THROWING else "dataOutput"
                yield event, way, local(xml.attribute(definition, f"{tag}Ref"))


def data_of(element: xml.Element, way: str) -> Iterator[xml.Element]:
    """Yield the inputs or outputs of an activity, a process or an event; `way` is their tag."""
    specification = xml.child(element, BPMN, "ioSpecification")
    return xml.children(element if specification is None else specification, BPMN, way)
