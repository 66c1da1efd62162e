"""What stopped on a failure is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from engine.db.tables import incident, job
from engine.errors import Conflict, NotFound
from engine.events import IncidentResolved
from engine.i18n import _
from engine.run import clocks, reconcile, subscriptions, timers
from engine.run.commands import RetryIncident
from engine.run.handlers.instances import require
from engine.run.plugins import Answer
from engine.run.work import Work

if TYPE_CHECKING:
    from engine.run.context import Context

INCIDENT = select(incident).where(incident.c.id == bindparam("id"))
REVIVE = (
    update(job)
    .where(job.c.id == bindparam("b_job"))
    .values(status="pending", attempts=0, lease_until=None, lease_owner=None)
)


def locate(context: Context, command: RetryIncident) -> UUID:
    """Find the incident's instance; refuse what is unknown or not allowed."""
    row = context.connection.execute(INCIDENT, {"id": command.incident_id}).one_or_none()
    if row is None:
        raise NotFound("incident.unknown", _("没有这条异常记录，请刷新列表。"))
    require(context, "incident.retry", None)
    instance_id: UUID = row.instance_id
    return instance_id


def retry(context: Context, command: RetryIncident) -> Answer:
    """Try again what stopped; refuse with the cause where it still fails."""
    row = context.connection.execute(INCIDENT, {"id": command.incident_id}).one()
    work = context.open(row.instance_id)
    if row.resolved_at is not None:
        raise Conflict("incident.resolved", _("这条异常已经恢复，不必再试。"))

    if row.job_id is not None:
        context.connection.execute(REVIVE, {"b_job": row.job_id})
    elif work.execution.at(row.token).stopped:
        work.execution.retry(row.token)
        context.settle(work)
        refuse_if_stopped(work, row.token)
        return {"incident_id": str(row.id)}
    else:
        open_again(context, work, row)
    work.solved_incidents.append({"b_id": row.id, "b_at": work.at, "b_by": context.actor.id})
    work.record(IncidentResolved(element=row.element, incident=row.id), context.actor)
    return {"incident_id": str(row.id)}


def refuse_if_stopped(work: Work, token: int) -> None:
    """Refuse a retry that changed nothing, with what still hinders."""
    for stopped in work.execution.at(token).stopped:
        raise Conflict(
            "incident.still_failing",
            _("重试后仍未恢复：{cause}", cause=stopped.cause),
        )


def open_again(context: Context, work: Work, row: Any) -> None:
    """Open again what could not be opened (timer, wait, clock, call, item), if still awaited."""
    stands, token = work.execution.at(row.token), row.token
    for timer in stands.timers:
        timers.arm(context, work, timer)
    for event in stands.events:
        subscriptions.arm(context, work, event)
    for call in stands.calls:
        reconcile.plan_call(context, work, call)
    for activity in stands.activities:
        drawn = reconcile.has_clock(work, activity.element)
        if drawn and token not in clocks.running(context, work):
            reconcile.clocks_of(context, work, activity)
    for item in stands.items:
        if not reconcile.is_open(context, work, token):
            reconcile.open_item(context, work, item)
