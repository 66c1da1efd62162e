"""What a file holds beside what runs: documentation, data drawings, vendors' parts, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from engine import xml
from engine.bpmn.references import BPMN

DOCUMENTATION = frozenset(
    {
        *("documentation", "textAnnotation", "association", "group", "category"),
        *("dataStore", "dataStoreReference"),
        *("auditing", "monitoring", "performer", "humanPerformer", "potentialOwner"),
        *("conversation", "choreography", "rendering"),
        *("itemDefinition", "interface", "resource", "import", "correlationProperty"),
    }
)
"""Elements that are read over: they tell people something and change nothing in the run."""


def read_over(data: bytes) -> Mapping[str, int]:
    """Count what is kept as documentation; a foreign extension counts under its namespace."""
    counts: Counter[str] = Counter()
    extensions: list[xml.Element] = []
    for element in xml.descendants(xml.read_xml(data)):
        if xml.namespace(element) != BPMN:
            continue
        name = xml.name(element)
        if name in DOCUMENTATION:
            counts[name] += 1
        elif name == "extensionElements":
            extensions.append(element)
    for extension in extensions:
        counts.update(xml.namespace(child) or "?" for child in extension)
    return dict(sorted(counts.items()))
