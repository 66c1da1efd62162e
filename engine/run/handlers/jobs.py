"""Jobs that are no timers of an instance: each is done once, by whoever deletes its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from engine.db.prepared import Prepared
from engine.db.tables import job
from engine.run import rows
from engine.run.commands import DoJob
from engine.run.handlers import deadlines, messages, parts, signals, starts
from engine.run.plugins import Answer, Doing
from engine.run.throwing import HOPS

if TYPE_CHECKING:
    from engine.run.context import Context

JOB = Prepared(select(job).where(job.c.id == bindparam("id"), job.c.status == "pending"))
DONE = Prepared(delete(job).where(job.c.id == bindparam("b_id")))


DOINGS: Mapping[str, Doing] = {
    rows.START_CHILD: Doing(parts.start_part),
    rows.END_CHILD: Doing(parts.end_part, parts.locate_caller),
    rows.CHILD_THREW: Doing(parts.hear_part, parts.locate_caller),
    rows.CANCEL_CHILD: Doing(parts.cancel_part, parts.locate_part),
    rows.MESSAGE: Doing(messages.carry, messages.locate_receiver),
    rows.SIGNAL: Doing(signals.spread),
    rows.DELIVER: Doing(signals.deliver, parts.locate_caller),
    rows.RECOMPUTE: Doing(deadlines.recompute_one, parts.locate_caller),
    rows.START: Doing(starts.start),
    rows.START_TIMER: Doing(starts.start_by_timer),
}


def locate(context: Context, command: DoJob) -> UUID | None:
    """Name the running instance a job is about, if there is one."""
    found = JOB.read(context.connection, {"id": command.job_id})
    if not found:
        return None
    row = found[0]
    find = doing(context, row.kind).locate
    return find(context, row) if find else None


def do(context: Context, command: DoJob) -> Answer:
    """Do a job once: whoever deletes its row does it."""
    found = JOB.read(context.connection, {"id": command.job_id})
    if not found or DONE.change(context.connection, {"b_id": command.job_id}) != 1:
        return {"done": False}
    row = found[0]
    context.hops = row.data.get(HOPS, 0)
    doing(context, row.kind).do(context, row)
    return {"done": True}


def doing(context: Context, kind: str) -> Doing:
    """Return how a kind of job is done: the engine's own way, else what was plugged in."""
    return DOINGS.get(kind) or context.plugins.jobs[kind]
