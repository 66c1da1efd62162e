"""Deadlines are counted again on purpose: after a notice was entered or a calendar changed.

Nothing else ever moves a deadline that stands (E-39). Each instance is a job of its own, because
two are never locked in one command; its trail tells the old and the new due instant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from engine.db.tables import sla_clock
from engine.run.clock_moves import recompute
from engine.run.clocks import running
from engine.run.commands import RecomputeDeadlines
from engine.run.handlers.instances import require
from engine.run.plugins import Answer
from engine.run.rows import PAUSED, RECOMPUTE, RUNNING, JobRow
from engine.run.work import ACTIVE

if TYPE_CHECKING:
    from engine.run.context import Context

STANDING = (
    select(sla_clock.c.instance_id)
    .where(sla_clock.c.status.in_((RUNNING, PAUSED)))
    .distinct()
    .order_by(sla_clock.c.instance_id)
)


def recompute_all(context: Context, command: RecomputeDeadlines) -> Answer:  # noqa: ARG001
    """Plan a job for each instance with a clock. Answers how many."""
    require(context, "deadline.recompute", None)
    found = context.connection.execute(STANDING).scalars().all()
    by = str(context.actor.id) if context.actor.id else None
    for instance_id in found:
        context.plan(
            JobRow(
                id=context.ids.new(),
                instance_id=instance_id,
                kind=RECOMPUTE,
                due_at=context.now,
                data={"by": by},
            )
        )
    return {"instances": len(found)}


def recompute_one(context: Context, row: Any) -> None:
    """Count an instance's clocks again; one that ended meanwhile is left alone."""
    work = context.open(row.instance_id)
    if work.status != ACTIVE:
        return
    for clock in [each for held in running(context, work).values() for each in held]:
        recompute(context, work, clock, by=row.data["by"])
