"""Instances as a whole: start, cancel, let time happen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, delete

from engine.db.tables import job
from engine.errors import Conflict, Forbidden
from engine.events import InstanceCancelled
from engine.i18n import _
from engine.run import clocks
from engine.run.commands import CancelInstance, CatchUp, StartInstance
from engine.run.plugins import Answer
from engine.run.rows import TIME_KINDS
from engine.run.work import ACTIVE, CANCELLED, Work

if TYPE_CHECKING:
    from engine.run.context import Context

DROP_TIME = delete(job).where(
    job.c.instance_id == bindparam("b_instance"), job.c.kind.in_(TIME_KINDS)
)


def start(context: Context, command: StartInstance) -> Answer:
    """Start the latest version of a process."""
    require(context, "instance.start", command.unit)

    instance_id = context.start(
        command.definition,
        process=command.process,
        data=command.data,
        unit=command.unit,
        priority=command.priority,
    )
    return {"instance_id": str(instance_id)}


def locate(context: Context, command: CancelInstance) -> UUID:
    """Check that the actor may cancel, and name the instance."""
    require(context, "instance.cancel", None)
    return command.instance_id


def locate_for_worker(context: Context, command: CatchUp) -> UUID:  # noqa: ARG001
    """Name the instance; time needs nobody's leave."""
    return command.instance_id


def cancel(context: Context, command: CancelInstance) -> Answer:
    """End an instance before its drawn end, with everything open in it."""
    work = context.open(command.instance_id)
    if work.status != ACTIVE:
        raise Conflict("instance.ended", _("这件事已经结束，不能再撤销。"))

    end_early(context, work, command.reason)
    return {"instance_id": str(work.id)}


def end_early(context: Context, work: Work, reason: str) -> None:
    """Cancel what is open, then the instance itself."""
    work.execution.cancel()
    work.status, work.ended_at = CANCELLED, work.at
    context.settle(work)
    clocks.stop_clocks(context, work, clocks.PROCESS_TOKEN, "cancelled")
    work.record(InstanceCancelled(reason={"reason": reason} if reason else {}), context.actor)


def caught_up(context: Context, command: CatchUp) -> Answer:
    """Nothing is left to do: the frame has let time happen. Jobs of an ended instance go."""
    work = context.open(command.instance_id)
    if work.status != ACTIVE:
        context.connection.execute(DROP_TIME, {"b_instance": work.id})
    return {"instance_id": str(work.id)}


def require(context: Context, action: str, unit: str | None) -> None:
    """Refuse an actor who may not do `action`."""
    allowed = context.plugins.access.may_act(
        context.connection, context.actor, action=action, role="", unit=unit
    )
    if not allowed:
        raise Forbidden("permission.denied", _("您的岗位没有办理这项操作的权限。"))
