"""Called parts: started, ended and cancelled by jobs, so that two instances are never locked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from engine.db.tables import instance, job
from engine.events import ChildEnded
from engine.run.commands import DoJob
from engine.run.context import Starting
from engine.run.data import mapped
from engine.run.handlers.instances import end_early
from engine.run.plugins import Answer
from engine.run.rows import CANCEL_CHILD, END_CHILD, START_CHILD
from engine.run.work import ACTIVE

if TYPE_CHECKING:
    from engine.run.context import Context

JOB = select(job).where(job.c.id == bindparam("id"), job.c.status == "pending")
DONE = delete(job).where(job.c.id == bindparam("b_id"))
CHILD = select(instance.c.id).where(
    instance.c.parent_id == bindparam("parent"),
    instance.c.parent_token == bindparam("token"),
    instance.c.status == ACTIVE,
)


def locate(context: Context, command: DoJob) -> UUID | None:
    """Name the instance a job is about: the caller for an end, the part for a cancellation.

    What was done there counts from when it was done, however late the job is: a timer that was due
    only afterwards does not come before it.
    """
    row = context.connection.execute(JOB, {"id": command.job_id}).one_or_none()
    if row is None or row.kind == START_CHILD:
        return None
    if "at" in row.data:
        context.until = datetime.fromisoformat(row.data["at"])
    if row.kind == CANCEL_CHILD:
        found = context.connection.execute(CHILD, {"parent": row.instance_id, "token": row.token})
        child: UUID | None = found.scalars().first()
        return child
    caller: UUID = row.instance_id
    return caller


def do(context: Context, command: DoJob) -> Answer:
    """Do a job once: whoever deletes its row does it."""
    row = context.connection.execute(JOB, {"id": command.job_id}).one_or_none()
    if row is None or context.connection.execute(DONE, {"b_id": row.id}).rowcount != 1:
        return {"done": False}
    kinds = {START_CHILD: start_part, END_CHILD: end_part, CANCEL_CHILD: cancel_part}
    kinds[row.kind](context, row)
    return {"done": True}


def start_part(context: Context, row: Any) -> None:
    """Start a called part as an instance of its own."""
    said = row.data
    caller = context.library.folder(context.connection, UUID(said["definition"]))
    folder, process = context.library.calling(context.connection, caller, said["called"])
    unit = said["data"].get("unit")
    context.begin(
        Starting(
            id=context.ids.new(),
            folder=folder,
            process=process,
            data=said["data"],
            unit=str(unit) if unit is not None else None,
            priority=said["priority"],
            at=datetime.fromisoformat(said["at"]),
            root_id=UUID(said["root"]),
            parent_id=row.instance_id,
            parent_token=row.token,
            parent_element=row.element,
        )
    )


def end_part(context: Context, row: Any) -> None:
    """Give a part's `out` data to its caller and let the caller's token go on."""
    if context.opened is None:
        return
    work = context.open(row.instance_id)
    waiting = next((c for c in work.before.calls if c.token == row.token), None)
    if work.status != ACTIVE or waiting is None:
        return
    node = work.info.folder.node(work.process, row.element)
    output = mapped(node.properties.get("out", ""), context.host(work), row.data["data"])
    child = UUID(row.data["child"])
    work.done_tokens.add(row.token)
    work.record(ChildEnded(element=row.element, child=child, index=waiting.index), context.actor)
    work.execution.end_call(row.token, output)
    context.settle(work)


def cancel_part(context: Context, row: Any) -> None:  # noqa: ARG001
    """Cancel a part whose caller does not wait for it any more; one that has ended stays so."""
    if context.opened is None:
        return
    work = context.open(context.opened)
    if work.status == ACTIVE:
        end_early(context, work, "")
