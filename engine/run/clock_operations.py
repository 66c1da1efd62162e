"""What a diagram may do to a clock: operations of service tasks that are the engine's own.

Each names the clock by its code and means the instance's own; the step before them (a review) is
where somebody approved. A refusal is an incident of the service task, unless an error boundary
event with its code is drawn there: then the diagram says how it goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from engine.errors import Conflict, Invalid
from engine.events import SlaHandedOver
from engine.i18n import _
from engine.run.clock_moves import extend, limit_of, pause, resume
from engine.run.clocks import add_span, by_limits, clock_named, stop_clocks
from engine.run.exemptions import exempt_clock, exempt_ended
from engine.run.rows import PAUSED, ClockRow
from engine.sla.iso import ZONE, parse_instant
from engine.sla.ledger import Span, SpanKind, extensions

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

MOST_EXTENSIONS: Final = 2
LONGEST_PAUSE: Final = timedelta(days=366)


def extend_clock(context: Context, work: Work, *, clock: str, times: int = 1) -> Mapping[str, Any]:
    """Add the original limit `times` times (延期): before due, at most twice in all.

    Raises Conflict("clock.already_late" or "clock.extended_twice"), Invalid("clock.bad_times").
    """
    found = clock_named(context, work, clock)
    if isinstance(times, bool) or not isinstance(times, int) or times < 1:
        raise Invalid("clock.bad_times", _("延期的次数要写成正整数，现在是 {times}。", times=times))
    refuse_late(work, found)
    if extensions(found.spans) + times > MOST_EXTENSIONS:
        raise Conflict("clock.extended_twice", _("这个时限最多延期两次，不能再延。"))
    extend(context, work, found, times=times)
    return {"due_at": found.due_at.isoformat(), "extended": extensions(found.spans)}


def pause_clock(
    context: Context, work: Work, *, clock: str, until: str, reason: str = ""
) -> Mapping[str, Any]:
    """Let a clock rest (缓办) until a date or instant, at most a year; then it goes on by itself.

    Raises Conflict("clock.urgent_not_paused", "clock.already_paused" or "clock.already_late"),
    Invalid("clock.pause_ends_before", "clock.pause_too_long", "instant.malformed").
    """
    found = clock_named(context, work, clock)
    if limit_of(found.rule).is_urgent:
        raise Conflict("clock.urgent_not_paused", _("紧急时限不能缓办，请按时办结。"))
    if found.status == PAUSED:
        raise Conflict("clock.already_paused", _("这个时限已在缓办中，不能重复缓办。"))
    refuse_late(work, found)
    end = parse_instant(str(until))
    refuse_length(work.at, end)
    pause(context, work, found, until=end, reason=str(reason))
    return {"until": end.isoformat()}


def resume_clock(context: Context, work: Work, *, clock: str) -> Mapping[str, Any]:
    """End a pause now. One whose date came first has resumed by itself: then nothing happens."""
    found = clock_named(context, work, clock)
    rested = found.status == PAUSED
    if rested:
        resume(context, work, found)
    return {"resumed": rested, "due_at": found.due_at.isoformat()}


def hand_over(context: Context, work: Work, *, clock: str, unit: str) -> Mapping[str, Any]:
    """Charge a clock's time to another unit from here on; its due instant stays.

    A unit that takes the whole matter has a part, and so a clock, of its own.
    """
    found = clock_named(context, work, clock)
    before, found.holder, found.changed = found.holder, str(unit), True
    add_span(context, work, found, Span(SpanKind.HANDED_OVER, work.at, holder=found.holder))
    event = SlaHandedOver(
        element=found.element, clock=found.id, code=found.code, holder=found.holder, before=before
    )
    work.record(event, context.actor)
    return {"holder": found.holder}


def refuse_late(work: Work, clock: ClockRow) -> None:
    """Refuse to give time to a clock that has used its own up; what rests is not late."""
    if clock.breached_at is not None or (clock.status != PAUSED and work.at >= clock.due_at):
        raise Conflict("clock.already_late", _("时限已到，逾期后不能再延期或缓办。"))


def refuse_length(start: datetime, end: datetime) -> None:
    """Refuse a pause that ends before it begins, or lasts more than a year."""
    shown = end.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    if end <= start:
        sentence = _("缓办的截止时间 {until} 已过，请另选一个时间。", until=shown)
        raise Invalid("clock.pause_ends_before", sentence)
    if end - start > LONGEST_PAUSE:
        sentence = _("缓办到 {until} 超过一年，请选一年以内的时间。", until=shown)
        raise Invalid("clock.pause_too_long", sentence)


def meet_clock(context: Context, work: Work, *, clock: str) -> Mapping[str, Any]:
    """End a clock now: what it measures has happened, though its activity goes on."""
    found = clock_named(context, work, clock)
    stop_clocks(context, work, found.token, "met")
    return {"late": found.breached_at is not None}


def reckon(
    context: Context, work: Work, *, clock: str, unit: str | None = None
) -> Mapping[str, Any]:
    """Tell until when a limit would run that began now, by a unit's calendar; no clock is started.

    For a window that something may be done in: when it closes nobody is late.
    """
    started = Span(SpanKind.STARTED, work.at, holder=unit or work.unit)
    term = by_limits(context, work, clock, started)
    return {"until": term.due_at.isoformat(), "table": term.rule["table"], "row": term.rule["row"]}


CLOCK_OPERATIONS: Final[Mapping[str, Callable[..., Mapping[str, Any]]]] = {
    "extend_clock": extend_clock,
    "pause_clock": pause_clock,
    "resume_clock": resume_clock,
    "hand_over": hand_over,
    "exempt_clock": exempt_clock,
    "exempt_ended": exempt_ended,
    "meet_clock": meet_clock,
    "reckon": reckon,
}
