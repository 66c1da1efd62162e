"""The running instances of a rehearsal: started, moved, ended, and what they throw at each other.

Effects on another instance are put in a queue, as the engine makes jobs of them.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from engine.bpmn.mapping import passed_in, passed_on, passed_out
from engine.bpmn.model import EventKind, Kind
from engine.errors import Broken, ShaodaoError
from engine.rehearsal.drawing import PART, Drawing, called_with
from engine.rehearsal.host import Decide, StageHost, no_tables
from engine.rehearsal.part import Caller, Part, Post, Work
from engine.rehearsal.post import Mail
from engine.rehearsal.times import alarm_of
from engine.rehearsal.told import MOVES, Told
from engine.run.subscriptions import KEY, as_key
from engine.spiff.contract import Snapshot, Thrown, WaitingCall, WaitingItem
from engine.spiff.execution import Execution

MAX_PARTS = 2_000
MAX_DEPTH = 20
MAX_TRACE = 200_000
MAX_LOOKED_AT = 600_000  # open steps, summed over all moves: what hundreds of branches add up to
SUB_PROCESSES = frozenset({Kind.SUB_PROCESS, Kind.TRANSACTION})


class OverLimit(Exception):
    """A rehearsal grew beyond what is borne."""


class Stage:
    """Everything that runs in one rehearsal."""

    def __init__(
        self,
        drawing: Drawing,
        begin: datetime,
        *,
        idle: frozenset[str] = frozenset(),
        decide: Decide = no_tables,
    ) -> None:
        self.drawing = drawing
        self.now = begin
        self.parts: list[Part] = []
        self.main: Part | None = None
        self.given: Mapping[str, Any] = {}
        self.told = Told(foreign=drawing.foreign)
        self.mail = Mail(self)
        self._looked_at = 0
        self._idle, self._decide = idle, decide
        self._todo: deque[Callable[[], object]] = deque()

    @property
    def active(self) -> Iterator[Part]:
        """The instances that have not ended, oldest first."""
        return (part for part in self.parts if not part.over)

    def host(self, process: str) -> StageHost:
        """Return the host of a process."""
        return StageHost(
            lambda element: self.drawing.node(process, element).properties,
            log=self.told.log,
            strict=self.drawing.strict,
            idle=self._idle,
            decide=self._decide,
        )

    def begin(
        self,
        process: str,
        data: Mapping[str, Any],
        *,
        at: str | None = None,
        caller: Caller | None = None,
    ) -> Part:
        """Start an instance, at its plain start events or at the one named."""
        depth = self.parts[caller.part].depth + 1 if caller else 0
        if len(self.parts) >= MAX_PARTS or depth > MAX_DEPTH:
            raise OverLimit
        program, host = self.drawing.program(process), self.host(process)
        execution = Execution.start(program, host, data, at)
        part = Part(len(self.parts), process, execution, caller, depth)
        self.parts.append(part)
        if self.main is None and process == self.drawing.main:
            self.main = part
        self.settle(part)
        return part

    def later(self, do: Callable[[], object]) -> None:
        """Put an effect on another instance in the queue."""
        self._todo.append(do)

    def _later(self, part: Part, element: str, do: Callable[[], None]) -> None:
        self.later(partial(self._guarded, part, element, do))

    def calm(self) -> None:
        """Do what is queued until nothing is."""
        while self._todo:
            self._todo.popleft()()

    def settle(self, part: Part) -> None:
        """Let an instance walk until all waits, then follow what changed."""
        try:
            part.execution.run()
        except Broken as error:
            if error.code in ("instance.runaway", "instance.too_many_tokens"):
                raise OverLimit from error
            raise
        before, part.snapshot = part.snapshot, part.execution.snapshot()
        passage = part.execution.drain()
        for move, _token, element in passage.moves:
            self.told.note(MOVES[move], element, part.drawn_in)
        self._looked_at += 1 + len(part.snapshot.activities) + len(part.snapshot.calls)
        if len(self.told.trace) > MAX_TRACE or self._looked_at > MAX_LOOKED_AT:
            raise OverLimit
        for thrown in passage.thrown:
            self._throw(part, thrown)
        self._follow(part, before)
        if part.snapshot.ended and not part.over:
            self._end(part, passage.thrown)

    def _follow(self, part: Part, before: Snapshot) -> None:
        after = part.snapshot
        armed = {timer.token for timer in after.timers}
        part.alarms = {token: alarm for token, alarm in part.alarms.items() if token in armed}
        for timer in after.timers:
            if timer.token not in part.alarms and timer.token not in part.done:
                self._guarded(part, timer.element, partial(self._arm, part, timer))
        known, still = ({c.token for c in each.calls} for each in (before, after))
        for call in after.calls:
            if call.token not in known and not self.is_outside(part, call):
                self._later(part, call.element, partial(self._call, part, call))
        for token in known - still - part.done:
            self.later(partial(self._cancel_child, part, token))
        stopped = {each.token for each in before.stopped}
        for each in after.stopped:
            if each.token not in stopped:
                self._error(part, each.element, each.code, each.cause)

    def _arm(self, part: Part, timer: Any) -> None:
        node = self.drawing.node(part.process, timer.element)
        definition = next(each for each in node.events if each.kind is EventKind.TIMER)
        host, data = self.host(part.process), part.execution.data(timer.scope)
        part.alarms[timer.token] = alarm_of(
            definition, self.now, lambda text: host.evaluate(text, data)
        )

    def _guarded(self, part: Part, element: str, do: Callable[[], None]) -> None:
        try:
            do()
        except ShaodaoError as error:
            self._error(part, element, error.code, str(error))

    def _error(self, part: Part, element: str, code: str, reason: str) -> None:
        self.told.note("error", element, part.drawn_in, code=code, reason=reason)

    def is_outside(self, part: Part, call: WaitingCall) -> bool:
        """Tell whether a call is work for somebody outside, and not another process."""
        node = self.drawing.node(part.process, call.element)
        return node.kind is Kind.CALL_ACTIVITY and not node.called

    def _call(self, part: Part, call: WaitingCall) -> None:
        if part.over or all(each.token != call.token for each in part.snapshot.calls):
            return
        node = self.drawing.node(part.process, call.element)
        caller = Caller(part.number, call.token, call.element)
        if node.kind in SUB_PROCESSES:
            around = part.execution.surroundings(call.scope)
            given = called_with(around.near | around.large, node, call.index, call.item)
            self.begin(f"{part.drawn_in}{PART}{node.id}", given, caller=caller)
        else:
            seen = called_with(part.execution.data(call.scope), node, call.index, call.item)
            self.begin(node.called, self._mapped(part, passed_in(node), seen), caller=caller)

    def _mapped(
        self, part: Part, pairs: Iterable[tuple[str, str]], data: Mapping[str, Any]
    ) -> dict[str, Any]:
        host = self.host(part.process)
        return {name: host.evaluate(expression, data) for name, expression in pairs}

    def _end(self, part: Part, thrown: list[Thrown]) -> None:
        part.over = True
        part.alarms.clear()
        error = next((each for each in thrown if each.kind == "error"), None)
        if error:
            reason = f"{error.kind} {error.ref}"
            part.failed = True
            self._error(part, error.element, error.ref, reason)
        if part.caller:
            self.later(partial(self._tell_caller, part, part.caller, error))

    def _tell_caller(self, part: Part, caller: Caller, error: Thrown | None) -> None:
        above = self.parts[caller.part]
        if above.over or all(each.token != caller.token for each in above.snapshot.calls):
            return
        above.done.add(caller.token)
        if error:
            above.execution.fail_call(caller.token, error.kind, error.ref)
        else:
            node = self.drawing.node(above.process, caller.element)
            output = self._mapped(above, passed_out(node), part.data())
            above.execution.end_call(caller.token, output)
        self.settle(above)

    def _cancel_child(self, part: Part, token: int) -> None:
        for child in self.parts:
            called = child.caller
            if called and (called.part, called.token) == (part.number, token) and not child.over:
                self.cancel(child)

    def cancel(self, part: Part) -> None:
        """End an instance before its drawn end, and what it has called."""
        part.execution.cancel()
        self.settle(part)
        part.over = True

    def _throw(self, part: Part, thrown: Thrown) -> None:
        if thrown.kind == "escalation" and part.caller:
            self.later(partial(self._escalate, part.caller, thrown))
        elif thrown.kind in ("message", "signal"):
            self._later(part, thrown.element, partial(self._post, part, thrown))

    def _escalate(self, caller: Caller, thrown: Thrown) -> None:
        above = self.parts[caller.part]
        if not above.over and any(each.token == caller.token for each in above.snapshot.calls):
            above.execution.fail_call(caller.token, thrown.kind, thrown.ref)
            self.settle(above)

    def _post(self, part: Part, thrown: Thrown) -> None:
        node = self.drawing.node(part.process, thrown.element)
        properties = node.properties
        key = None
        if properties.get(KEY):
            value = self.host(part.process).evaluate(properties[KEY], thrown.data)
            key = as_key(value, thrown.element, properties[KEY])
        data = self._mapped(part, passed_on(node), thrown.data)
        self.mail.send(Post(thrown.kind, thrown.ref, data, thrown.element, key, part.number))

    def work(self) -> Iterator[Work]:
        """Yield what waits for somebody outside, oldest instance and token first."""
        for part in self.active:
            waiting: list[WaitingItem | WaitingCall] = [
                *part.snapshot.items,
                *(call for call in part.snapshot.calls if self.is_outside(part, call)),
            ]
            yield from (Work(part, each) for each in sorted(waiting, key=lambda w: w.token))

    def complete(self, work: Work, data: Mapping[str, Any]) -> None:
        """Do a piece of work."""
        work.part.done.add(work.waiting.token)
        if isinstance(work.waiting, WaitingCall):
            work.part.execution.end_call(work.waiting.token, dict(data))
        else:
            work.part.execution.complete(work.waiting.token, dict(data))
        self.settle(work.part)

    def fail(self, work: Work, code: str) -> None:
        """Let whoever does a piece of work report an error."""
        work.part.execution.fail_call(work.waiting.token, "error", code)
        self.settle(work.part)

    def next_alarm(self) -> tuple[datetime, Part, int] | None:
        """Return the timer that is due next."""
        alarms = [
            (alarm.due, part.number, token)
            for part in self.active
            for token, alarm in part.alarms.items()
        ]
        if not alarms:
            return None
        due, number, token = min(alarms)
        return due, self.parts[number], token

    def ring(self, due: datetime, part: Part, token: int) -> None:
        """Fire a timer at its own due time."""
        self.now = max(self.now, due)
        if not part.alarms[token].rung():
            del part.alarms[token]
            part.done.add(token)
        part.execution.fire(token)
        self.settle(part)
