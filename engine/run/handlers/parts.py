"""Called parts: started, ended and cancelled by jobs, so that two instances are never locked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.bpmn.mapping import passed_out
from engine.db.tables import instance
from engine.events import ChildEnded, ChildThrew
from engine.run.context import Starting
from engine.run.data import left_by, mapped
from engine.run.handlers.instances import end_early
from engine.run.throwing import ERROR
from engine.run.work import ACTIVE
from engine.spiff.contract import WaitingCall

if TYPE_CHECKING:
    from engine.run.context import Context

CHILD = select(instance.c.id).where(
    instance.c.parent_id == bindparam("parent"),
    instance.c.parent_token == bindparam("token"),
    instance.c.status == ACTIVE,
)


def count_from(context: Context, row: Any) -> None:
    """Let what another instance did count from when it was done, however late the job is.

    A timer that was due only afterwards does not come before it.
    """
    if "at" in row.data:
        context.until = datetime.fromisoformat(row.data["at"])


def locate_caller(context: Context, row: Any) -> UUID:
    """Name the instance that called."""
    count_from(context, row)
    caller: UUID = row.instance_id
    return caller


def locate_part(context: Context, row: Any) -> UUID | None:
    """Name the called part, None where it has ended."""
    count_from(context, row)
    found = context.connection.execute(CHILD, {"parent": row.instance_id, "token": row.token})
    child: UUID | None = found.scalars().first()
    return child


def start_part(context: Context, row: Any) -> None:
    """Start a called part as an instance of its own."""
    said = row.data
    caller = context.library.folder(context.connection, UUID(said["definition"]))
    folder, process = context.library.calling(context.connection, caller, said["called"])
    unit = said.get("unit") or said["data"].get("unit")
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
            far=said.get("far", {}),
        )
    )


def end_part(context: Context, row: Any) -> None:
    """Give a part's `out` data to its caller, or the error it ended by; the caller goes on."""
    waiting = still_waiting(context, row)
    if waiting is None:
        return
    if "thrown" in row.data:
        hear(context, row, waiting)
        return
    work = context.open(row.instance_id)
    node = work.info.folder.node(work.process, row.element)
    host = context.host(work)
    output = mapped(passed_out(node), host, left_by(row.data, host.shelf.fetch))
    child = UUID(row.data["child"])
    work.done_tokens.add(row.token)
    work.record(ChildEnded(element=row.element, child=child, index=waiting.index), context.actor)
    work.execution.end_call(row.token, output)
    context.settle(work)


def hear_part(context: Context, row: Any) -> None:
    """Throw at the caller's step what a part that goes on has thrown."""
    waiting = still_waiting(context, row)
    if waiting is not None:
        hear(context, row, waiting)


def hear(context: Context, row: Any, waiting: WaitingCall) -> None:
    """Throw a part's error or escalation at the step that called it."""
    work, thrown = context.open(row.instance_id), row.data["thrown"]
    if thrown["kind"] == ERROR:
        work.done_tokens.add(row.token)  # the part has ended: nothing is left to cancel
    event = ChildThrew(
        element=row.element,
        child=UUID(row.data["child"]),
        thrown=thrown["kind"],
        code=thrown["ref"],
        index=waiting.index,
    )
    work.record(event, context.actor)
    work.execution.fail_call(row.token, thrown["kind"], thrown["ref"])
    context.settle(work)


def still_waiting(context: Context, row: Any) -> WaitingCall | None:
    """Return the call a job is about, if its caller still waits for it."""
    work = context.open(row.instance_id)
    if work.status != ACTIVE:
        return None
    return next(iter(work.execution.at(row.token).calls), None)


def cancel_part(context: Context, row: Any) -> None:  # noqa: ARG001
    """Cancel a part whose caller does not wait for it any more; one that has ended stays so."""
    if context.opened is None:
        return
    work = context.open(context.opened)
    if work.status == ACTIVE:
        end_early(context, work, "")
