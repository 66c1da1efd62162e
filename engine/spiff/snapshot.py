"""Where an instance stands, read off its live steps and said in our words."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.i18n import _
from engine.spiff.build.calls import Call, MultiCall
from engine.spiff.build.inclusive import Inclusive
from engine.spiff.build.parallel import Parallel
from engine.spiff.build.people import Manual, User
from engine.spiff.build.sub_process import SubProcess
from engine.spiff.build.timers import BoundaryTimer, is_timer
from engine.spiff.contract import (
    OpenActivity,
    Snapshot,
    Stopped,
    WaitingCall,
    WaitingItem,
    WaitingTimer,
)
from engine.spiff.instance import Instance
from engine.spiff.step import Step


def take(instance: Instance) -> Snapshot:
    """Return the snapshot of an instance at rest."""
    steps = instance.all_steps()
    found = Snapshot(
        items=tuple(_item(step) for step in steps if _is_item(step)),
        timers=tuple(_timer(step) for step in steps if is_timer(step)),
        calls=_calls(steps),
        activities=tuple(_activity(step) for step in steps if _is_activity(step)),
        stopped=tuple(
            _stopped(step, *instance.stopped[step.token])
            for step in steps
            if step.token in instance.stopped
        ),
        ended=instance.completed,
    )
    return _with_starved_joins(found, steps)


def _is_item(step: Step) -> bool:
    return isinstance(step.task_spec, User | Manual) and step.state == TaskState.READY


def _is_activity(step: Step) -> bool:
    return isinstance(step.task_spec, User | Manual | Call | MultiCall | SubProcess)


def _item(step: Step) -> WaitingItem:
    own = step.internal_data.get("own", {})
    index = step.internal_data.get("index")
    return WaitingItem(step.token, step.element, step.scope, index=index, item=own.get("item"))


def _timer(step: Step) -> WaitingTimer:
    boundary = isinstance(step.task_spec, BoundaryTimer)
    return WaitingTimer(
        step.token,
        step.element,
        step.scope,
        activity=step.parent.token if boundary else None,
        interrupting=boundary and step.task_spec.cancel_activity,
        fired=step.internal_data.get("fired", 0),
    )


def _calls(steps: list[Step]) -> tuple[WaitingCall, ...]:
    calling = (step for step in steps if isinstance(step.task_spec, Call | MultiCall))
    calls = [call for step in calling for call in step.task_spec.waiting(step)]
    return tuple(sorted(calls, key=lambda call: call.token))


def _activity(step: Step) -> OpenActivity:
    opens = isinstance(step.task_spec, SubProcess) or "own" in step.internal_data
    inner = step.token if opens else None
    outer = step.workflow.scope
    return OpenActivity(step.token, step.element, outer, inner, step.internal_data.get("index"))


def _stopped(step: Step, code: str, cause: str) -> Stopped:
    return Stopped(step.token, step.element, step.scope, code, cause)


def _with_starved_joins(found: Snapshot, steps: list[Step]) -> Snapshot:
    """Name the gateways that wait for tokens which can no longer come: nothing else is open."""
    if found.items or found.timers or found.calls or found.stopped or found.ended:
        return found
    joins = [step for step in steps if isinstance(step.task_spec, Parallel | Inclusive)]
    cause = str(_("网关还在等别的分支，但已经没有分支能走到这里"))
    return Snapshot(
        activities=found.activities,
        stopped=tuple(_stopped(step, "gateway.starved", cause) for step in joins),
    )
