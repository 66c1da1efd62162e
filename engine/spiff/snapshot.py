"""Where an instance stands, read off its live steps and said in our words.

`take` looks at all of them. `changes` looks only at those that were touched since the last look,
so that what a command pays does not grow with what stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import EventKind
from engine.i18n import _
from engine.spiff.build.calls import Call, MultiCall
from engine.spiff.build.catching import RACE, Boundary, Catch, Receive, is_waiting
from engine.spiff.build.people import Manual, User
from engine.spiff.build.several import Several
from engine.spiff.build.sub_process import SubProcess
from engine.spiff.children import Run
from engine.spiff.contract import (
    STARVED,
    Changes,
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


class Calls(NamedTuple):
    """The open children of an activity: one, or many with an index and an item each."""

    activity: int
    element: str
    scope: int
    many: bool
    run: Run


class Stand(NamedTuple):
    """What one step means to the world around the fence."""

    items: WaitingItem | None = None
    timers: WaitingTimer | None = None
    calls: Calls | None = None
    activities: OpenActivity | None = None
    stopped: Stopped | None = None
    events: WaitingEvent | None = None


NOWHERE = Stand()
SINGLE = ("items", "timers", "activities", "stopped", "events")


class Found:
    """Collects what stands where, in the order of tokens."""

    def __init__(self) -> None:
        self.single: dict[str, list[Any]] = {kind: [] for kind in SINGLE}
        self.calls: list[WaitingCall] = []

    def add(self, stand: Stand) -> None:
        """Add what stands on a step, except calls."""
        for kind in SINGLE:
            self.note(kind, getattr(stand, kind))

    def note(self, kind: str, member: Any) -> None:
        """Add one thing, if it is one."""
        if member is not None:
            self.single[kind].append(member)

    def snapshot(self, *, ended: bool) -> Snapshot:
        """Return all of it."""
        members = {kind: tuple(sorted(each, key=_token)) for kind, each in self.single.items()}
        return Snapshot(**members, calls=tuple(sorted(self.calls, key=_token)), ended=ended)


def look(step: Step) -> Stand:
    """Say what a live step means."""
    failed = step.workflow.top_workflow.stopped.get(step.token)
    return Stand(
        items=_item(step) if _is_item(step) else None,
        timers=_timer(step) if is_waiting(step, EventKind.TIMER) else None,
        calls=_calls(step) if isinstance(step.task_spec, Call | MultiCall) else None,
        activities=_activity(step) if _is_activity(step) else None,
        stopped=_stopped(step, *failed) if failed else None,
        events=_event(step) if is_waiting(step, *FROM_OUTSIDE) else None,
    )


def stands(step: Step) -> bool:
    """Say whether a live step is an open activity or an event in the flow that is waited for."""
    waits = isinstance(step.task_spec, Catch | Several) and step.state == TaskState.WAITING
    return waits or _is_activity(step)


def take(instance: Instance) -> Snapshot:
    """Return the snapshot of an instance at rest."""
    found = Found()
    for step in instance.all_steps():
        stand = look(step)
        found.add(stand)
        found.calls += _told(instance, stand.calls)
    found.single["stopped"] += _starving(instance, starved(instance))
    return found.snapshot(ended=instance.completed)


def at(instance: Instance, token: int) -> Snapshot:
    """Return what stands on one token, which may be that of any child."""
    found, step = Found(), instance.find(token)
    if step is not None and step.live:
        found.add(look(step))
        found.single["stopped"] += _starving(instance, starved(instance) & {token})
    calling = find_call(instance, token)
    if calling is not None:
        calls = look(calling).calls
        found.calls += _told(instance, calls and calls._replace(run=calls.run.only(token)))
    return found.snapshot(ended=instance.completed)


def find_call(instance: Instance, token: int) -> Step | None:
    """Return the step that waits for the child of a token."""
    step = instance.find(token)
    for each in [step] if step is not None else instance.steps_on(instance.program.holding_many):
        calls = look(each).calls
        if calls is not None and calls.run.has(token):
            return each
    return None


def changes(instance: Instance) -> Changes:
    """Return what has changed since the last look, which is over with this one."""
    gone, new = Found(), Found()
    for token in sorted(instance.seen):
        before = instance.seen[token] or NOWHERE
        step = instance.find(token)
        now = look(step) if step is not None and step.live else NOWHERE
        for kind in SINGLE:
            was, is_ = getattr(before, kind), getattr(now, kind)
            if was is None or is_ is None:
                gone.note(kind, was)
                new.note(kind, is_)
        gone.calls += _told(instance, _but(before.calls, now.calls), named=False)
        new.calls += _told(instance, _but(now.calls, before.calls))
    was_starved, instance.starved = instance.starved, starved(instance)
    gone.single["stopped"] += _starving(instance, was_starved - instance.starved)
    new.single["stopped"] += _starving(instance, instance.starved - was_starved)
    instance.rest()
    instance.seen.clear()
    return Changes(gone.snapshot(ended=False), new.snapshot(ended=False), instance.completed)


def _token(member: Any) -> int:
    token: int = member.token
    return token


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


def _calls(step: Step) -> Calls:
    many, run = step.task_spec.holds_many, step.task_spec.children(step)
    return Calls(step.token, step.element, step.scope, many, run)


def _but(calls: Calls | None, others: Calls | None) -> Calls | None:
    """Return the calls that are not among others of the same activity."""
    if calls is None or others is None:
        return calls
    return calls._replace(run=calls.run.but(others.run))


def _told(instance: Instance, calls: Calls | None, *, named: bool = True) -> Iterator[WaitingCall]:
    """Yield calls one by one, `named` with the item that each is for."""
    if calls is None or not calls.run.bits:
        return
    activity, element, scope, many, run = calls
    if not many:
        yield WaitingCall(activity, element, scope, activity)
        return
    items = _items_of(instance, calls) if named else {}
    for token in run.tokens():
        index = run.place(token)
        yield WaitingCall(token, element, scope, activity, index, items.get(index))


def _items_of(instance: Instance, calls: Calls) -> Mapping[int, Any]:
    """Return the items of calls by index: one is asked for alone, many together."""
    shelf, run = instance.host.shelf, calls.run
    if run.bits.bit_count() == 1:
        index = run.place(next(run.tokens()))
        return {index: shelf.at(calls.activity, index).item}
    return {index: laid.item for index, laid in enumerate(shelf.all(calls.activity))}


def _activity(step: Step) -> OpenActivity:
    opens = isinstance(step.task_spec, SubProcess) or "own" in step.internal_data
    inner = step.token if opens else None
    outer = step.workflow.scope
    return OpenActivity(step.token, step.element, outer, inner, step.internal_data.get("index"))


def _stopped(step: Step, code: str, cause: str) -> Stopped:
    return Stopped(step.token, step.element, step.scope, code, cause)


def _starving(instance: Instance, tokens: Iterable[int]) -> Iterator[Stopped]:
    """Tell of gateways that wait for tokens which can no longer come, or did."""
    cause = str(_("网关还在等别的分支，但已经没有分支能走到这里"))
    for token in sorted(tokens):
        step = instance.find(token)
        if step is not None:
            yield _stopped(step, STARVED, cause)


def starved(instance: Instance) -> frozenset[int]:
    """Return the tokens at gateways that wait in vain: nothing else is open."""
    joins = instance.program.joins
    if not joins or instance.stopped or instance.completed:
        return frozenset()
    specs = instance.program.specs
    standing = (step.task_spec for step in instance.awake.values() if step.live)
    resting = (specs[name] for name in instance.resting.specs())
    if any(_may_move(spec) for spec in chain(standing, resting)):
        return frozenset()
    return frozenset(step.token for step in instance.steps_on(joins))


def _may_move(spec: Any) -> bool:
    """Say whether a token on a node waits for anything but others of its own instance.

    What arms an event sub-process does not count: it sends no token to where the joins stand.
    """
    if isinstance(spec, Boundary):
        return spec.event.kind in FROM_OUTSIDE or spec.event.kind in BY_THEMSELVES
    return not (spec.idle or spec.keeps_flow or isinstance(spec, SubProcess))
