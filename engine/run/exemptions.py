"""Exemption after an appeal (超时免责): a breach leaves the figures, the fact of it stays (E-38).

`breached_at` is never touched. The ledger gets a line, and `exempted_at` says so in lists.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select, update

from engine.db.tables import sla_clock, sla_span
from engine.errors import Conflict
from engine.events import SlaExempted
from engine.i18n import _
from engine.run.clocks import add_span, clock_named
from engine.sla.ledger import Span, SpanKind

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

ENDED_LATE = (
    select(
        sla_clock.c.id,
        sla_clock.c.element,
        sla_clock.c.holder,
        func.max(sla_span.c.seq).label("seq"),
    )
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .where(
        sla_clock.c.root_id == bindparam("root"),
        sla_clock.c.holder == bindparam("unit"),
        sla_clock.c.code == bindparam("code"),
        sla_clock.c.stopped_at.is_not(None),
        sla_clock.c.breached_at.is_not(None),
        sla_clock.c.exempted_at.is_(None),
    )
    .group_by(sla_clock.c.id, sla_clock.c.element, sla_clock.c.holder)
    .order_by(sla_clock.c.id)
)
EXEMPT = (
    update(sla_clock)
    .where(sla_clock.c.id == bindparam("b_id"))
    .values(exempted_at=bindparam("b_at"))
)


def exempt_clock(context: Context, work: Work, *, clock: str) -> Mapping[str, Any]:
    """Exempt the clock that runs here and is late.

    Raises Conflict("clock.not_late" or "clock.already_exempted"), Broken("clock.not_running").
    """
    found = clock_named(context, work, clock)
    if found.breached_at is None:
        raise Conflict("clock.not_late", _("这个时限没有超期，不用免责。"))
    if found.exempted_at is not None:
        raise Conflict("clock.already_exempted", _("这个时限已经免责，不必再申请。"))
    found.exempted_at, found.changed = work.at, True
    add_span(context, work, found, Span(SpanKind.EXEMPTED, work.at, holder=found.holder))
    event = SlaExempted(element=found.element, clock=found.id, code=found.code, holder=found.holder)
    work.record(event, context.actor)
    return {"exempted": 1}


def exempt_ended(context: Context, work: Work, *, clock: str, unit: str) -> Mapping[str, Any]:
    """Exempt the late clocks of a unit in the parts of this case that have ended.

    Those parts take no command any more, so nothing else adds to their ledgers. Three statements.
    """
    asked = {"root": work.root_id, "unit": unit, "code": clock}
    rows = context.connection.execute(ENDED_LATE, asked).all()
    if not rows:
        return {"exempted": 0}
    line = {"kind": SpanKind.EXEMPTED.value, "at": work.at, "actor": context.actor.id}
    spans = [
        {**line, "clock_id": row.id, "seq": row.seq + 1, "holder": row.holder, "times": 1}
        for row in rows
    ]
    context.connection.execute(insert(sla_span), spans)
    context.connection.execute(EXEMPT, [{"b_id": row.id, "b_at": work.at} for row in rows])
    for row in rows:
        event = SlaExempted(element=row.element, clock=row.id, code=clock, holder=row.holder)
        work.record(event, context.actor)
    return {"exempted": len(rows)}
