"""SLA clocks while a command runs: started by entering an activity, ended by leaving it.

The ledger (`sla_span`) is the truth; `due_at` and `warn_at` are computed from it and stored for
indexing. A clock's own jobs note warning and breach at the very instant they were true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from engine.errors import Broken
from engine.events import SlaBreached, SlaStarted, SlaStopped, SlaWarned
from engine.i18n import _
from engine.run.rows import CLOCK, RUNNING_CLOCKS, ClockRow, JobRow
from engine.sla.due_at import due_at, warn_at
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import DEFAULT_WARN, read_limit

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

LIMITS = "limits"
FIXED = "fixed"  # the rule of a clock whose due time was promised outside
PROCESS_TOKEN = 0


def running(context: Context, work: Work) -> dict[int, list[ClockRow]]:
    """Return the instance's running clocks by activity token; read once a command."""
    if work.clocks is None:
        work.clocks = {}
        rows: Any = ()
        if not work.is_new:
            rows = context.connection.execute(RUNNING_CLOCKS, {"id": work.id})
        for row in rows:
            clock = ClockRow(
                id=row.id,
                token=row.token,
                element=row.element,
                code=row.code,
                holder=row.holder,
                rule=row.rule,
                started_at=row.started_at,
                due_at=row.due_at,
                warn_at=row.warn_at,
                warned_at=row.warned_at,
                breached_at=row.breached_at,
                stored=True,
                changed=False,
            )
            work.clocks.setdefault(row.token, []).append(clock)
    return work.clocks


def start_clock(
    context: Context, work: Work, *, code: str, token: int, element: str, holder: str | None
) -> ClockRow:
    """Start the clock `code` on an activity, by what was promised or the limits in force now.

    Raises Broken("table.…") where the table `limits` is missing or has no answer.
    """
    promise = context.promised.get(code)
    term = as_promised(work, promise) if promise else by_limits(context, work, code, holder)
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
    work.new_spans.append(
        {
            "clock_id": clock.id,
            "seq": 1,
            "kind": "started",
            "at": work.at,
            "actor": context.actor.id,
            "reason": None,
            "holder": holder,
        }
    )
    for what, when in (("warn", clock.warn_at), ("due", clock.due_at)):
        work.add_job(
            JobRow(
                id=context.ids.new(),
                instance_id=work.id,
                kind=CLOCK,
                due_at=when,
                token=token,
                element=element,
                data={"what": what, "clock": str(clock.id)},
            )
        )
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


def by_limits(context: Context, work: Work, code: str, holder: str | None) -> Term:
    """Ask the table `limits` in force now how long a clock runs."""
    answer, table = context.decide(work, LIMITS, {"clock": code})
    limit = read_limit(answer.value)
    rule = {**limit.as_data(), "table": str(table), "row": answer.rows[0]}
    spans = (Span(SpanKind.STARTED, work.at, holder=holder),)
    return Term(rule, due_at(limit, spans), warn_at(limit, spans))


def as_promised(work: Work, due: datetime) -> Term:
    """Take the due time that somebody outside has given, be it past already."""
    warn = work.at + max(due - work.at, timedelta(0)) * DEFAULT_WARN
    return Term({"rule": FIXED, "due_at": due.isoformat()}, due, warn)


def stop_clocks(context: Context, work: Work, token: int, how: str) -> None:
    """End the clocks of an activity that was left: `how` is "met" or "cancelled"."""
    for clock in running(context, work).pop(token, []):
        clock.status = how
        clock.stopped_at = work.at
        clock.changed = True
        work.drop_jobs(CLOCK, token)
        work.new_spans.append(
            {
                "clock_id": clock.id,
                "seq": 2,
                "kind": how,
                "at": work.at,
                "actor": context.actor.id,
                "reason": None,
                "holder": clock.holder,
            }
        )
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


def ring(context: Context, work: Work, row: JobRow) -> None:
    """Note a warning or a breach, at the instant the job was due."""
    for clock in running(context, work).get(row.token or PROCESS_TOKEN, []):
        if str(clock.id) != row.data["clock"]:
            continue
        clock.changed = True
        if row.data["what"] == "warn":
            clock.warned_at = row.due_at
            happened: SlaWarned | SlaBreached = SlaWarned(
                element=clock.element, clock=clock.id, code=clock.code
            )
        else:
            clock.breached_at = row.due_at
            happened = SlaBreached(element=clock.element, clock=clock.id, code=clock.code)
        work.record(happened, context.actor)


def instant_of(context: Context, work: Work, code: str, what: str) -> datetime:
    """Return when the clock `code` warns or is due, for a timer drawn as `due("…")`.

    Of several clocks with one code the one started last is meant: the innermost activity's.
    """
    found = [c for clocks in running(context, work).values() for c in clocks if c.code == code]
    if not found:
        raise Broken(
            "clock.not_running",
            _("定时器要用时限“{code}”，但此时没有这个时限在计时。", code=code),
        )
    clock = max(found, key=lambda c: (c.started_at, c.token))
    return clock.due_at if what == "due" else clock.warn_at
