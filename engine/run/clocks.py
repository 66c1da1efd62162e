"""SLA clocks while a command runs: started by entering an activity, ended by leaving it.

The ledger (`sla_span`) is the truth; `due_at` and `warn_at` are computed from it and stored for
indexing. A clock's own jobs note warning and breach at the very instant they were true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.errors import Broken
from engine.events import SlaStarted, SlaStopped
from engine.i18n import _
from engine.run.rows import CLOCK, FAR_FUTURE, PAUSED, STANDING_CLOCKS, ClockRow, JobRow
from engine.sla.calendar import Calendar, standard
from engine.sla.due_at import due_at, is_provisional, warn_at
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import DEFAULT_WARN, Limit, read_limit

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work
    from engine.spiff.contract import WaitingItem

LIMITS = "limits"
FIXED = "fixed"  # the rule of a clock whose due time was promised outside, or agreed in the case
AGREED = "agreed"
PROCESS_TOKEN = 0


def running(context: Context, work: Work) -> dict[int, list[ClockRow]]:
    """Return the instance's clocks that run or rest, by activity token; read once a command."""
    if work.clocks is None:
        work.clocks = {}
        rows: Any = ()
        if not work.is_new:
            rows = STANDING_CLOCKS.read(context.connection, {"id": work.id})
        known: dict[Any, ClockRow] = {}
        for row in rows:
            if row.id not in known:
                known[row.id] = stored_clock(row)
                work.clocks.setdefault(row.token, []).append(known[row.id])
            known[row.id].spans.append(stored_span(row))
    return work.clocks


def stored_clock(row: Any) -> ClockRow:
    """Return the clock of a stored row, its ledger still empty."""
    return ClockRow(
        id=row.id,
        token=row.token,
        element=row.element,
        code=row.code,
        holder=row.holder,
        rule=row.rule,
        started_at=row.started_at,
        due_at=row.due_at,
        warn_at=row.warn_at,
        status=row.status,
        warned_at=row.warned_at,
        breached_at=row.breached_at,
        exempted_at=row.exempted_at,
        stored=True,
        changed=False,
    )


def stored_span(row: Any) -> Span:
    """Return the line of the ledger that a row with `SPAN_COLUMNS` holds."""
    return Span(
        SpanKind(row.kind),
        row.at,
        holder=row.span_holder,
        reason=row.reason,
        times=row.times,
        until=row.until,
    )


def start_clock(
    context: Context,
    work: Work,
    *,
    code: str,
    token: int,
    element: str,
    holder: str | None,
    agreed: datetime | None = None,
) -> ClockRow:
    """Start the clock `code` on an activity: by what was promised outside, else until the hour that
    was `agreed` in the case if it lies ahead, else by the limits in force now.

    Raises Broken("table.…") where the table `limits` is missing or has no answer.
    """
    started = Span(SpanKind.STARTED, work.at, holder=holder)
    promise = context.promised.get(code)
    if promise:
        term = as_promised(work, promise)
    elif agreed and agreed > work.at:
        term = as_promised(work, agreed, agreed=True)
    else:
        term = by_limits(context, work, code, started)
    clock = ClockRow(
        id=context.ids.new(),
        token=token,
        element=element,
        code=code,
        holder=holder,
        rule=term.rule,
        started_at=work.at,
        due_at=term.due_at,
        warn_at=term.warn_at,
    )
    running(context, work).setdefault(token, []).append(clock)
    add_span(context, work, clock, started)
    plan_job(context, work, clock, "warn", clock.warn_at)
    plan_job(context, work, clock, "due", clock.due_at)
    work.record(
        SlaStarted(
            element=element,
            clock=clock.id,
            code=code,
            due_at=clock.due_at.isoformat(),
            warn_at=clock.warn_at.isoformat(),
            rule=clock.rule,
            holder=holder,
        ),
        context.actor,
    )
    return clock


@dataclass(frozen=True)
class Term:
    """By which rule a clock runs, and until when."""

    rule: dict[str, Any]
    due_at: datetime
    warn_at: datetime


