"""The file of a rehearsal: which process starts, what is refused, what is left to the outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from engine.bpmn.model import Diagram, EventKind, Flow, Kind, MultiInstance, Node, Process
from engine.bpmn.rules import Finding, Severity, check
from engine.bpmn.starts import event_starts, plain_starts, starts_in
from engine.errors import Invalid
from engine.expr import compile_expression
from engine.foreign.dialect import translated
from engine.i18n import _
from engine.run.examine import MEND, texts_of, timers_of, tried, wrong
from engine.spiff.build import build
from engine.spiff.program import Program

NOT_NEEDED = frozenset({"task.no_lane", "service.no_operation"})
"""Who does a piece of work is no matter here: nobody has to be found for it."""
OWN_OPERATIONS = frozenset({"log", "fail"})
PART = "#"


@dataclass(frozen=True)
class Drawing:
    """A file to be rehearsed. `foreign` are its expressions that were put into our language."""

    diagram: Diagram
    name: str

    @cached_property
    def foreign(self) -> Mapping[str, str]:
        """Expressions in another dialect, by what was drawn for them."""
        texts = {text for process in self.diagram.processes.values() for text in _texts(process)}
        pairs = ((text, translated(text)) for text in sorted(texts))
        return {text: ours for text, ours in pairs if ours is not None}

    @cached_property
    def processes(self) -> Mapping[str, Process]:
        """The processes with content, as they are run."""
        drawn = self.diagram.processes.items()
        return {ident: self._adapted(each) for ident, each in drawn if each.nodes}

    @cached_property
    def main(self) -> str:
        """The process that is started: named like the file, else the only executable one.

        Of several it is the only one that no other calls, or the only one with a plain start event:
        the others wait for its messages. So it is of drawings that are all marked as not
        executable. Raises Invalid("rehearsal.no_main").
        """
        stem = self.name.split(".")[0]
        if stem in self.processes:
            return stem
        executable = {i: each for i, each in self.processes.items() if each.executable}
        drawn = executable or self.processes
        called = {node.called for each in drawn.values() for node in each.nodes.values()}
        own = [ident for ident in drawn if ident not in called]
        plain = [ident for ident in own if _begins_plainly(drawn[ident])]
        for candidates in (list(drawn), own, plain):
            if len(candidates) == 1:
                return candidates[0]
        text = _("文件里没有与文件同名的流程，也不是只有一个可执行的流程，不知道从哪个开始")
        raise Invalid("rehearsal.no_main", text)

    def refused(self) -> Finding | None:
        """Return the first thing that cannot run as drawn, in the main process before others."""
        parts = (self._findings(ident) for ident in self._taking_part())
        return first_error(finding for findings in parts for finding in findings)

    def _taking_part(self) -> list[str]:
        """Return the main process, the executable ones, and what these call, in that order."""
        executable = [ident for ident, each in self.processes.items() if each.executable]
        found = list(dict.fromkeys([self.main, *executable]))
        for ident in found:
            called = (node.called for node in self.processes[ident].nodes.values())
            found += [each for each in called if each in self.processes and each not in found]
        return found

    def _findings(self, ident: str) -> Iterator[Finding]:
        drawn, run = self.diagram.processes[ident], self.processes[ident]
        inside = {ident, "", *drawn.nodes}
        unknown = tuple(each for each in self.diagram.unknown if each.owner in inside)
        alone = replace(self.diagram, processes={ident: drawn}, unknown=unknown)
        yield from check(alone)
        for node in run.nodes.values():
            yield from texts_of(node)
            yield from timers_of(node)
            yield from self._calls_of(node)
        for flow in run.flows.values():
            if flow.condition:
                yield from tried(flow.id, compile_expression, flow.condition)

    def _calls_of(self, node: Node) -> Iterator[Finding]:
        if node.called and node.called not in self.processes:
            text = _("文件里没有名为“{process}”的流程，无法调用", process=node.called)
            yield wrong(node.id, "call.unknown", text, MEND)

    def node(self, process: str, element: str) -> Node:
        """Return a node of a process, or of the sub-process that `process` is a part of."""
        return self.processes[process.partition(PART)[0]].nodes[element]

    @cached_property
    def _programs(self) -> dict[str, Program]:
        return {}

    def program(self, process: str) -> Program:
        """Return what the fence runs for a process, or for `<process>#<sub-process>`."""
        if process not in self._programs:
            ident, _mark, part = process.partition(PART)
            whole = self.processes[ident]
            self._programs[process] = build(whole, part=part) if part else build(whole)
        return self._programs[process]

    def _adapted(self, process: Process) -> Process:
        nodes = {ident: self._node(node) for ident, node in process.nodes.items()}
        flows = {ident: self._flow(flow) for ident, flow in process.flows.items()}
        return replace(process, nodes=nodes, flows=flows)

    def _flow(self, flow: Flow) -> Flow:
        return replace(flow, condition=self._ours(flow.condition))

    def _node(self, node: Node) -> Node:
        events = tuple(replace(each, text=self._ours(each.text)) for each in node.events)
        multi = node.multi and self._multi(node.multi)
        adapted = replace(node, events=events, multi=multi)
        if node.kind is Kind.SERVICE_TASK and node.operation not in OWN_OPERATIONS:
            # Somebody outside does it, may fail at it and hands back data: a call of nobody we
            # know. One that repeats is a person's step instead, which repeats in every way.
            kind = Kind.USER_TASK if node.loop else Kind.CALL_ACTIVITY
            return replace(adapted, kind=kind)
        return adapted

    def _multi(self, multi: MultiInstance) -> MultiInstance:
        return replace(
            multi,
            cardinality=self._ours(multi.cardinality),
            collection=self._ours(multi.collection),
            completion=self._ours(multi.completion),
        )

    def _ours(self, text: str) -> str:
        return self.foreign.get(text, text)

    @cached_property
    def strict(self) -> frozenset[str]:
        """Conditions that came from a dialect in which a name that is missing is an error."""
        flows = (flow for each in self.diagram.processes.values() for flow in each.flows.values())
        drawn = {flow.condition for flow in flows}
        return frozenset(ours for text, ours in self.foreign.items() if text in drawn)

    def starts(self, kind: EventKind) -> Iterator[tuple[str, Node]]:
        """Yield the nodes at which a message or a signal starts a process of the file."""
        for ident, process in self.processes.items():
            for node in event_starts(process):
                if any(event.kind is kind for event in node.events):
                    yield ident, node

    def where_to_start(self) -> str | None:
        """Return None where the main process begins plainly, else its first event start."""
        process = self.processes[self.main]
        if plain_starts(process):
            return None
        return next((node.id for node in event_starts(process)), None)


def _begins_plainly(process: Process) -> bool:
    return any(not node.events for node in starts_in(process, ""))


def _texts(process: Process) -> Iterator[str]:
    for flow in process.flows.values():
        yield flow.condition
    for node in process.nodes.values():
        for event in node.events:
            yield event.text
        if node.multi:
            yield from (node.multi.cardinality, node.multi.collection, node.multi.completion)


def first_error(findings: Iterable[Finding]) -> Finding | None:
    """Return the first finding for which a rehearsal is refused."""
    errors = (each for each in findings if each.severity is Severity.ERROR)
    return next((each for each in errors if each.code not in NOT_NEEDED), None)


def called_with(
    data: Mapping[str, Any], node: Node, index: int | None, item: Any
) -> dict[str, Any]:
    """Return what a called part's `in` reads: the caller's data, item and index on top."""
    if index is None:
        return dict(data)
    called = {node.multi.variable: item} if node.multi and node.multi.variable else {}
    return {**data, **called, "item": item, "index": index}
