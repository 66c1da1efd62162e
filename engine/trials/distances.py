"""How far a drawn node is from another, over all processes of a folder: what guides the search.

Flows, links, borders, what is inside a sub-process or a call, and the way back out of it. What a
condition says is asked only of a step's own outcome; the rest the search tries.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from engine.bpmn.model import EventKind, Flow, Kind, Node, Process
from engine.bpmn.net import CONTAINERS
from engine.errors import ShaodaoError
from engine.expr import compile_expression
from engine.run.folder import Folder, whole_name
from engine.trials.drawn import DrawnClock, processes_of

Place = tuple[str, str]
"""A process and a node in it."""


class Ways:
    """The ways through a folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._before: dict[Place, list[Place]] = {}
        self._led: dict[tuple[str, str, str], list[Place]] = {}
        for process in processes_of(folder):
            for node in process.nodes.values():
                for after in self._after(process, node):
                    self._before.setdefault(after, []).append((process.id, node.id))

    def distances(self, clock: DrawnClock) -> Mapping[Place, int]:
        """Return how many nodes lie between each place and where a clock starts."""
        process = self._folder.process(clock.process)
        if clock.element == clock.process:
            targets = [(process.id, each.id) for each in starts(process, "")]
        else:
            targets = [(process.id, clock.element)]
        return self.distances_to(targets)

    def distances_to(self, targets: list[Place]) -> Mapping[Place, int]:
        """Return how far each place is from the nearest of some."""
        found = dict.fromkeys(targets, 0)
        todo = deque(targets)
        while todo:
            place = todo.popleft()
            for before in self._before.get(place, ()):
                if before not in found:
                    found[before] = found[place] + 1
                    todo.append(before)
        return found

    def after_outcome(self, process: str, element: str, outcome: str) -> list[Place]:
        """Return where a step may lead once it ended with an outcome."""
        key = whole_name(process), element, outcome
        if key not in self._led:
            self._led[key] = self._after_outcome(*key)
        return self._led[key]

    def _after_outcome(self, process: str, element: str, outcome: str) -> list[Place]:
        drawn = self._folder.process(process)
        node, flows = drawn.nodes[element], drawn.outgoing(element)
        open_flows = [flow for flow in flows if _may_take(flow, node, outcome)]
        sure = [flow for flow in open_flows if flow.condition and _is_sure(flow, node)]
        return [(drawn.id, flow.target) for flow in sure or open_flows]

    def _after(self, process: Process, node: Node) -> Iterator[Place]:
        yield from ((process.id, flow.target) for flow in process.outgoing(node.id))
        yield from ((process.id, each.id) for each in process.boundary(node.id))
        yield from ((process.id, each) for each in caught(process, node))
        if node.kind in CONTAINERS:
            yield from ((process.id, each.id) for each in starts(process, node.id))
        if node.kind is Kind.START_EVENT:
            yield from ((process.id, each.id) for each in beside(process, node.scope))
        if node.called and self._folder.has(node.called):
            called = self._folder.process(node.called)
            yield from ((called.id, each.id) for each in starts(called, ""))
        if node.kind is Kind.END_EVENT:
            yield from self._out_of(process, node)

    def _out_of(self, process: Process, end: Node) -> Iterator[Place]:
        """Yield what follows the sub-process or the calls that an end event ends."""
        if end.scope:
            yield from ((process.id, flow.target) for flow in process.outgoing(end.scope))
            return
        for caller in processes_of(self._folder):
            for node in caller.nodes.values():
                if node.called == process.id:
                    yield from ((caller.id, flow.target) for flow in caller.outgoing(node.id))


def starts(process: Process, scope: str) -> list[Node]:
    """Return the start events of a scope."""
    return [node for node in process.inside(scope) if node.kind is Kind.START_EVENT]


def beside(process: Process, scope: str) -> Iterator[Node]:
    """Yield the start events of the event sub-processes that wait while a scope is open."""
    for node in process.inside(scope):
        if node.triggered_by_event:
            yield from starts(process, node.id)


def caught(process: Process, node: Node) -> Iterator[str]:
    """Yield the links that catch what a link throws."""
    thrown = {event.ref for event in node.events if event.kind is EventKind.LINK}
    if node.kind is Kind.THROW_EVENT and thrown:
        for each in process.nodes.values():
            refs = {event.ref for event in each.events if event.kind is EventKind.LINK}
            if each.kind is Kind.CATCH_EVENT and refs & thrown:
                yield each.id


def _is_sure(flow: Flow, node: Node) -> bool:
    """Tell whether a flow's condition reads nothing but the outcome of its source."""
    try:
        return set(compile_expression(flow.condition).names) <= {f"{node.id}.outcome"}
    except ShaodaoError:
        return False


def _may_take(flow: Flow, node: Node, outcome: str) -> bool:
    if not flow.condition or not _is_sure(flow, node):
        return True
    return bool(compile_expression(flow.condition).value({node.id: {"outcome": outcome}}))
