"""Starts that nobody clicks: by message, by signal, by timer, of the newest version of a folder.

A deployment notes in `receiver` where its drawings receive; the version before is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, select

from engine.bpmn.model import EventDefinition, EventKind, Kind, Node
from engine.bpmn.starts import event_starts
from engine.db.tables import job, receiver
from engine.run.context import Starting
from engine.run.rows import MESSAGE, SIGNAL, START, START_TIMER, JobRow
from engine.run.throwing import HOPS
from engine.run.timers import plan_of, time_without_data

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.folder import Folder

TIMER = "timer"
KINDS = {EventKind.MESSAGE: MESSAGE, EventKind.SIGNAL: SIGNAL, EventKind.TIMER: TIMER}
CATCHING = (Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT, Kind.RECEIVE_TASK)

OLD_JOBS = delete(job).where(
    job.c.id.in_(select(receiver.c.job_id).where(receiver.c.key == bindparam("b_key")))
)
OLD = delete(receiver).where(receiver.c.key == bindparam("b_key"))
STARTED_BY = (
    select(receiver)
    .where(
        receiver.c.kind == bindparam("kind"),
        receiver.c.name == bindparam("name"),
        receiver.c.starts,
    )
    .order_by(receiver.c.definition_id.desc(), receiver.c.process, receiver.c.element)
)


def renew(context: Context, folder: Folder) -> None:
    """Receive from now on where the version just deployed is drawn to, and nowhere else."""
    context.connection.execute(OLD_JOBS, {"b_key": folder.key})
    context.connection.execute(OLD, {"b_key": folder.key})
    found = list(receivers(context, folder))
    if found:
        context.connection.execute(insert(receiver), found)


def receivers(context: Context, folder: Folder) -> Iterator[dict[str, Any]]:
    """Yield the rows of a folder's receiving elements; plan the first start of its timers."""
    for process_id in folder.sources:
        process = folder.process(process_id)
        beginnings = {node.id for node in event_starts(process)}
        for node in process.nodes.values():
            event = received(node)
            starts = node.id in beginnings
            if event is None or not process.executable:
                continue
            if event.kind is EventKind.TIMER and not starts:
                continue
            is_timer = event.kind is EventKind.TIMER
            yield {
                "key": folder.key,
                "process": process_id,
                "element": node.id,
                "definition_id": folder.id,
                "kind": KINDS[event.kind],
                "name": "" if is_timer else event.ref,
                "starts": starts,
                "job_id": plan_first(context, folder, process_id, node) if is_timer else None,
            }


def received(node: Node) -> EventDefinition | None:
    """Return the message, signal or timer that a node is drawn to receive."""
    if node.kind not in CATCHING:
        return None
    return next((event for event in node.events if event.kind in KINDS), None)


def by_message(context: Context, name: str, data: Mapping[str, Any]) -> UUID | None:
    """Start the process deployed last that a message starts, in this transaction."""
    asked = {"kind": MESSAGE, "name": name}
    row = context.connection.execute(STARTED_BY.limit(1), asked).one_or_none()
    return None if row is None else begin(context, row, data, context.now)


def by_signal(context: Context, name: str, data: Mapping[str, Any]) -> int:
    """Plan a start of each process that a signal starts; return how many."""
    found = list(context.connection.execute(STARTED_BY, {"kind": SIGNAL, "name": name}))
    for row in found:
        at = context.now.isoformat()
        said = {**whose(row), HOPS: context.hops, "data": dict(data), "at": at}
        context.plan(
            JobRow(
                id=context.ids.new(),
                instance_id=None,
                kind=START,
                due_at=context.now,
                element=row.element,
                data=said,
            )
        )
    return len(found)


def start(context: Context, row: Any) -> None:
    """Start what a signal starts."""
    begin_said(context, row.data, row.data["data"], datetime.fromisoformat(row.data["at"]))


def start_by_timer(context: Context, row: Any) -> None:
    """Start what a timer starts, at its own due time; plan a cycle's next start first.

    Starts that an outage swallowed are not made up for, as with any cycle.
    """
    said = row.data
    if "every" in said:
        every = timedelta(seconds=said["every"])
        missed = int((context.now - row.due_at) / every)
        left = None if said["left"] is None else said["left"] - 1 - missed
        if left is None or left > 0:
            later = {**said, "left": left}
            plan_start(context, row.id, row.element, row.due_at + every * (missed + 1), later)
    begin_said(context, said, {}, row.due_at)


def plan_first(context: Context, folder: Folder, process: str, node: Node) -> UUID | None:
    """Plan a timer's first start; a date that has passed starts nothing.

    Raises what `time_without_data` raises.
    """
    event = next(each for each in node.events if each.kind is EventKind.TIMER)
    when, more = plan_of(event.timer, time_without_data(event.text), context.now)
    if when < context.now:
        return None
    job_id = context.ids.new()
    said = {"definition": str(folder.id), "process": process, "element": node.id, **more}
    plan_start(context, job_id, node.id, when, said)
    return job_id


def plan_start(
    context: Context, job_id: UUID, element: str, when: datetime, data: dict[str, Any]
) -> None:
    """Plan the job that starts an instance; a cycle's jobs keep their id, `receiver` knows it."""
    context.plan(
        JobRow(
            id=job_id,
            instance_id=None,
            kind=START_TIMER,
            due_at=when,
            element=element,
            data=data,
        )
    )


def whose(row: Any) -> dict[str, str]:
    """Return what a job remembers of the drawing it starts."""
    return {
        "definition": str(row.definition_id),
        "process": row.process,
        "element": row.element,
    }


def begin_said(
    context: Context, said: Mapping[str, Any], data: Mapping[str, Any], at: datetime
) -> None:
    """Start what a job remembers."""
    folder = context.library.folder(context.connection, UUID(said["definition"]))
    start_at(context, folder, said["process"], said["element"], data, at)


def begin(context: Context, row: Any, data: Mapping[str, Any], at: datetime) -> UUID:
    """Start what a row of `receiver` names."""
    folder = context.library.folder(context.connection, row.definition_id)
    return start_at(context, folder, row.process, row.element, data, at)


def start_at(
    context: Context,
    folder: Folder,
    process: str,
    element: str,
    data: Mapping[str, Any],
    at: datetime,
) -> UUID:
    """Start a process at one of its starts; what came with it stands under the start's id."""
    new = Starting(
        id=context.ids.new(),
        folder=folder,
        process=process,
        data={element: dict(data)} if data else {},
        unit=None,
        priority=0,
        at=at,
        start=element,
    )
    return context.begin(new).id
