"""Draws processes in a line or two, and stands in for the engine around the fence.

`draw("s:start a:user g:xor …", "s>a a>g g>b[x == 1] g>c*")`: a node is `id:kind`, inside a
sub-process `sub/id:kind`, on an activity `activity@id:kind`; a flow may carry a `[condition]` or
`*` for the default. What an event is about follows a tilde: `hear:catch~message=paid`; `stop` and
`remind` sit on activities, `beside` is a start event that does not interrupt, `handler` an event
sub-process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from engine.bpmn.model import (
    EventDefinition,
    EventKind,
    Flow,
    Kind,
    MultiInstance,
    Node,
    Process,
    TimerKind,
)
from engine.errors import BpmnError, Broken
from engine.i18n import Text
from engine.spiff.build import build
from engine.spiff.contract import Data, Passage
from engine.spiff.execution import Execution
from engine.spiff.program import Program
from engine.spiff.shelf import MemoryShelf

KINDS = {
    "start": Kind.START_EVENT,
    "end": Kind.END_EVENT,
    "user": Kind.USER_TASK,
    "manual": Kind.MANUAL_TASK,
    "script": Kind.SCRIPT_TASK,
    "service": Kind.SERVICE_TASK,
    "rule": Kind.RULE_TASK,
    "xor": Kind.EXCLUSIVE,
    "and": Kind.PARALLEL,
    "sub": Kind.SUB_PROCESS,
    "call": Kind.CALL_ACTIVITY,
    "many": Kind.CALL_ACTIVITY,
    "catch": Kind.CATCH_EVENT,
    "stop": Kind.BOUNDARY_EVENT,
    "remind": Kind.BOUNDARY_EVENT,
    "cycle": Kind.BOUNDARY_EVENT,
    "any": Kind.INCLUSIVE,
    "complex": Kind.COMPLEX,
    "task": Kind.TASK,
    "send": Kind.SEND_TASK,
    "receive": Kind.RECEIVE_TASK,
    "throw": Kind.THROW_EVENT,
    "race": Kind.EVENT_BASED,
    "handler": Kind.SUB_PROCESS,
    "transaction": Kind.TRANSACTION,
    "beside": Kind.START_EVENT,
}
FLOW = re.compile(r"([^\s>]+)>([^\s>\[*]+)(?:\[([^\]]*)\]|(\*))?")


def draw(nodes: str, flows: str, **more: Mapping[str, Any]) -> Process:
    """Draw a process; `more` changes fields of single nodes."""
    drawn = {node.id: node for node in map(_node, nodes.split())}
    lines = [_flow(match, drawn) for match in FLOW.finditer(flows)]
    for ident, fields in more.items():
        drawn[ident] = replace(drawn[ident], **fields)
    return Process(id="p", nodes=drawn, flows={line.id: line for line in lines})


def _node(text: str) -> Node:
    place, _colon, kind = text.partition(":")
    kind, _tilde, about = kind.partition("~")
    scope, _slash, rest = place.rpartition("/")
    attached, _at, ident = rest.rpartition("@")
    node = Node(ident, KINDS[kind], scope=scope.rpartition("/")[2], attached_to=attached)
    node = replace(node, interrupting=kind not in {"remind", "cycle", "beside"})
    node = replace(node, triggered_by_event=kind == "handler")
    if about:
        node = replace(node, events=(_event(about),))
    elif kind in {"catch", "stop", "remind", "cycle"}:
        timer = TimerKind.CYCLE if kind == "cycle" else TimerKind.DURATION
        timed = EventDefinition(EventKind.TIMER, timer=timer, text="PT1H")
        node = replace(node, events=(timed,))
    if kind == "many":
        node = replace(node, multi=MultiInstance(collection="items"))
    if kind == "rule":
        node = replace(node, decision="table")
    return replace(node, script=f"{ident} = 1") if kind == "script" else node


def _event(about: str) -> EventDefinition:
    name, _equals, said = about.partition("=")
    kind = EventKind[name.upper()]
    if kind is EventKind.TIMER:
        timer = TimerKind.CYCLE if said.startswith("R") else TimerKind.DURATION
        return EventDefinition(kind, timer=timer, text=said)
    if kind is EventKind.CONDITION:
        return EventDefinition(kind, text=said)
    return EventDefinition(kind, ref=said)


def _flow(match: re.Match[str], drawn: dict[str, Node]) -> Flow:
    source, target, condition, default = match.groups()
    ident = f"{source}>{target}"
    if default:
        drawn[source] = replace(drawn[source], default_flow=ident)
    return Flow(ident, source, target, condition=condition or "")


class Play(Protocol):
    """Starts a case; the fixture of that name does so in memory and stored at every step."""

    def __call__(
        self,
        process: Process,
        *,
        failing: str = "",
        throwing: Mapping[str, str] | None = None,
        at: str | None = None,
        **data: Any,
    ) -> Case: ...


class FakeHost:
    """Evaluates `name`, `a.b`, literals and `left == right`; remembers what it was asked to do."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.failing: set[str] = set()
        self.answers: dict[str, Any] = {}
        self.throwing: dict[str, str] = {}
        self.shelf = MemoryShelf()

    def evaluate(self, text: str, data: Mapping[str, Any]) -> Any:
        self._maybe_fail(text)
        left, equals, right = text.partition("==")
        if equals:
            return self.evaluate(left.strip(), data) == self.evaluate(right.strip(), data)
        if text.lstrip("-").isdigit():
            return int(text)
        if text.startswith('"'):
            return text.strip('"')
        value: Any = data
        for name in text.split("."):
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def names(self, text: str) -> Sequence[str]:
        sides = (side.strip() for side in text.split("=="))
        return [side for side in sides if re.fullmatch(r"[a-z_][\w.]*", side)]

    def execute(self, script: str, data: Mapping[str, Any]) -> Data:
        pairs = (line.split(" = ") for line in script.splitlines())
        return {name: self.evaluate(text, data) for name, text in pairs}

    def perform(self, element: str, data: Mapping[str, Any]) -> Data:
        self._maybe_fail(element)
        self.done.append(element)
        return dict(self.answers.get(element, {}))

    def decide(self, element: str, decision: str, data: Mapping[str, Any]) -> Any:
        self._maybe_fail(element)
        return self.answers.get(decision)

    def _maybe_fail(self, text: str) -> None:
        if text in self.throwing:
            raise BpmnError(self.throwing[text])
        if text in self.failing:
            raise Broken("host.down", Text("坏了"))


