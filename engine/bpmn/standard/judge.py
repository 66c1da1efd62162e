"""The door: what BPMN's schema and text say of a file, in the order of the two tables."""

from __future__ import annotations

from collections.abc import Iterator

from engine import xml
from engine.bpmn.finding import Finding
from engine.bpmn.model import Diagram
from engine.bpmn.standard.rules import STANDARD
from engine.bpmn.standard.schema import against_schema
from engine.bpmn.standard.sheet import Sheet


def judge(data: bytes, diagram: Diagram) -> Iterator[Finding]:
    """Yield what a file does against the standard; `diagram` is what was read from it.

    Raises Invalid `xml.…` for what is no XML.
    """
    root = xml.read_xml(data)
    yield from against_schema(root)
    sheet = Sheet(root, diagram)
    for rule in STANDARD:
        yield from (rule.finding(spot) for spot in rule.find(sheet))
