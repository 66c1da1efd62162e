"""Multi-instances that say how many, of what and what is thrown in ways that do not agree."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.items import kinds_of_data, kinds_of_items
from engine.bpmn.standard.sheet import Sheet, here

MANY = "multiInstanceLoopCharacteristics"
COUNTS = ("loopCardinality", "loopDataInputRef")
LISTS = (("loopDataInputRef", "inputDataItem"), ("loopDataOutputRef", "outputDataItem"))


def counted_twice(sheet: Sheet) -> Iterator[Spot]:
    """Multi-instances that say how many in two ways."""
    for loop in sheet.all(MANY):
        if all(xml.child(loop, BPMN, tag) is not None for tag in COUNTS):
            yield here(loop)


def behaviour_without_event(sheet: Sheet) -> Iterator[Spot]:
    """Multi-instances that are to throw an event and do not name it: none is thrown."""
    refs = {"None": "noneBehaviorEventRef", "One": "oneBehaviorEventRef"}
    for loop in sheet.all(MANY):
        behavior = xml.attribute(loop, "behavior")
        ref = refs.get(behavior)
        if ref and not xml.attribute(loop, ref):
            yield here(loop, key=ref)
        if behavior == "Complex" and xml.child(loop, BPMN, "complexBehaviorDefinition") is None:
            yield here(loop, key="complexBehaviorDefinition")


def items_of_another_kind(sheet: Sheet) -> Iterator[Spot]:
    """Multi-instances whose item or answer is of another kind than the list it belongs to."""
    data, items = kinds_of_data(sheet), kinds_of_items(sheet)
    for loop in sheet.all(MANY):
        for listed, single in LISTS:
            item = xml.child(loop, BPMN, single)
            whole = data.get(local(xml.text(xml.child(loop, BPMN, listed))), "")
            if item is None or not whole:
                continue
            kind = items.get(local(xml.attribute(item, "itemSubjectRef")), "")
            if kind and kind != whole:
                yield here(item)
