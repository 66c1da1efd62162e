"""What moves a clock: its ledger grows, and everything that hangs on its due instant follows.

That is the clock's own jobs, every drawn timer bound to it by `due("…")` or `warn("…")`, and the
open items that must be done by it. While a clock rests its timers wait for no instant at all. What
has warned or fired once does not do so again, whatever is added: a rung is taken once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from engine.errors import Conflict
from engine.events import SlaExtended, SlaPaused, SlaRecomputed, SlaResumed
from engine.i18n import _
from engine.run import clocks
from engine.run.rows import CLOCK, PAUSED, RUNNING, ClockRow
from engine.sla.calendar import Calendar, standard
from engine.sla.due_at import due_at, is_provisional, warn_at
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Limit, read_limit

if TYPE_CHECKING:
    from datetime import datetime

    from engine.run.context import Context
    from engine.run.work import Work

RESUME = "resume"


def limit_of(rule: Mapping[str, Any]) -> Limit:
    """Return the limit that a clock was started with.

    Raises Conflict("clock.fixed") where somebody outside gave the due time, or people agreed on it.
    """
    if rule.get(clocks.AGREED):
        raise Conflict("clock.fixed", _("这个时限按约定的时间到期，不能在这里计算或改动。"))
    if rule.get("rule") == clocks.FIXED:
        raise Conflict("clock.fixed", _("这个时限的到期时间由来源系统给定，不能在这里计算或改动。"))
    return read_limit(rule)


def calendar_of(context: Context, clock: ClockRow) -> Calendar:
    """Return the calendar that a clock is counted by, as it was when it was chosen (E-39)."""
    chosen = clock.rule.get("calendar")
    if chosen is None:
        return standard()
    return context.plugins.calendars.pinned(context.connection, chosen["code"], chosen["version"])


def pause(
    context: Context, work: Work, clock: ClockRow, *, until: datetime, reason: str = ""
) -> None:
    """Let a running clock rest until an instant, or until it is resumed before."""
    span = Span(SpanKind.PAUSED, work.at, holder=clock.holder, until=until)
    clocks.add_span(context, work, clock, span)
    clock.status = PAUSED
    follow(context, work, clock)
    clocks.plan_job(context, work, clock, RESUME, until)
    words = {"reason": reason} if reason else {}
    work.record(
        SlaPaused(
            element=clock.element,
            clock=clock.id,
            code=clock.code,
            until=until.isoformat(),
            reason=words,
        ),
        context.actor,
    )


def resume(context: Context, work: Work, clock: ClockRow) -> None:
    """Let a resting clock go on; its due instant moves by what it rested."""
    clocks.add_span(context, work, clock, Span(SpanKind.RESUMED, work.at, holder=clock.holder))
    clock.status = RUNNING
    for row in own_jobs(context, work, clock):
        if row.data["what"] == RESUME:
            work.drop_job(row)
    follow(context, work, clock)
    work.record(SlaResumed(element=clock.element, **moved(clock)), context.actor)


def extend(context: Context, work: Work, clock: ClockRow, *, times: int) -> None:
    """Add so many of the original limit to a clock."""
    span = Span(SpanKind.EXTENDED, work.at, holder=clock.holder, times=times)
    clocks.add_span(context, work, clock, span)
    follow(context, work, clock)
    work.record(SlaExtended(element=clock.element, times=times, **moved(clock)), context.actor)


def recompute(context: Context, work: Work, clock: ClockRow, *, by: str | None) -> None:
    """Count a clock again by the calendar in force now, if it is another; `by` asked for it.

    What is breached already stays as it was: the fact was true by the rules of its day (E-38).
    """
    if clock.rule.get("calendar") is None or clock.breached_at is not None:
        return
    limit = limit_of(clock.rule)
    before = clock.due_at
    calendar = clocks.calendar_for(context, work, limit, clock.holder)
    chosen = {"code": calendar.code, "version": calendar.version}
    if clock.rule.get("calendar") == chosen:
        return
    clock.rule = {**clock.rule, "calendar": chosen}
    follow(context, work, clock)
    event = SlaRecomputed(
        element=clock.element, calendar=chosen, before=before.isoformat(), by=by, **moved(clock)
    )
    work.record(event, context.actor)


def follow(context: Context, work: Work, clock: ClockRow) -> None:
    """Compute a clock's instants from its ledger and move what hangs on them."""
    limit, calendar = limit_of(clock.rule), calendar_of(context, clock)
    clock.due_at = due_at(limit, calendar, clock.spans)
    clock.warn_at = warn_at(limit, calendar, clock.spans)
    clock.changed = True
    if limit.needs_calendar:
        provisional = is_provisional(limit, calendar, clock.spans)
        clock.rule = {**clock.rule, "provisional": provisional}
    for row in context.time_jobs(work):
        if row.data.get("clock") == str(clock.id) and row.data["what"] != RESUME:
            work.move_job(row, clocks.instant_of(clock, row.data["what"]))
    resting = clock.status == PAUSED
    for item in work.execution.snapshot().items:
        if clocks.clock_over(context, work, item) is clock:
            work.move_item(
                item.token,
                due_at=None if resting else clock.due_at,
                warn_at=None if resting else clock.warn_at,
            )


def own_jobs(context: Context, work: Work, clock: ClockRow) -> list[Any]:
    """Return the jobs of a clock itself, not those of timers bound to it."""
    return [
        row
        for row in context.time_jobs(work)
        if row.kind == CLOCK and row.data["clock"] == str(clock.id)
    ]


def moved(clock: ClockRow) -> dict[str, Any]:
    """Return what an event says of a clock that has moved."""
    return {
        "clock": clock.id,
        "code": clock.code,
        "due_at": clock.due_at.isoformat(),
        "warn_at": clock.warn_at.isoformat(),
        "provisional": clock.rule.get("provisional", False),
    }
