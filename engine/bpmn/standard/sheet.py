"""The whole file as its rules look at it: elements by tag and id, and the diagram read from it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from engine import xml
from engine.bpmn.find.spot import Spot
from engine.bpmn.model import Diagram, Node, Process
from engine.bpmn.references import BPMN


class Sheet:
    """One file. `diagram` is its model."""

    def __init__(self, root: xml.Element, diagram: Diagram) -> None:
        self.root, self.diagram = root, diagram

    @cached_property
    def _elements(self) -> dict[str, list[xml.Element]]:
        found: dict[str, list[xml.Element]] = {}
        for element in xml.descendants(self.root, BPMN):
            found.setdefault(xml.name(element), []).append(element)
        return found

    @cached_property
    def named(self) -> dict[str, xml.Element]:
        """The elements that have an id, by it."""
        return {
            ident: each
            for elements in self._elements.values()
            for each in elements
            if (ident := xml.attribute(each, "id"))
        }

    @cached_property
    def tags(self) -> dict[str, str]:
        """Tags of the elements that have an id, by it."""
        return {ident: xml.name(each) for ident, each in self.named.items()}

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """Prefixes of what stands in other files: a reference with one of them leads there."""
        own = (xml.attribute(self.root, "targetNamespace"), BPMN)
        known = xml.prefixes(self.root).items()
        return frozenset(prefix for prefix, ns in known if prefix and ns not in own)

    def all(self, *tags: str) -> Iterator[xml.Element]:
        """Yield the elements with one of the tags."""
        for tag in tags:
            yield from self._elements.get(tag, ())

    def processes(self) -> Iterator[Process]:
        """Yield the drawn processes that hold anything."""
        return (each for each in self.diagram.processes.values() if each.nodes)

    def nodes(self) -> Iterator[tuple[Process, Node]]:
        """Yield the nodes of all processes, each with the process it is in."""
        return ((each, node) for each in self.processes() for node in each.nodes.values())

    @cached_property
    def homes(self) -> dict[str, str]:
        """Ids of the processes by what they hold, and by the pools they are in."""
        homes = {node: each.id for each in self.processes() for node in each.nodes}
        for pool in self.all("participant"):
            ref = xml.attribute(pool, "processRef").rpartition(":")[2]
            homes[xml.attribute(pool, "id")] = ref or xml.attribute(pool, "id")
        return homes


def here(element: xml.Element, **words: Any) -> Spot:
    """Point at an element, or at the nearest around it that has an id; say its line."""
    around: xml.Element | None = element
    while around is not None and not xml.attribute(around, "id"):
        around = xml.parent(around)
    ident = "" if around is None else xml.attribute(around, "id")
    name = xml.attribute(element, "name") or ident or xml.name(element)
    return Spot(ident, {"name": name, "line": xml.line_of(element), **words})
