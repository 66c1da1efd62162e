"""Timers drawn in the diagram become jobs; jobs that come due fire them, at their own due time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.bpmn.model import EventDefinition, EventKind, TimerKind
from engine.errors import Invalid
from engine.events import TimerFired
from engine.expr import compile_expression
from engine.i18n import _
from engine.run.clocks import clock_named, instant_of
from engine.run.rows import TIMER, JobRow
from engine.sla.iso import (
    is_cycle,
    is_duration,
    is_instant,
    parse_cycle,
    parse_duration,
    parse_instant,
)

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work
    from engine.spiff.contract import WaitingTimer

CLOCK_TEXT = re.compile(r"""^(due|warn)\(\s*["'](?P<code>\w+)["']\s*\)$""")


def arm(context: Context, work: Work, timer: WaitingTimer) -> None:
    """Plan the job of a timer that has just been armed."""
    when, data = first_due(context, work, timer)
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.id,
            kind=TIMER,
            due_at=when,
            token=timer.token,
            element=timer.element,
            data=data,
        )
    )


def first_due(context: Context, work: Work, timer: WaitingTimer) -> tuple[datetime, dict[str, Any]]:
    """Return when an armed timer is due first, and what is to be remembered of it.

    Raises Invalid("timer.…") for a text that is no time, Broken("clock.not_running").
    """
    definition = drawn(work, timer.element)
    clock = CLOCK_TEXT.match(definition.text)
    if clock:
        activity = work.info.folder.node(work.process, timer.element).attached_to
        what, bound = clock[1], clock_named(context, work, clock["code"], beside=activity)
        return instant_of(bound, what), {"clock": str(bound.id), "what": what}
    value = spoken(context, work, timer, definition.text)
    when, remembered = plan_of(definition.timer, value, work.at)
    return max(when, work.at), remembered


def plan_of(kind: TimerKind | None, text: str, at: datetime) -> tuple[datetime, dict[str, Any]]:
    """Return when a timer armed at `at` is due first, and what is to be remembered of a cycle."""
    if kind is TimerKind.CYCLE:
        count, every = parse_cycle(text)
        return at + every, {"every": every.total_seconds(), "left": count}
    if kind is TimerKind.DATE:
        return parse_instant(text), {}
    return at + parse_duration(text), {}


def drawn(work: Work, element: str) -> EventDefinition:
    """Return the timer definition of an event."""
    node = work.info.folder.node(work.process, element)
    return next(event for event in node.events if event.kind is EventKind.TIMER)


def is_time(text: str) -> bool:
    """Tell whether a timer's text is an ISO time itself, and no expression."""
    return is_duration(text) or is_instant(text) or is_cycle(text)


def time_without_data(text: str) -> str:
    """Return the ISO text of a timer that begins a process: there are no data yet.

    Raises Invalid("timer.not_a_time"), or `expression.…` for what cannot be calculated.
    """
    value = text if is_time(text) else compile_expression(text).value({})
    if not isinstance(value, str):
        raise Invalid("timer.not_a_time", _("定时器的内容“{text}”算不出时间。", text=text))
    return value


def spoken(context: Context, work: Work, timer: WaitingTimer, text: str) -> str:
    """Return a timer's ISO text: written plainly, or given by an expression."""
    if is_time(text):
        return text
    value = context.host(work).evaluate(text, work.execution.data(timer.scope))
    if not isinstance(value, str):
        raise Invalid("timer.not_a_time", _("定时器的内容“{text}”算不出时间。", text=text))
    return value


def fire(context: Context, work: Work, row: JobRow, now: datetime) -> None:
    """Fire a due timer. Of a cycle, firings that an outage swallowed are counted, not repeated."""
    missed = 0
    if "every" in row.data:
        every = timedelta(seconds=row.data["every"])
        missed = int((now - row.due_at) / every)
        if row.data["left"] is not None:
            missed = min(missed, row.data["left"] - 1)
        plan_next(context, work, row, missed)
    if row.token is None:
        raise AssertionError("a timer job has a token")
    work.record(
        TimerFired(element=row.element, due_at=row.due_at.isoformat(), missed=missed),
        context.actor,
    )
    work.execution.fire(row.token)


def plan_next(context: Context, work: Work, row: JobRow, missed: int) -> None:
    """Plan a cycle's next firing, if it has one left."""
    every = timedelta(seconds=row.data["every"])
    left = None if row.data["left"] is None else row.data["left"] - 1 - missed
    if left == 0:
        return
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.id,
            kind=TIMER,
            due_at=row.due_at + every * (missed + 1),
            token=row.token,
            element=row.element,
            data={"every": row.data["every"], "left": left},
        )
    )
