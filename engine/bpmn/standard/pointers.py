"""Follows every reference within the file, and judges where it leads.

A reference into another file (its prefix is another namespace's) is nobody's fault here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.references import BPMN, local
from engine.bpmn.standard.kinds import ATTRIBUTES, CHILDREN, EVENTS
from engine.bpmn.standard.sheet import Sheet, here

OF_EVENTS = frozenset({"messageRef", "signalRef", "errorRef", "escalationRef"})


def _pointers(sheet: Sheet) -> Iterator[tuple[xml.Element, str, str, frozenset[str]]]:
    for (tag, key), kinds in ATTRIBUTES.items():
        for element in sheet.all(tag):
            yield element, key, xml.attribute(element, key), kinds
    for (tag, key), kinds in CHILDREN.items():
        for element in sheet.all(tag):
            for child in xml.children(element, BPMN, key):
                yield element, key, xml.text(child), kinds


def _found(
    sheet: Sheet,
) -> Iterator[tuple[xml.Element, Mapping[str, str], str | None, frozenset[str]]]:
    """Yield each reference within the file with the tag it leads to, None where it leads nowhere.

    An id may hold a colon itself: it is looked for as written first.
    """
    for element, key, written, kinds in _pointers(sheet):
        prefix, _colon, ident = written.rpartition(":")
        if not written or (prefix in sheet.prefixes and written not in sheet.tags):
            continue
        tag = sheet.tags.get(written) or sheet.tags.get(ident)
        yield element, {"key": key, "ref": written}, tag, kinds


def leading_nowhere(sheet: Sheet) -> Iterator[Spot]:
    """References to what is not in the file; what an event refers to has a rule of its own."""
    for element, words, tag, _kinds in _found(sheet):
        if tag is None and words["key"] not in OF_EVENTS:
            yield here(element, **words)


def leading_astray(sheet: Sheet) -> Iterator[Spot]:
    """References to an element of another kind than the one that belongs there."""
    for element, words, tag, kinds in _found(sheet):
        if tag is not None and kinds and tag not in kinds:
            yield here(element, **words, tag=tag)


def definitions_nowhere(sheet: Sheet) -> Iterator[Spot]:
    """Events that name a shared definition which is not in the file: they would mean nothing."""
    for element in sheet.all("eventDefinitionRef"):
        ref = xml.text(element)
        if sheet.tags.get(local(ref)) not in EVENTS:
            yield here(element, ref=ref)


def definitions_of_others(sheet: Sheet) -> Iterator[Spot]:
    """Events that name the definition of another event: only those at the top are shared."""
    for element in sheet.all("eventDefinitionRef"):
        ref = local(xml.text(element))
        named = sheet.named.get(ref)
        if named is not None and xml.name(named) in EVENTS and xml.parent(named) is not sheet.root:
            yield here(element, ref=ref)
