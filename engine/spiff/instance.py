"""The running instance: SpiffWorkflow's workflow with tokens, own data and a queue.

A part is one level of it: the process itself, or an embedded sub-process that is open. Every token
of a part hangs directly under the part's root, boundary events under the activity they sit on;
what is finished is taken out at once, because no spec of ours ever looks back. So a step costs the
same however long a case has been running.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.errors import Broken, ShaodaoError
from engine.i18n import _
from engine.spiff.contract import Data, Host, Passage
from engine.spiff.resting import Packed, Resting, damaged
from engine.spiff.scopes import Scopes
from engine.spiff.step import Step

if TYPE_CHECKING:
    from engine.bpmn.model import Flow, Variable
    from engine.spiff.program import Program

CAUSE_CHARACTERS = 500
MAX_TOKENS = 5_000


class Part:
    """What the process and an embedded sub-process have in common: tokens under a root."""

    spec: Any
    tasks: dict[int, Step]
    task_tree: Step
    completed: bool
    scope: int
    top_workflow: Any
    activity: Any = None

    def plant(self) -> None:
        """Make the root that the tokens hang under; it is never stored."""
        self.task_tree = Step(
            self, self.spec.start, token=-self.scope, parent=None, state=TaskState.COMPLETED
        )

    def begin(self, at: str | None = None) -> None:
        """Begin the variables, arm the event sub-processes, put a token where it starts.

        That is the start named, else each plain one.
        """
        self.declare()
        for spec in self.spec.start.outputs:
            if spec.idle:
                self.put(spec)
        for spec in self.spec.start.outputs:
            chosen = not spec.starts_by_event if at is None else spec.bpmn_id == at
            if chosen and not spec.idle:
                spec.begin_part(self)

    def declare(self) -> None:
        """Begin the variables that are drawn in this part."""

    def put(
        self,
        spec: Any,
        *,
        under: Step | None = None,
        via: str = "",
        own: Data | None = None,
        kept: Data | None = None,
    ) -> Step:
        """Put a new token on a node and let it arrive; with `own` data it has its own scope.

        `kept` is what its spec keeps from the beginning.

        Raises Broken `instance.too_many_tokens` when there would be more than MAX_TOKENS.
        """
        top = self.top_workflow
        if top.open_steps >= MAX_TOKENS:
            text = _("流程同时在办的步骤超过 {limit} 个，可能在空转", limit=MAX_TOKENS)
            raise Broken("instance.too_many_tokens", text)
        step = Step(self, spec, token=top.next_token(), parent=under or self.task_tree, via=via)
        top.begin_step(step)
        step.internal_data.update(kept or {})
        if own is not None:
            step.internal_data["own"] = own
            self.share_scope(step)
        step.arrive()
        return step

    def follow(self, flow: Flow, spec: Any) -> None:
        """Send a new token along a flow to the node at its end."""
        self.top_workflow.passage.path.append(flow.id)
        self.put(spec, via=flow.id)

    def share_scope(self, step: Step) -> None:
        """Open the scope whose data a step keeps itself."""
        scopes, data, spec = self.top_workflow.scopes, step.internal_data["own"], step.task_spec
        scopes.share(step.token, outer=step.parent.scope, data=data, closed=spec.closed)
        scopes.call(step.token, spec.variables)

    def step_at(self, token: int) -> Step | None:
        """Return the step of a token, or the root of this part."""
        step: Step | None = self.top_workflow.find(token) if token > 0 else self.task_tree
        return step

    def steps(self) -> Iterator[Step]:
        """Yield the live steps of this part, oldest first."""
        self.top_workflow.wake(self.top_workflow.resting.tokens(self.scope))
        steps = sorted(self.tasks.values(), key=lambda step: step.token)
        return (step for step in steps if step.live)

    def roots(self) -> list[Step]:
        """Return the live steps that hang under nothing but this part, oldest first."""
        return [step for step in self.steps() if step.parent is self.task_tree]

    def steps_at(self, spec: Any) -> list[Step]:
        """Return the live steps that stand on a node of this part, oldest first."""
        self.top_workflow.wake(self.top_workflow.resting.tokens_on([spec.name], self.scope))
        found = (step for step in self.tasks.values() if step.task_spec is spec and step.live)
        return sorted(found, key=lambda step: step.token)

    def count_on(self, spec: Any) -> int:
        """Return how many tokens stand on a node of this part."""
        awake = sum(step.task_spec is spec for step in self.tasks.values())
        return awake + int(self.top_workflow.resting.count_on(spec.name, self.scope))

    def armed(self) -> list[Step]:
        """Return the steps that arm the event sub-processes of this part."""
        names = [spec.name for spec in self.spec.start.outputs if spec.idle]
        if names:
            self.top_workflow.wake(self.top_workflow.resting.tokens_on(names, self.scope))
        return sorted(
            (step for step in self.tasks.values() if step.token > 0 and step.task_spec.idle),
            key=lambda step: step.token,
        )

    def remove(self, step: Step) -> None:
        """Take a finished step, with what still hangs under it, out of the tree."""
        for child in step.children:
            self.remove(child)
        if "own" in step.internal_data:
            self.top_workflow.scopes.close(step.token)
        self.top_workflow.stopped.pop(step.token, None)
        step.parent.forget(step)
        del self.tasks[step.id]
        self.top_workflow.end_step(step)

    def clear(self, *, but: Step) -> None:
        """Cancel every token of this part but one, what is armed included."""
        for step in self.roots():
            if step is not but:
                step.cancel()

    def cancel(self, success: bool = False) -> list[Step]:  # noqa: FBT001, ARG002 - base's signature
        """Cancel every token of this part."""
        self.completed = True
        steps = self.roots()
        for step in steps:
            step.cancel()
        return steps

    def _task_completed_notify(self, step: Step) -> None:
        self.remove(step)
        if not self.completed and not self.is_busy():
            self.completed = True
            for each in self.roots():
                self.remove(each)
            self.finished()

    def is_busy(self) -> bool:
        """Say whether anything is open here; what is only armed is not."""
        awake = (step.token > 0 and not step.task_spec.idle for step in self.tasks.values())
        return any(awake) or self.top_workflow.resting.is_busy(self.scope)

    def finished(self) -> None:
        """Say that the last token of this part is gone."""


class NoScripts:
    """Stands where SpiffWorkflow keeps its script engine: no drawn text is ever run as Python."""


class Inner(Part, BpmnSubWorkflow):  # type: ignore[misc]
    """An open embedded sub-process; its scope has the number of its activity's token."""

    def __init__(self, spec: Any, *, activity: Step, top: Instance) -> None:
        self.activity = activity
        self.scope = activity.token
        super().__init__(spec, activity.id, top, deserializing=True)
        self.plant()

    def declare(self) -> None:
        """Begin the sub-process's variables; what its data associations bring comes after."""
        self.top_workflow.scopes.declare(self.scope, self.top_workflow.variables(self.activity))

    def finished(self) -> None:
        """Let the activity go on: its spec exports data, closes the scope and leaves."""
        self.activity.make_ready()


