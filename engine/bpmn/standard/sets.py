"""Inputs, outputs and their sets: in their place, in their number, and told of each other."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.items import data_of
from engine.bpmn.standard.kinds import EVENTS
from engine.bpmn.standard.sheet import Sheet, here

CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")
WAYS = (
    ("dataInput", "inputSet", "dataInputRefs"),
    ("dataOutput", "outputSet", "dataOutputRefs"),
)
PAIRS = (
    ("inputSet", "outputSetRefs", "inputSetRefs"),
    ("outputSet", "inputSetRefs", "outputSetRefs"),
)
SPEAKING = (
    ("serviceTask", "operationRef", "inputSet", 1),
    ("serviceTask", "operationRef", "outputSet", 0),
    ("sendTask", "messageRef", "inputSet", 0),
    ("sendTask", "messageRef", "dataInput", 0),
    ("receiveTask", "messageRef", "outputSet", 0),
    ("receiveTask", "messageRef", "dataOutput", 0),
)
"""Of what a task that speaks has one at most, and how many at least."""
HOLDING = (
    *(("startEvent", "dataOutput"), ("intermediateCatchEvent", "dataOutput")),
    *(("boundaryEvent", "dataOutput"), ("intermediateThrowEvent", "dataInput")),
    ("endEvent", "dataInput"),
)


def io_of_sub_process(sheet: Sheet) -> Iterator[Spot]:
    """Sub-processes with an ioSpecification: their data are those that are drawn in them."""
    for element in sheet.all(*CONTAINERS):
        if xml.child(element, BPMN, "ioSpecification") is not None:
            yield here(element)


def in_no_set(sheet: Sheet) -> Iterator[Spot]:
    """Inputs and outputs that no set of their specification lists; optional ones are listed too."""
    for specification in sheet.all("ioSpecification"):
        for tag, holder, refs in WAYS:
            listed = {
                local(xml.text(each))
                for group in xml.children(specification, BPMN, holder)
                for each in xml.children(group, BPMN, refs)
            }
            for item in xml.children(specification, BPMN, tag):
                if xml.attribute(item, "id") not in listed:
                    yield here(item)


def one_sided_pairs(sheet: Sheet) -> Iterator[Spot]:
    """Sets that name one of the other side which does not name them."""
    for tag, ours, theirs in PAIRS:
        for each in sheet.all(tag):
            for ref in xml.children(each, BPMN, ours):
                other = sheet.named.get(local(xml.text(ref)))
                back = () if other is None else xml.children(other, BPMN, theirs)
                if xml.attribute(each, "id") not in {local(xml.text(one)) for one in back}:
                    yield here(each, ref=xml.text(ref))


def more_than_one(sheet: Sheet) -> Iterator[Spot]:
    """Tasks that speak, with another number of inputs, outputs or sets than one."""
    for tag, key, part, least in SPEAKING:
        for task in sheet.all(tag):
            count = sum(1 for _each in data_of(task, part))
            if xml.attribute(task, key) and not least <= count <= 1:
                yield here(task, tag=part, count=count)


def data_beside_events(sheet: Sheet) -> Iterator[Spot]:
    """Events with another number of data than of what they wait for or throw."""
    for tag, part in HOLDING:
        for event in sheet.all(tag):
            held = sum(1 for _each in data_of(event, part))
            said = sum(1 for each in event if xml.name(each) in {*EVENTS, "eventDefinitionRef"})
            if held and held != said:
                yield here(event, count=held, events=said)


def against_the_stream(sheet: Sheet) -> Iterator[Spot]:
    """Associations inside a process that fill its inputs, or read its outputs."""
    ends = {
        tag: {
            xml.attribute(each, "id")
            for home in sheet.all("process")
            for each in data_of(home, tag)
        }
        for tag in ("dataInput", "dataOutput")
    }
    for tag, end, own in (
        ("dataOutputAssociation", "targetRef", "dataInput"),
        ("dataInputAssociation", "sourceRef", "dataOutput"),
    ):
        for association in sheet.all(tag):
            for ref in xml.children(association, BPMN, end):
                if local(xml.text(ref)) in ends[own]:
                    yield here(association, ref=local(xml.text(ref)))
