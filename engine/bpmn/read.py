"""Reads a BPMN file into the frozen model. It judges nothing that the rules can judge.

Refused here is only what the model cannot hold: bytes that are no BPMN, nodes without an id, an id
used twice, too much of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from types import MappingProxyType

from engine import xml
from engine.bpmn.global_tasks import global_tasks
from engine.bpmn.message_flows import named_by_flows
from engine.bpmn.model import Diagram, Flow, Kind, Lane, MessageFlow, Node, Process, Unknown
from engine.bpmn.read_data import with_data
from engine.bpmn.read_node import IGNORED, REPETITION, properties, read_node
from engine.bpmn.references import BPMN, References, local
from engine.errors import Invalid
from engine.i18n import _

MAX_NODES = 2_000
MAX_FLOWS = 4_000
MAX_DEPTH = 20
KINDS = frozenset(kind.value for kind in Kind)
SUB_PROCESSES = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC})


def read_diagram(data: bytes) -> Diagram:
    """Read a BPMN file in any encoding it declares.

    Raises Invalid with `xml.…` for what is no XML, and `diagram.not_bpmn`, `diagram.no_process`,
    `diagram.no_id`, `diagram.duplicate_id`, `diagram.too_deep` or `diagram.too_large`.
    """
    root = xml.read_xml(data)
    if xml.name(root) != "definitions" or xml.namespace(root) != BPMN:
        raise Invalid("diagram.not_bpmn", _("文件不是 BPMN 2.0 流程图"))
    _refuse_duplicates(root)
    unknown: list[Unknown] = []
    references = References.read(root)
    readers = [
        _ProcessReader(each, references, unknown) for each in xml.children(root, BPMN, "process")
    ]
    if not readers:
        raise Invalid("diagram.no_process", _("文件里没有流程（process）"))
    processes = {each.id: each for each in global_tasks(root, references)}
    processes.update((reader.id, reader.read()) for reader in readers)
    message_flows = tuple(_message_flows(root))
    return Diagram(
        processes=named_by_flows(MappingProxyType(processes), message_flows),
        unknown=tuple(unknown),
        participants=_participants(root),
        message_flows=message_flows,
    )


def _refuse_duplicates(root: xml.Element) -> None:
    seen: set[str] = set()
    for element in xml.descendants(root, BPMN):
        ident = xml.attribute(element, "id")
        if ident and ident in seen:
            text = _("标识“{id}”用了不止一次", id=ident)
            raise Invalid("diagram.duplicate_id", text, element=ident)
        seen.add(ident)


def _participants(root: xml.Element) -> MappingProxyType[str, str]:
    pools = (
        pool
        for collaboration in xml.children(root, BPMN, "collaboration")
        for pool in xml.children(collaboration, BPMN, "participant")
    )
    named = {
        local(xml.attribute(pool, "processRef")): xml.attribute(pool, "name") for pool in pools
    }
    named.pop("", None)
    return MappingProxyType(named)


def _message_flows(root: xml.Element) -> Iterator[MessageFlow]:
    for collaboration in xml.children(root, BPMN, "collaboration"):
        pools = {
            xml.attribute(pool, "id"): local(xml.attribute(pool, "processRef"))
            for pool in xml.children(collaboration, BPMN, "participant")
        }
        for flow in xml.children(collaboration, BPMN, "messageFlow"):
            source = local(xml.attribute(flow, "sourceRef"))
            target = local(xml.attribute(flow, "targetRef"))
            yield MessageFlow(pools.get(source, source), pools.get(target, target))


class _ProcessReader:
    """Walks one process, sub-processes included."""

    def __init__(
        self, element: xml.Element, references: References, unknown: list[Unknown]
    ) -> None:
        self.element, self.references = element, references
        self.id = _required_id(element)
        self.unknown = unknown
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: list[Lane] = []
        self.lane_of: dict[str, str] = {}  # what a lane names is its own, however deep it stands
        self.pairs: Counter[tuple[str, str]] = Counter()

    def read(self) -> Process:
        """Return the process as drawn."""
        self._walk(self.element, scope="", lane="", depth=0)
        drawn = Process(
            id=self.id,
            name=xml.attribute(self.element, "name"),
            executable=xml.attribute(self.element, "isExecutable") != "false",
            lanes=tuple(self.lanes),
            nodes=MappingProxyType(self.nodes),
            flows=MappingProxyType(self.flows),
            properties=properties(self.element),
        )
        return with_data(drawn, self.element)

    def _walk(self, container: xml.Element, *, scope: str, lane: str, depth: int) -> None:
        if depth > MAX_DEPTH:
            text = _("子流程嵌套超过 {limit} 层", limit=MAX_DEPTH)
            raise Invalid("diagram.too_deep", text, element=scope)
        self.lane_of |= dict(self._lanes_in(container))
        for element in xml.children(container, BPMN):
            tag = xml.name(element)
            if tag in KINDS:
                ident = _required_id(element)
                self._add_node(
                    element, scope=scope, lane=self.lane_of.get(ident, lane), depth=depth
                )
            elif tag == "sequenceFlow":
                self._add_flow(element)
            elif tag not in IGNORED | REPETITION:
                nearest = xml.attribute(element, "id") or scope or self.id
                self.unknown.append(Unknown(nearest, tag, scope))

    def _lanes_in(self, container: xml.Element) -> Iterator[tuple[str, str]]:
        """Yield (node id, lane id), inner lanes after those around them, so that they win."""
        for lane_set in xml.children(container, BPMN):
            if xml.name(lane_set) not in {"laneSet", "childLaneSet"}:
                continue
            for lane in xml.children(lane_set, BPMN, "lane"):
                ident = _required_id(lane)
                self.lanes.append(Lane(ident, xml.attribute(lane, "name")))
                for ref in xml.children(lane, BPMN, "flowNodeRef"):
                    yield local(xml.text(ref)), ident
                yield from self._lanes_in(lane)

    def _add_node(self, element: xml.Element, *, scope: str, lane: str, depth: int) -> None:
        if len(self.nodes) >= MAX_NODES:
            raise Invalid("diagram.too_large", _("流程图的元素超过 {limit} 个", limit=MAX_NODES))
        node, unknown = read_node(element, self.references, scope=scope, lane=lane)
        self.nodes[node.id] = node
        self.unknown.extend(unknown)
        if node.kind in SUB_PROCESSES:
            self._walk(element, scope=node.id, lane=lane, depth=depth + 1)

    def _add_flow(self, element: xml.Element) -> None:
        if len(self.flows) >= MAX_FLOWS:
            raise Invalid("diagram.too_large", _("流程图的连线超过 {limit} 条", limit=MAX_FLOWS))
        source = local(xml.attribute(element, "sourceRef"))
        target = local(xml.attribute(element, "targetRef"))
        ident = xml.attribute(element, "id") or self._flow_id(source, target)
        self.flows[ident] = Flow(
            id=ident,
            source=source,
            target=target,
            name=xml.attribute(element, "name"),
            condition=xml.text(xml.child(element, BPMN, "conditionExpression")),
        )

    def _flow_id(self, source: str, target: str) -> str:
        self.pairs[source, target] += 1
        return f"{source}->{target}#{self.pairs[source, target]}"


def _required_id(element: xml.Element) -> str:
    ident = xml.attribute(element, "id")
    if not ident:
        tag, line = xml.name(element), xml.line_of(element)
        text = _("第 {line} 行的 {tag} 没有标识（id）", line=line, tag=tag)
        raise Invalid("diagram.no_id", text, line=line)
    return ident
