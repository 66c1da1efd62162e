"""Calls and the data that the called process, drawn in the same file, asks for."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.mapping import read_mapping
from engine.bpmn.model import Kind, Node
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.items import data_of, kinds_of_data
from engine.bpmn.standard.sheet import Sheet, here
from engine.bpmn.variables import as_name
from engine.errors import Invalid

WAYS = ("dataInput", "dataOutput")


def _pairs(sheet: Sheet) -> Iterator[tuple[xml.Element, xml.Element]]:
    """Yield each call with the called process or task, where that says what data it has."""
    for call in sheet.all(Kind.CALL_ACTIVITY.value):
        called = sheet.named.get(local(xml.attribute(call, "calledElement")))
        if called is not None and xml.child(called, BPMN, "ioSpecification") is not None:
            yield call, called


def inputs_unpassed(sheet: Sheet) -> Iterator[Spot]:
    """Calls that pass nothing under the name of an input: it begins as null there."""
    nodes = {node.id: node for _process, node in sheet.nodes()}
    for call, called in _pairs(sheet):
        node = nodes.get(xml.attribute(call, "id"))
        passed = set(_passed(node)) if node else set()
        for wanted in data_of(called, "dataInput"):
            ident, name = xml.attribute(wanted, "id"), xml.attribute(wanted, "name")
            if not passed & {as_name(ident), name}:
                yield here(call, called=xml.attribute(called, "id"), ref=name or ident)


def _passed(node: Node) -> Iterator[str]:
    for variable in node.variables:
        if not variable.output:
            yield from (variable.name, *variable.called)
    try:
        yield from (name for name, _text in read_mapping(node.properties.get("in", "")))
    except Invalid:
        return  # told by `mapping.malformed`


def data_differ(sheet: Sheet) -> Iterator[Spot]:
    """Calls that draw inputs or outputs in another number or of other kinds than what is called."""
    kinds = kinds_of_data(sheet)
    for call, called in _pairs(sheet):
        ours, theirs = (
            [
                sorted(kinds.get(xml.attribute(each, "id"), "") for each in data_of(end, way))
                for way in WAYS
            ]
            for end in (call, called)
        )
        if xml.child(call, BPMN, "ioSpecification") is not None and ours != theirs:
            yield here(call, called=xml.attribute(called, "id"))
