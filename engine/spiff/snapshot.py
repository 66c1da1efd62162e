"""Where an instance stands, read off its live steps and said in our words."""

from __future__ import annotations

from dataclasses import replace

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import EventKind
from engine.i18n import _
from engine.spiff.build.calls import Call, MultiCall
from engine.spiff.build.catching import RACE, Boundary, Receive, is_waiting
from engine.spiff.build.inclusive import Inclusive
from engine.spiff.build.parallel import Parallel
from engine.spiff.build.people import Manual, User
from engine.spiff.build.sub_process import SubProcess
from engine.spiff.contract import (
    OpenActivity,
    Snapshot,
    Stopped,
    WaitingCall,
    WaitingEvent,
    WaitingItem,
    WaitingTimer,
)
from engine.spiff.instance import Instance
from engine.spiff.rising import WORDS
from engine.spiff.step import Step

FROM_OUTSIDE = (EventKind.MESSAGE, EventKind.SIGNAL)
BY_THEMSELVES = (EventKind.TIMER, EventKind.CONDITION)


def take(instance: Instance) -> Snapshot:
    """Return the snapshot of an instance at rest."""
    steps = instance.all_steps()
    found = Snapshot(
        items=tuple(_item(step) for step in steps if _is_item(step)),
        timers=tuple(_timer(step) for step in steps if is_waiting(step, EventKind.TIMER)),
        calls=_calls(steps),
        activities=tuple(_activity(step) for step in steps if _is_activity(step)),
        stopped=tuple(
            _stopped(step, *instance.stopped[step.token])
            for step in steps
            if step.token in instance.stopped
        ),
        events=tuple(_event(step) for step in steps if is_waiting(step, *FROM_OUTSIDE)),
        ended=instance.completed,
    )
    return _with_starved_joins(found, steps)


def _is_item(step: Step) -> bool:
    return isinstance(step.task_spec, User | Manual) and step.state == TaskState.READY


def _is_activity(step: Step) -> bool:
    return (
        isinstance(step.task_spec, User | Manual | Receive | Call | MultiCall | SubProcess)
        and RACE not in step.internal_data
    )


def _item(step: Step) -> WaitingItem:
    own = step.internal_data.get("own", {})
    index = step.internal_data.get("index")
    return WaitingItem(step.token, step.element, step.scope, index=index, item=own.get("item"))


def _timer(step: Step) -> WaitingTimer:
    return WaitingTimer(
        step.token,
        step.element,
        step.scope,
        activity=_guarded(step),
        interrupting=_interrupts(step),
        fired=step.internal_data.get("fired", 0),
    )


def _event(step: Step) -> WaitingEvent:
    event = step.task_spec.event
    return WaitingEvent(
        step.token,
        step.element,
        step.scope,
        activity=_guarded(step),
        interrupting=_interrupts(step),
        kind=WORDS[event.kind],
        ref=event.ref,
    )


def _guarded(step: Step) -> int | None:
    """Return the token of the activity that a boundary event sits on."""
    return step.parent.token if isinstance(step.task_spec, Boundary) else None


def _interrupts(step: Step) -> bool:
    """Say whether an event beside the flow interrupts; one in the flow has nothing to."""
    beside = isinstance(step.task_spec, Boundary) or step.task_spec.idle
    return bool(beside and step.task_spec.interrupts)


def _calls(steps: list[Step]) -> tuple[WaitingCall, ...]:
    calling = [step for step in steps if isinstance(step.task_spec, Call | MultiCall)]
    calls = [call for step in calling for call in step.task_spec.waiting(step)]
    if len(calling) > 1:
        calls.sort(key=lambda call: call.token)
    return tuple(calls)


def _activity(step: Step) -> OpenActivity:
    opens = isinstance(step.task_spec, SubProcess) or "own" in step.internal_data
    inner = step.token if opens else None
    outer = step.workflow.scope
    return OpenActivity(step.token, step.element, outer, inner, step.internal_data.get("index"))


def _stopped(step: Step, code: str, cause: str) -> Stopped:
    return Stopped(step.token, step.element, step.scope, code, cause)


def _with_starved_joins(found: Snapshot, steps: list[Step]) -> Snapshot:
    """Name the gateways that wait for tokens which can no longer come: nothing else is open."""
    joins = [step for step in steps if isinstance(step.task_spec, Parallel | Inclusive)]
    if not joins or found.stopped or found.ended or any(_may_move(step) for step in steps):
        return found
    cause = str(_("网关还在等别的分支，但已经没有分支能走到这里"))
    return replace(found, stopped=tuple(_stopped(step, "gateway.starved", cause) for step in joins))


def _may_move(step: Step) -> bool:
    """Say whether a step waits for anything but others of its own instance.

    What arms an event sub-process does not count: it sends no token to where the joins stand.
    """
    spec = step.task_spec
    if isinstance(spec, Boundary):
        return spec.event.kind in FROM_OUTSIDE or spec.event.kind in BY_THEMSELVES
    return not (spec.idle or isinstance(spec, Parallel | Inclusive | SubProcess))