def by_limits(context: Context, work: Work, code: str, started: Span) -> Term:
    """Ask the table `limits` and the holder's calendar, both as in force now.

    What the table was asked with stands in the rule: the case may be another later (what-if).
    """
    answer, table = context.decide(work, LIMITS, {"clock": code})
    limit = read_limit(answer.value)
    calendar = calendar_for(context, work, limit, started.holder)
    spans = (started,)
    rule = {**limit.as_data(), "table": str(table), "row": answer.rows[0]}
    rule["asked"] = context.asked(work, LIMITS, table)
    if limit.needs_calendar:
        rule["calendar"] = {"code": calendar.code, "version": calendar.version}
        rule["provisional"] = is_provisional(limit, calendar, spans)
    return Term(rule, due_at(limit, calendar, spans), warn_at(limit, calendar, spans))


def as_promised(work: Work, due: datetime, *, agreed: bool = False) -> Term:
    """Take the due time that people agreed on, or somebody outside gave, be that past already."""
    warn = work.at + max(due - work.at, timedelta(0)) * DEFAULT_WARN
    rule: dict[str, Any] = {"rule": FIXED, "due_at": due.isoformat()}
    return Term({**rule, AGREED: True} if agreed else rule, due, warn)


def calendar_for(context: Context, work: Work, limit: Limit, holder: str | None) -> Calendar:
    """Return the calendar that a new clock is counted by; none is asked for where none matters."""
    if not limit.needs_calendar:
        return standard()
    return context.plugins.calendars.of_unit(context.connection, holder, work.at)


def add_span(context: Context, work: Work, clock: ClockRow, span: Span) -> None:
    """Append a line to a clock's ledger."""
    clock.spans.append(span)
    work.new_spans.append(
        {
            "clock_id": clock.id,
            "seq": len(clock.spans),
            "kind": span.kind.value,
            "at": span.at,
            "actor": context.actor.id,
            "reason": span.reason,
            "holder": span.holder,
            "times": span.times,
            "until": span.until,
        }
    )


def plan_job(context: Context, work: Work, clock: ClockRow, what: str, when: datetime) -> None:
    """Plan what happens to a clock by itself: `what` is "warn", "due" or "resume"."""
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.id,
            kind=CLOCK,
            due_at=when,
            token=clock.token,
            element=clock.element,
            data={"what": what, "clock": str(clock.id)},
        )
    )


def stop_clocks(context: Context, work: Work, token: int, how: str) -> None:
    """End the clocks of an activity that was left: `how` is "met" or "cancelled"."""
    for clock in running(context, work).pop(token, []):
        clock.status = how
        clock.stopped_at = work.at
        clock.changed = True
        work.drop_jobs(CLOCK, token)
        add_span(context, work, clock, Span(SpanKind(how), work.at, holder=clock.holder))
        work.record(
            SlaStopped(
                element=clock.element,
                clock=clock.id,
                code=clock.code,
                how=how,
                late=clock.breached_at is not None,
            ),
            context.actor,
        )
        work.ended_clocks.append(clock)


def clock_named(context: Context, work: Work, code: str, *, beside: str = "") -> ClockRow:
    """Return the clock that a timer's `due("…")` or an operation means.

    Of several with one code it is that of the activity `beside`, where it has one; else the one
    started last: the innermost activity's. Raises Broken("clock.not_running").
    """
    found = [c for clocks in running(context, work).values() for c in clocks if c.code == code]
    found = [clock for clock in found if beside and clock.element == beside] or found
    if not found:
        raise Broken(
            "clock.not_running",
            _("这里用到时限“{code}”，但此时没有这个时限在计时。", code=code),
        )
    return max(found, key=lambda c: (c.started_at, c.token))


def instant_of(clock: ClockRow, what: str) -> datetime:
    """Return when a clock warns or is due; of one that rests nobody knows yet."""
    if clock.status == PAUSED:
        return FAR_FUTURE
    return clock.due_at if what == "due" else clock.warn_at


def clock_over(context: Context, work: Work, item: WaitingItem) -> ClockRow | None:
    """Return an item's own clock, else the innermost around it: a sub-process's, the process's."""
    standing = running(context, work)
    for token in (item.token, *work.execution.around(item.token), PROCESS_TOKEN):
        if standing.get(token):
            return standing[token][0]
    return None
