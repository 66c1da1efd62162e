"""The door in the fence: start or load an instance, tell it what happened, see where it stands.

Each method that tells it something moves that token only; `run` then lets the engine take its own
steps until everything waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.bpmn.model import EventKind
from engine.errors import Broken, Conflict, Invalid, NotFound, ShaodaoError
from engine.i18n import _
from engine.spiff import snapshot, state
from engine.spiff.build import conditions
from engine.spiff.build.catching import is_waiting
from engine.spiff.build.people import Manual, User
from engine.spiff.contract import Changes, Data, Host, Passage, Snapshot, Standing
from engine.spiff.instance import Instance
from engine.spiff.names import Names
from engine.spiff.program import Program, repeated_name, spec_name
from engine.spiff.rising import WORDS, rise
from engine.spiff.scopes import Scopes, Seen, plain
from engine.spiff.step import Step

MAX_STEPS = 10_000
KINDS = {word: kind for kind, word in WORDS.items()}


class Execution:
    """One running instance of a program.

    An exception out of any method leaves it half moved: throw it away and load the last state.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance

    @classmethod
    def start(
        cls,
        program: Program,
        host: Host,
        data: Mapping[str, Any],
        at: str | None = None,
        *,
        far: Mapping[str, str] | None = None,
    ) -> Execution:
        """Begin a new instance with `data` in its scope, and names whose values stand elsewhere.

        `at` names the start that a message, a signal, a timer or a condition set off; without it
        the plain starts get a token. Raises NotFound `start.unknown`, Invalid `start.by_event`.
        """
        names = Names.of(plain(data), far or {}, host.shelf.fetch)
        instance = Instance(program, host, Scopes(names), look=snapshot.look)
        instance.begin(at)
        if not instance.is_busy():
            raise _no_start(program, at)
        return cls(instance)

    @classmethod
    def load(cls, program: Program, host: Host, stored: bytes) -> Execution:
        """Take up an instance where `dump` left it. Raises Broken for bytes that do not fit."""
        return cls(state.load(program, host, stored))

    def dump(self) -> bytes:
        """Return the state as compact bytes with a schema version."""
        return state.dump(self._instance)

    def run(self) -> None:
        """Take the engine's own steps until all tokens wait.

        Raises Broken `instance.runaway` when that takes more than MAX_STEPS.
        """
        self._instance.look_again()
        for _count in range(MAX_STEPS):
            if not self.step():
                return
        text = _("流程连续自动执行超过 {limit} 步，可能在空转", limit=MAX_STEPS)
        raise Broken("instance.runaway", text)

    def step(self) -> bool:
        """Take one of the engine's own steps; False when all tokens wait."""
        self._look()
        step = self._instance.next_ready()
        if step is not None:
            step.run()
        return step is not None

    def _look(self) -> None:
        """Look at the conditional events, if there are any and data have changed."""
        instance = self._instance
        if instance.program.watches and instance.looked_at != instance.scopes.changes:
            instance.looked_at = instance.scopes.changes
            conditions.look(instance)

    def complete(self, token: int, result: Data) -> None:
        """Complete a person's step; `result` is written under the task's id."""
        step = self._find(token)
        if not isinstance(step.task_spec, User | Manual):
            raise _gone(token)
        self._instance.scopes.write(step.scope, {step.element: result})
        step.run()

    def fire(self, token: int) -> None:
        """Fire a timer that is armed."""
        step = self._find(token)
        if not is_waiting(step, EventKind.TIMER):
            raise _gone(token)
        step.task_spec.trigger(step)

    def deliver(self, token: int, payload: Data | None) -> None:
        """Give a message or signal to a token that waits for it.

        The payload is written under the event's id; where an event sub-process is started by it,
        into that one's own scope.
        """
        step = self._find(token)
        if not is_waiting(step, EventKind.MESSAGE, EventKind.SIGNAL):
            raise _gone(token)
        step.task_spec.trigger(step, payload)

    def fail_call(self, token: int, kind: str, ref: str) -> None:
        """Say that a called instance has thrown an error (and ended) or an escalation.

        It is thrown at the call: boundary events of it and what is around catch it.
        """
        rise(self._find_call(token), KINDS[kind], ref)

    def end_call(self, token: int, output: Data) -> None:
        """Say that a called instance has ended, with what it gives back."""
        step = self._find_call(token)
        step.task_spec.end(step, token, output)

    def retry(self, token: int) -> None:
        """Try again what had stopped; it stops again if it fails again.

        A gateway that waits in vain (`gateway.starved`) is left as it is.
        """
        step = self._find(token)
        if self._instance.stopped.pop(token, None) is not None:
            if not is_waiting(step, EventKind.CONDITION):
                step.run()
        elif not self.at(token).stopped:
            raise _gone(token)

    def cancel(self) -> None:
        """Cancel everything that is open; the instance has ended."""
        self._instance.cancel()

    def snapshot(self) -> Snapshot:
        """Return where the instance stands."""
        return snapshot.take(self._instance)

    def changes(self) -> Changes:
        """Return what has changed since this was last asked, or since the start or the load."""
        return snapshot.changes(self._instance)

    def at(self, token: int) -> Snapshot:
        """Return what stands on one token: on a step, or on a child that a step waits for."""
        return snapshot.at(self._instance, token)

    def standing(self, elements: Iterable[str]) -> list[Standing]:
        """Return the open activities and the events waited for in the flow among some elements.

        Oldest first. An event counts behind an event gateway too, where its rivals wait beside it.
        """
        names = (name(each) for each in elements for name in (spec_name, repeated_name))
        steps = self._instance.steps_on(frozenset(names))
        return [Standing(step.token, step.element) for step in steps if snapshot.stands(step)]

    def around(self, token: int) -> Iterator[int]:
        """Yield the tokens of the sub-processes that a step is inside of, inner ones first."""
        step = self._instance.find(token)
        while step is not None and step.workflow.scope:
            step = step.workflow.activity
            yield step.token

    def data(self, scope: int) -> Mapping[str, Any]:
        """Return the names visible in a scope, inner ones first; read only."""
        return self._instance.visible(scope)

    def surroundings(self, scope: int) -> Seen:
        """Return all that is visible in a scope now, apart by what it costs to carry."""
        self._instance.find(scope)
        return self._instance.scopes.seen(scope)

    def write(self, scope: int, values: Mapping[str, Any]) -> None:
        """Assign names in a scope: each where it already is, else in this scope."""
        self._instance.find(scope)
        self._instance.scopes.write(scope, values)

    def drain(self) -> Passage:
        """Return what happened since the last drain, and begin a new record."""
        passage, self._instance.passage = self._instance.passage, Passage()
        return passage

    def _find(self, token: int) -> Step:
        step = self._instance.find(token)
        if step is None or not step.live:
            raise _gone(token)
        return step

    def _find_call(self, token: int) -> Step:
        step = snapshot.find_call(self._instance, token)
        if step is None:
            raise _gone(token)
        return step


def _gone(token: int) -> Conflict:
    return Conflict("token.gone", _("这一步已经结束，请刷新后再看"), token=token)


def _no_start(program: Program, at: str | None) -> ShaodaoError:
    name = program.process.name or program.process.id
    if at is not None:
        return NotFound("start.unknown", _("流程“{name}”没有开始“{at}”", name=name, at=at))
    text = _("流程“{name}”要由消息、信号、定时器或条件来开始，不能直接发起", name=name)
    return Invalid("start.by_event", text)
