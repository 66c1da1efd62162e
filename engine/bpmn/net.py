"""One level of a diagram as a graph: what the search for faults walks on.

A level is the process itself or one embedded sub-process; an inner sub-process is a single node.
A link thrown leads to the links that catch it, as if a flow were drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.model import EventKind, Flow, Kind, Node, Process

CONTAINERS = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION, Kind.AD_HOC})


@dataclass(frozen=True)
class Net:
    """The nodes of one level, their flows both ways, and what sits on their borders."""

    scope: str
    nodes: dict[str, Node]
    leaving: dict[str, list[Flow]] = field(default_factory=dict)
    entering: dict[str, list[Flow]] = field(default_factory=dict)
    borders: dict[str, list[Node]] = field(default_factory=dict)

    @property
    def starts(self) -> list[str]:
        """The start events; without any, what nothing leads to."""
        drawn = [node.id for node in self.nodes.values() if node.kind is Kind.START_EVENT]
        return drawn or [node.id for node in self.nodes.values() if self._begins(node)]

    def _begins(self, node: Node) -> bool:
        alone = not self.entering.get(node.id) and node.kind is not Kind.BOUNDARY_EVENT
        return alone and not node.triggered_by_event

    def next(self, ident: str) -> Iterator[str]:
        """Yield the nodes that a token may go to from a node, its borders among them."""
        for flow in self.leaving.get(ident, ()):
            yield flow.target
        for border in self.borders.get(ident, ()):
            yield border.id

    def ranked(self) -> list[str]:
        """Return the nodes that a start leads to, upstream ones first, each loop in one piece."""
        order = self._reached()
        back: dict[str, list[str]] = {}
        for ident in order:
            for following in self.next(ident):
                back.setdefault(following, []).append(ident)
        placed: dict[str, None] = {}
        for ident in order:
            loop = {ident: None} if ident not in placed else {}
            todo = list(loop)
            while todo:
                for before in back.get(todo.pop(), ()):
                    if before not in placed and before not in loop:
                        loop[before] = None
                        todo.append(before)
            placed.update(loop)
        return list(placed)

    def _reached(self) -> list[str]:
        """Return the nodes that a start leads to, each after those upstream of it, loops aside."""
        seen: set[str] = set()
        done: list[str] = []
        for start in self.starts:
            stack = [(start, self.next(start))] if start not in seen else []
            seen.add(start)
            while stack:
                ident, ways = stack[-1]
                following = next((each for each in ways if each not in seen), None)
                if following is None:
                    done.append(ident)
                    stack.pop()
                else:
                    seen.add(following)
                    stack.append((following, self.next(following)))
        return done[::-1]


def nets(process: Process) -> list[Net]:
    """Return every level of a process; flows that are not wholly in one level are left out."""
    levels = {"": Net("", {})}
    for node in process.nodes.values():
        if node.kind in CONTAINERS:
            levels.setdefault(node.id, Net(node.id, {}))
        levels.setdefault(node.scope, Net(node.scope, {})).nodes[node.id] = node
    for flow in process.flows.values():
        source = process.nodes.get(flow.source)
        if source and flow.target in levels[source.scope].nodes:
            _join(levels[source.scope], flow)
    for net in levels.values():
        for node in net.nodes.values():
            if node.attached_to:
                net.borders.setdefault(node.attached_to, []).append(node)
        for flow in list(_links(net)):
            _join(net, flow)
    return [net for net in levels.values() if net.nodes]


def _join(net: Net, flow: Flow) -> None:
    net.leaving.setdefault(flow.source, []).append(flow)
    net.entering.setdefault(flow.target, []).append(flow)


def _links(net: Net) -> Iterator[Flow]:
    catching: dict[str, list[str]] = {}
    for node in net.nodes.values():
        if node.kind is Kind.CATCH_EVENT:
            for event in node.events:
                if event.kind is EventKind.LINK:
                    catching.setdefault(event.ref, []).append(node.id)
    for node in net.nodes.values():
        if node.kind is Kind.THROW_EVENT:
            for event in node.events:
                if event.kind is EventKind.LINK:
                    for target in catching.get(event.ref, []):
                        yield Flow(f"{node.id}~{target}", node.id, target)
