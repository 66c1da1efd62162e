"""Data drawings that are not as BPMN says: sets, kinds of items, places."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.sheet import Sheet, here

CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")
ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
WAYS = (
    ("dataInput", "inputSet", ("dataInputRefs", "optionalInputRefs")),
    ("dataOutput", "outputSet", ("dataOutputRefs", "optionalOutputRefs")),
)


def io_of_sub_process(sheet: Sheet) -> Iterator[Spot]:
    """Sub-processes with an ioSpecification: their data are those that are drawn in them."""
    for element in sheet.all(*CONTAINERS):
        if xml.child(element, BPMN, "ioSpecification") is not None:
            yield here(element)


def in_no_set(sheet: Sheet) -> Iterator[Spot]:
    """Inputs and outputs that stand in none of the sets of their specification."""
    for specification in sheet.all("ioSpecification"):
        for tag, holder, refs in WAYS:
            listed = {
                local(xml.text(each))
                for group in xml.children(specification, BPMN, holder)
                for each in xml.children(group, BPMN)
                if xml.name(each) in refs
            }
            for item in xml.children(specification, BPMN, tag):
                if xml.attribute(item, "id") not in listed:
                    yield here(item)


def kinds_differ(sheet: Sheet) -> Iterator[Spot]:
    """Associations between items of different kinds, without a transformation."""
    kinds = {
        xml.attribute(each, "id"): xml.attribute(each, "itemSubjectRef")
        for each in sheet.all("dataObject", "property", "dataInput", "dataOutput")
    }
    for each in sheet.all("dataObjectReference"):
        ref = local(xml.attribute(each, "dataObjectRef"))
        kinds[xml.attribute(each, "id")] = kinds.get(ref, "")
    for association in sheet.all(*ASSOCIATIONS):
        ends = [
            kinds.get(local(xml.text(end)), "")
            for tag in ("sourceRef", "targetRef")
            for end in xml.children(association, BPMN, tag)
        ]
        changed = xml.child(association, BPMN, "transformation") is not None
        if not changed and len(set(filter(None, ends))) > 1:
            yield here(association)
