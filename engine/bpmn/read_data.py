"""Reads data associations into copies: what a node takes on entry and gives when it is done.

An association names its ends by id. Here they become names that expressions can say, so that a copy
is one assignment. What cannot be said is kept with its fault, for the rules to refuse.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType

from engine import xml
from engine.bpmn.mapping import NAME
from engine.bpmn.model import Copy, CopyFault, MultiInstance, Node, Process
from engine.bpmn.references import BPMN, local
from engine.bpmn.variables import Variables, read_variables

TAKES, GIVES = "dataInputAssociation", "dataOutputAssociation"
REPETITION = "multiInstanceLoopCharacteristics"


def with_data(process: Process, element: xml.Element) -> Process:
    """Return a process with the variables and copies that are drawn in its element."""
    variables = read_variables(element, process.nodes)
    carriers = {
        xml.attribute(parent, "id"): parent
        for each in xml.descendants(element, BPMN)
        if xml.name(each) in {TAKES, GIVES, REPETITION} and (parent := xml.parent(each)) is not None
    }
    if not variables.by_id and not carriers:
        return process
    nodes = dict(process.nodes)
    for ident, node in process.nodes.items():
        own = variables.of(ident)
        if ident in carriers:
            node = _Reader(process, variables, node, carriers[ident]).read()  # noqa: PLW2901
        nodes[ident] = replace(node, variables=own) if own else node
    return replace(process, nodes=MappingProxyType(nodes), variables=variables.of(""))


class _Reader:
    """Reads the associations of one node."""

    def __init__(
        self, process: Process, variables: Variables, node: Node, element: xml.Element
    ) -> None:
        self.variables, self.node, self.element = variables, node, element
        self.seen = {node.id, *_around(process, node)}
        self.items = self._items()

    def read(self) -> Node:
        """Return the node with its copies; those of a multi-instance's lists are its own."""
        takes = [copy for each in self._drawn(TAKES) for copy in self._copies(each)]
        gives = [copy for each in self._drawn(GIVES) for copy in self._copies(each)]
        node = replace(self.node, takes=tuple(takes), gives=tuple(gives))
        loop = xml.child(self.element, BPMN, REPETITION)
        return node if loop is None or node.multi is None else self._many(node, node.multi, loop)

    def _drawn(self, tag: str) -> Iterator[xml.Element]:
        return xml.children(self.element, BPMN, tag)

    def _items(self) -> dict[str, str]:
        """Return what the node's own item and answer of a round are called, by their ids."""
        loop = xml.child(self.element, BPMN, REPETITION)
        multi = self.node.multi
        if loop is None or multi is None:
            return {}
        drawn = (("inputDataItem", multi.variable), ("outputDataItem", multi.answer))
        found = ((xml.child(loop, BPMN, tag), name) for tag, name in drawn)
        return {xml.attribute(each, "id"): name for each, name in found if each is not None}

    def _name(self, ref: str) -> str:
        """Return what an end of an association is called here, "" where it cannot be seen."""
        if ref in self.items:
            return self.items[ref]
        held = self.variables.by_id.get(ref)
        return held.variable.name if held is not None and held.owner in self.seen else ""

    def _copies(self, association: xml.Element) -> Iterator[Copy]:
        target = _ref(association, "targetRef")
        sources = [local(xml.text(each)) for each in xml.children(association, BPMN, "sourceRef")]
        for ref in (*sources, target):
            if ref and (ref in self.variables.stores or not self._name(ref)):
                is_store = ref in self.variables.stores
                fault = CopyFault.STORE if is_store else CopyFault.UNKNOWN
                yield Copy(fault=fault, ref=ref)
                return
        yield from self._said(association, sources, target)

    def _said(self, association: xml.Element, sources: list[str], target: str) -> Iterator[Copy]:
        assignments = list(xml.children(association, BPMN, "assignment"))
        changed = xml.text(xml.child(association, BPMN, "transformation"))
        for each in assignments:
            yield self._assignment(each)
        if changed and target:
            yield Copy(self._name(target), changed)
        elif len(sources) == 1 and target and not assignments:
            yield Copy(self._name(target), self._name(sources[0]))
        elif not assignments:
            several = len(sources) > 1
            fault = CopyFault.LANGUAGE if several else CopyFault.NOTHING
            yield Copy(fault=fault, ref=" ".join(sources) or target)

    def _assignment(self, element: xml.Element) -> Copy:
        source = xml.text(xml.child(element, BPMN, "from"))
        target = xml.text(xml.child(element, BPMN, "to"))
        name = self._name(target) or target
        if not source or not NAME.fullmatch(name):
            return Copy(fault=CopyFault.LANGUAGE, ref=target or source)
        return Copy(name, source)

    def _many(self, node: Node, multi: MultiInstance, loop: xml.Element) -> Node:
        """Lead the lists that a multi-instance reads and fills to where they really are."""
        read, filled = _ref(loop, "loopDataInputRef"), _ref(loop, "loopDataOutputRef")
        taken, given = self._name(read), self._name(filled)
        into = [copy for copy in node.takes if taken and copy.target == taken]
        out_of = [copy for copy in node.gives if given and copy.source == given]
        collection = into[0].source if into else taken
        if not node.properties.get("collection") and collection:
            multi = replace(multi, collection=collection)
        return replace(
            node,
            multi=replace(multi, gather=out_of[0].target if out_of else given),
            takes=tuple(copy for copy in node.takes if copy not in into),
            gives=tuple(copy for copy in node.gives if copy not in out_of),
        )


def _ref(element: xml.Element, tag: str) -> str:
    return local(xml.text(xml.child(element, BPMN, tag)))


def _around(process: Process, node: Node) -> Iterator[str]:
    yield node.scope
    while node.scope in process.nodes:
        node = process.nodes[node.scope]
        yield node.scope