class Instance(Part, BpmnWorkflow):  # type: ignore[misc]
    """A running process with its host, data, queue, stopped tokens and record of what happened.

    `seen` holds, of every step that was touched since the last look, what `look` said of it before
    (None for a new one): only these can have changed.
    """

    scope = 0

    def __init__(
        self, program: Program, host: Host, scopes: Scopes, *, look: Callable[[Step], Any]
    ) -> None:
        super().__init__(program.spec, program.parts, script_engine=NoScripts(), deserializing=True)
        self.program = program
        self.host = host
        self.scopes = scopes
        self.passage = Passage()
        self.stopped: dict[int, tuple[str, str]] = {}
        self.last_token = 0
        self.open_steps = 0
        self.awake: dict[int, Step] = {}
        self.resting = Resting([])
        self.seen: dict[int, Any] = {}
        self.starved: frozenset[int] = frozenset()
        self.patient: set[int] = set()
        self.looked_at = -1
        self.queued: list[int] = []
        self._look = look
        scopes.call(0, (*program.handed_down, *program.variables("")))
        self.plant()

    def declare(self) -> None:
        """Begin the process's variables; one start after another finds them there."""
        given = [each for each in self.program.handed_down if self.scopes.has(0, each)]
        self.scopes.declare(0, (*given, *self.program.variables("")))

    def variables(self, activity: Step) -> tuple[Variable, ...]:
        """Return the variables that begin with the content of a sub-process."""
        return self.program.variables(activity.element)

    def next_token(self) -> int:
        """Give out the next token, once and never again."""
        self.last_token += 1
        return self.last_token

    def next_tokens(self, count: int) -> int:
        """Give out as many tokens as that, one after the other, and return the first."""
        self.last_token += count
        return self.last_token - count + 1

    def queue(self, step: Step) -> None:
        """Remember a step that the engine itself can run; the oldest token runs first."""
        heapq.heappush(self.queued, step.token)

    def next_ready(self) -> Step | None:
        """Return the next step to run, or None when all wait.

        Joins that must know what can still come are asked last, when nothing else can move.
        """
        return self._pop() or (self._pop() if self._ask_patient() else None)

    def _ask_patient(self) -> bool:
        for token in sorted(self.patient):
            step = self.find(token)
            if step is None or step.state != TaskState.WAITING:
                self.patient.discard(token)
            elif step.task_spec.at_rest(step):
                return True
        return False

    def _pop(self) -> Step | None:
        while self.queued:
            step = self.find(heapq.heappop(self.queued))
            if step is not None and step.state == TaskState.READY:
                return step
        return None

    def look_again(self) -> None:
        """Have the conditional events looked at before the next step."""
        self.looked_at = -1

    def all_steps(self) -> list[Step]:
        """Return every live step of the instance, oldest first."""
        self.wake(self.resting.tokens())
        return self._live(self.awake.values())

    def steps_on(self, specs: frozenset[str]) -> list[Step]:
        """Return the live steps that stand on specs of these names, oldest first."""
        if not specs:
            return []
        self.wake(self.resting.tokens_on(specs))
        return self._live(step for step in self.awake.values() if step.task_spec.name in specs)

    def _live(self, steps: Iterable[Step]) -> list[Step]:
        return sorted((step for step in steps if step.live), key=lambda step: step.token)

    def find(self, token: int) -> Step | None:
        """Return the step of a token, or None."""
        step = self.awake.get(token)
        if step is not None or token <= 0:
            return step
        packed = self.resting.take(token)
        return None if packed is None else self._take_up(packed)

    get_task_from_id = find

    def wake(self, tokens: Iterable[int]) -> None:
        """Unpack the steps of these tokens."""
        for token in tokens:
            self.find(token)

    def _take_up(self, packed: Packed) -> Step:
        """Unpack a step, and before it the sub-process it is inside of.

        Raises Broken `instance.state_damaged` where state and program do not fit together.
        """
        if packed.scope:
            self.find(packed.scope)
        part: Part | None = self.subprocesses.get(packed.scope) if packed.scope else self
        spec: Any = part and part.spec.task_specs.get(packed.spec)
        if part is None or spec is None or (spec.repeated is not None and not packed.parent):
            raise damaged()
        step = Step(part, spec, token=packed.token, parent=None, via=packed.via, state=packed.state)
        step.hang(packed)
        self.awake[step.token] = step
        if "own" in packed.kept:
            part.share_scope(step)
        if packed.inside:
            self.open_inner(step)
            self.scopes.own(step.token).update(packed.inside[0])
        self.seen.setdefault(step.token, self._look(step))
        return step

    def begin_step(self, step: Step) -> None:
        """Note a new step."""
        self.awake[step.token] = step
        self.seen[step.token] = None
        self.open_steps += 1

    def end_step(self, step: Step) -> None:
        """Forget a step that is over; one that nobody has seen leaves nothing."""
        del self.awake[step.token]
        self.patient.discard(step.token)
        if self.seen[step.token] is None:
            del self.seen[step.token]
        self.open_steps -= 1

    def rest(self) -> None:
        """Lay every step to rest, with the data of what it has open. All tokens wait."""
        for step in self.awake.values():
            inside = [self.scopes.own(step.token)] if step.token in self.subprocesses else []
            self.resting.add(step.packed()._replace(inside=inside))
        for step in self.awake.values():
            if "own" in step.internal_data or step.token in self.subprocesses:
                self.scopes.close(step.token)
        self.awake.clear()
        self.subprocesses.clear()
        self.tasks = {self.task_tree.id: self.task_tree}

    def visible(self, scope: int) -> Mapping[str, Any]:
        """Return the names visible in a scope, whoever has it open."""
        self.find(scope)
        return self.scopes.visible(scope)

    def open_inner(self, activity: Step) -> Inner:
        """Open an embedded sub-process for its activity, with a scope of its own."""
        inner = Inner(self.subprocess_specs[activity.element], activity=activity, top=self)
        self.subprocesses[activity.id] = inner
        self.scopes.open(inner.scope, outer=activity.scope)
        self.scopes.call(inner.scope, self.variables(activity))
        return inner

    def close_inner(self, activity: Step) -> None:
        """Forget an embedded sub-process and its data."""
        del self.subprocesses[activity.id]
        self.scopes.close(activity.token)

    def stop(self, step: Step, error: Exception) -> None:
        """Note that a token cannot go on; the caller leaves it where it stands."""
        code = error.code if isinstance(error, ShaodaoError) else "step.failed"
        cause = str(error) or type(error).__name__
        self.stopped[step.token] = (code, cause[:CAUSE_CHARACTERS])