class Case:
    """A running instance that can be told things by drawn id; dumped and loaded at will."""

    def __init__(
        self,
        process: Process,
        *,
        reload: bool = False,
        failing: str = "",
        throwing: Mapping[str, str] | None = None,
        at: str | None = None,
        **data: Any,
    ) -> None:
        self.program: Program = build(process)
        self.host = FakeHost()
        self.host.failing = set(failing.split())
        self.reload = reload
        self.host.throwing = dict(throwing or {})
        self.execution = Execution.start(self.program, self.host, data, at)
        self.path: list[str] = []
        self.thrown: list[tuple[str, str]] = []
        self._go()

    def open(self) -> list[str]:
        """Elements that wait for a person."""
        return [item.element for item in self.execution.snapshot().items]

    def timers(self) -> list[str]:
        return [timer.element for timer in self.execution.snapshot().timers]

    def calls(self) -> list[Any]:
        return [call.item for call in self.execution.snapshot().calls]

    def stopped(self) -> list[str]:
        return [each.element for each in self.execution.snapshot().stopped]

    def heard(self) -> list[str]:
        """Elements that wait for a message or a signal."""
        return [event.element for event in self.execution.snapshot().events]

    @property
    def ended(self) -> bool:
        return self.execution.snapshot().ended

    def do(self, element: str, **result: Any) -> Case:
        token = next(i.token for i in self.execution.snapshot().items if i.element == element)
        self.execution.complete(token, result)
        return self._go()

    def fire(self, element: str) -> Case:
        token = next(t.token for t in self.execution.snapshot().timers if t.element == element)
        self.execution.fire(token)
        return self._go()

    def hear(self, element: str, **payload: Any) -> Case:
        """Deliver what an element waits for."""
        token = next(e.token for e in self.execution.snapshot().events if e.element == element)
        self.execution.deliver(token, payload)
        return self._go()

    def write(self, **values: Any) -> Case:
        """Change data from outside."""
        self.execution.write(0, values)
        return self._go()

    def fail_call(self, kind: str, ref: str, place: int = 0) -> Case:
        self.execution.fail_call(self.execution.snapshot().calls[place].token, kind, ref)
        return self._go()

    def end_call(self, place: int = 0, **output: Any) -> Case:
        self.execution.end_call(self.execution.snapshot().calls[place].token, output)
        return self._go()

    def retry(self, element: str) -> Case:
        token = next(s.token for s in self.execution.snapshot().stopped if s.element == element)
        self.execution.retry(token)
        return self._go()

    def _go(self) -> Case:
        if self.reload:
            self.store_and_load()
        self.execution.run()
        self.note(self.execution.drain())
        if self.reload:
            self.store_and_load()
        return self

    def store_and_load(self) -> None:
        """Put the state away and take it up again."""
        passage = self.execution.drain()
        stored = self.execution.dump()
        self.execution = Execution.load(self.program, self.host, stored)
        assert self.execution.dump() == stored
        self.note(passage)

    def note(self, passage: Passage) -> None:
        """Keep what happened."""
        self.path += passage.path
        self.thrown += [(each.kind, each.ref) for each in passage.thrown]


def moves(case: Case) -> Iterator[tuple[str, int]]:
    """Everything that could be told to a case now, as (what, token)."""
    snapshot = case.execution.snapshot()
    yield from (("complete", item.token) for item in snapshot.items)
    yield from (("fire", timer.token) for timer in snapshot.timers)
    yield from (("end_call", call.token) for call in snapshot.calls)
    yield from (("deliver", event.token) for event in snapshot.events)
