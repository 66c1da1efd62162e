"""Rows the engine holds in memory while a command runs, and the statements that store them.

Each statement is built once; a command sends each at most once, with as many parameter sets as it
needs, so the number of statements does not grow with the size or age of a case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)

from engine.db.prepared import Prepared
from engine.db.tables import (
    event,
    event_value,
    incident,
    instance,
    job,
    sla_clock,
    sla_span,
    subscription,
    work_item,
    work_item_barred,
)
from engine.run.queues import queue_of
from engine.sla.ledger import Span

TIMER, CLOCK = "timer", "clock"
START_CHILD, END_CHILD, CANCEL_CHILD = "start_child", "end_child", "cancel_child"
CHILD_THREW = "child_threw"
MESSAGE, SIGNAL, DELIVER = "message", "signal", "deliver"
START, START_TIMER = "start", "start_timer"
RECOMPUTE = "recompute"
TIME_KINDS = (TIMER, CLOCK)
RUNNING, PAUSED = "running", "paused"
MOST_DUE = 50  # firings a command; more is the worker's, so that nobody waits behind a backlog
FAR_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)  # of what waits for a clock that rests
# Literals, so that a plan kept by the database may use the partial index, and no list of values is
# written into the statement anew each time.
PENDING: ColumnElement[str] = literal_column("'pending'")
OF_TIME = job.c.kind.in_([literal_column(f"'{kind}'") for kind in TIME_KINDS])
STANDING = sla_clock.c.status.in_([literal_column(f"'{each}'") for each in (RUNNING, PAUSED)])


@dataclass
class JobRow:
    """Something to do at `due_at`. `stored` tells whether the database knows it already."""

    id: UUID
    instance_id: UUID | None
    kind: str
    due_at: datetime
    token: int | None = None
    element: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    stored: bool = False

    def values(self) -> dict[str, Any]:
        """Return the row to insert."""
        return {
            "id": self.id,
            "instance_id": self.instance_id,
            "kind": self.kind,
            "token": self.token,
            "element": self.element,
            "due_at": self.due_at,
            "data": self.data,
            "status": "pending",
            "attempts": 0,
            "lease_until": None,
            "lease_owner": None,
            "queue": queue_of(self.kind),
        }


@dataclass
class ClockRow:
    """An SLA clock while a command runs."""

    id: UUID
    token: int
    element: str
    code: str
    holder: str | None
    rule: dict[str, Any]
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    status: str = "running"
    warned_at: datetime | None = None
    breached_at: datetime | None = None
    exempted_at: datetime | None = None
    stopped_at: datetime | None = None
    spans: list[Span] = field(default_factory=list)
    stored: bool = False
    changed: bool = True


# Not the key: others may go on writing rows that refer to the instance. A part that ends writes its
# caller a job while the caller is locked; waiting there would close a circle.
LOCK_INSTANCE = Prepared(
    select(instance).where(instance.c.id == bindparam("id")).with_for_update(key_share=True)
)

LAST_AT = select(instance.c.last_at).where(instance.c.id == bindparam("id")).scalar_subquery()

# Sent together with the lock: what is due by now, or by the instance's last instant if a host's
# clock is behind it, and in no case after `until`.
DUE_JOBS = Prepared(
    select(job)
    .where(
        job.c.instance_id == bindparam("id"),
        OF_TIME,
        job.c.status == PENDING,
        job.c.due_at <= bindparam("until"),
        or_(job.c.due_at <= bindparam("now"), job.c.due_at <= LAST_AT),
    )
    .order_by(job.c.due_at, job.c.kind, job.c.id)
    .limit(bindparam("limit"))
)

ALL_TIME_JOBS = Prepared(
    select(job).where(job.c.instance_id == bindparam("id"), OF_TIME, job.c.status == PENDING)
)

# A line of a ledger, as `engine.run.clocks.stored_span` reads it; the clock has its own `holder`.
SPAN_COLUMNS = (
    sla_span.c.kind,
    sla_span.c.at,
    sla_span.c.reason,
    sla_span.c.holder.label("span_holder"),
    sla_span.c.times,
    sla_span.c.until,
)

# Clocks with their ledgers, a row a span: one statement, however many clocks there are.
STANDING_CLOCKS = Prepared(
    select(
        sla_clock,
        *SPAN_COLUMNS,
    )
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .where(
        sla_clock.c.instance_id == bindparam("id"),
        STANDING,
    )
    .order_by(sla_clock.c.started_at, sla_clock.c.id, sla_span.c.seq)
)

OPEN_ITEMS = select(work_item.c.id, work_item.c.token).where(
    work_item.c.instance_id == bindparam("id"),
    work_item.c.token.in_(bindparam("tokens", expanding=True)),
    work_item.c.status == literal_column("'open'"),
)

OPEN_INCIDENTS = Prepared(
    select(incident.c.id, incident.c.token).where(
        incident.c.instance_id == bindparam("id"),
        incident.c.resolved_at.is_(None),
        incident.c.token.is_not(None),
    )
)

INSERT_INSTANCE = Prepared(insert(instance))
INSERT_EVENTS = Prepared(insert(event))
INSERT_VALUES = Prepared(insert(event_value))
INSERT_ITEMS = Prepared(insert(work_item))
INSERT_BARRED = Prepared(insert(work_item_barred))
INSERT_JOBS = Prepared(insert(job))
INSERT_CLOCKS = Prepared(insert(sla_clock))
INSERT_SPANS = Prepared(insert(sla_span))
INSERT_INCIDENTS = Prepared(insert(incident))
INSERT_SUBSCRIPTIONS = Prepared(insert(subscription))
DROP_SUBSCRIPTIONS = Prepared(
    delete(subscription).where(
        subscription.c.instance_id == bindparam("b_instance"),
        subscription.c.token == bindparam("b_token"),
    )
)

UPDATE_INSTANCE = Prepared(
    update(instance)
    .where(instance.c.id == bindparam("b_id"))
    .values(
        status=bindparam("b_status"),
        revision=instance.c.revision + literal_column("1"),
        state=bindparam("b_state"),
        ended_at=bindparam("b_ended_at"),
        last_at=bindparam("b_last_at"),
        head_seq=bindparam("b_head_seq"),
        head_hash=bindparam("b_head_hash"),
        unsealed=true(),
    )
)

CLOSE_ITEMS = Prepared(
    update(work_item)
    .where(work_item.c.id == bindparam("b_id"))
    .values(
        status=bindparam("b_status"),
        closed_at=bindparam("b_at"),
        closed_by=bindparam("b_by"),
        outcome=bindparam("b_outcome"),
    )
)

UPDATE_CLOCKS = Prepared(
    update(sla_clock)
    .where(sla_clock.c.id == bindparam("b_id"))
    .values(
        status=bindparam("b_status"),
        holder=bindparam("b_holder"),
        rule=bindparam("b_rule"),
        due_at=bindparam("b_due_at"),
        warn_at=bindparam("b_warn_at"),
        warned_at=bindparam("b_warned_at"),
        breached_at=bindparam("b_breached_at"),
        exempted_at=bindparam("b_exempted_at"),
        stopped_at=bindparam("b_stopped_at"),
    )
)

DROP_JOBS_OF_TOKENS = Prepared(
    delete(job).where(
        job.c.instance_id == bindparam("b_instance"),
        job.c.kind == bindparam("b_kind"),
        job.c.token == bindparam("b_token"),
    )
)

MOVE_JOBS = Prepared(
    update(job).where(job.c.id == bindparam("b_id")).values(due_at=bindparam("b_due_at"))
)

MOVE_ITEMS = Prepared(
    update(work_item)
    .where(
        work_item.c.instance_id == bindparam("b_instance"),
        work_item.c.token == bindparam("b_token"),
        work_item.c.status == literal_column("'open'"),
    )
    .values(
        due_at=bindparam("b_due_at"),
        warn_at=bindparam("b_warn_at"),
        sort_at=bindparam("b_sort_at"),
    )
)

DROP_JOBS = Prepared(delete(job).where(job.c.id == bindparam("b_id")))

RESOLVE_INCIDENTS = Prepared(
    update(incident)
    .where(incident.c.id == bindparam("b_id"))
    .values(resolved_at=bindparam("b_at"), resolved_by=bindparam("b_by"))
)
