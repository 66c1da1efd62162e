"""How an error, an escalation or a cancellation rises until something catches it.

From where it was thrown it looks at the boundary events of its activity, then at the event
sub-processes of the scope around, then at the boundary events of the activity that this scope is
inside of, and so on. What nothing inside catches leaves the instance.
"""

from __future__ import annotations

from collections.abc import Iterable

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import EventKind
from engine.spiff.contract import Thrown
from engine.spiff.step import Step

WORDS = {
    EventKind.MESSAGE: "message",
    EventKind.SIGNAL: "signal",
    EventKind.ERROR: "error",
    EventKind.ESCALATION: "escalation",
    EventKind.CANCEL: "cancel",
}
"""What the contract calls the kinds of events that cross the fence."""


def rise(step: Step, kind: EventKind, ref: str) -> None:
    """Let the nearest catcher have it; uncaught, an escalation is told and all else ends here."""
    at: Step | None = step
    while at is not None:
        catcher = _match(_catchers(at), kind, ref)
        if catcher is not None:
            catcher.task_spec.trigger(catcher, {"code": ref} if ref else None)
            return
        at = _around(at)
    instance = step.workflow.top_workflow
    instance.passage.thrown.append(Thrown(WORDS[kind], ref, step.element, 0))
    if kind is not EventKind.ESCALATION:
        instance.cancel()


def standing(step: Step) -> bool:
    """Say whether a step is still where it was: what it threw may have taken it away."""
    return step.live and step.workflow.tasks.get(step.id) is step


def _catchers(at: Step) -> Iterable[Step]:
    yield from at.children
    part = at.workflow
    if at.parent is part.task_tree:
        # What an event sub-process throws is not caught by another run of itself.
        yield from (step for step in part.armed() if step.task_spec.opens is not at.task_spec)


def _match(steps: Iterable[Step], kind: EventKind, ref: str) -> Step | None:
    """Return who catches it: the first that names it, else the first that catches everything."""
    able = [
        step
        for step in steps
        if step.state == TaskState.WAITING
        and step.task_spec.event is not None
        and step.task_spec.event.kind is kind
        and step.task_spec.event.ref in {ref, ""}
    ]
    return min(able, key=lambda step: not step.task_spec.event.ref, default=None)


def _around(at: Step) -> Step | None:
    """Return the activity around a step: the one it is a round of, or whose content it is in."""
    part = at.workflow
    around: Step | None = at.parent if at.parent is not part.task_tree else part.activity
    return around
