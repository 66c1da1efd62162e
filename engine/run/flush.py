"""Write what a command collected of an instance: one statement a table, all in its transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.db.prepared import pipelined
from engine.run import rows
from engine.run.plugins import InstanceInfo
from engine.run.rows import TIME_KINDS, ClockRow, JobRow
from engine.trail.chain import Head
from engine.trail.entries import append

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work


def flush_work(context: Context, work: Work) -> list[JobRow]:
    """Store an instance's changes and return the jobs that are due at once and were written."""
    if not work.events and not work.is_new:
        return []
    work.last_at = max(work.last_at, work.at)
    drop_jobs(context, work)
    project(context, work)
    with pipelined(context.connection):
        write_trail(context, work)
        write_instance(context, work)
        write_items(context, work)
        write_clocks(context, work)
        write_incidents(context, work)
        write_subscriptions(context, work)
        context.host(work).shelf.write()
        return write_jobs(context, work)


def write_instance(context: Context, work: Work) -> None:
    """Store the instance's row; a new one's before all that refers to it."""
    if work.is_new:
        rows.INSERT_INSTANCE.send(context.connection, [work.values()])
    else:
        rows.UPDATE_INSTANCE.send(context.connection, [work.changes()])
    work.is_new = False


def project(context: Context, work: Work) -> None:
    """Let `processes` update its own rows from the same events."""
    seen = [(recorded.event, recorded.at) for recorded in work.events]
    info = InstanceInfo(
        id=work.id,
        root_id=work.root_id,
        parent_id=work.parent_id,
        process=work.process,
        unit=work.unit,
        priority=work.priority,
        folder=work.info.folder,
        data=work.execution.data(0),
    )
    for projector in context.plugins.projectors:
        projector(context, info, seen)


def write_trail(context: Context, work: Work) -> None:
    """Append the events to the instance's chain."""
    added = append(
        work.events,
        instance=work.id,
        root=work.root_id,
        head=Head(work.head_seq, work.head_hash),
        recorded_at=context.now,
    )
    work.events = []
    work.head_seq, work.head_hash = added.head.seq, added.head.hash
    rows.INSERT_EVENTS.send(context.connection, added.events)
    rows.INSERT_VALUES.send(context.connection, added.values)


def write_items(context: Context, work: Work) -> None:
    """Store new and closed work items, and who may not do the new ones."""
    rows.INSERT_ITEMS.send(context.connection, list(work.new_items.values()))
    rows.INSERT_BARRED.send(context.connection, work.new_barred)
    rows.CLOSE_ITEMS.send(context.connection, work.closed_items)
    rows.MOVE_ITEMS.send(context.connection, work.moved_items)
    work.stored_items = {}
    work.new_items, work.new_barred = {}, []
    work.closed_items, work.moved_items = [], []


def write_clocks(context: Context, work: Work) -> None:
    """Store new and changed clocks and their ledgers."""
    held = [clock for clocks in (work.clocks or {}).values() for clock in clocks]
    all_clocks = work.ended_clocks + held
    rows.INSERT_CLOCKS.send(
        context.connection, [clock_row(work, c) for c in all_clocks if not c.stored]
    )
    changed = [clock_changes(c) for c in all_clocks if c.stored and c.changed]
    rows.UPDATE_CLOCKS.send(context.connection, changed)
    rows.INSERT_SPANS.send(context.connection, work.new_spans)
    for clock in all_clocks:
        clock.stored, clock.changed = True, False
    work.ended_clocks, work.new_spans = [], []


def clock_row(work: Work, clock: ClockRow) -> dict[str, Any]:
    """Return the row of a new clock."""
    return {
        "id": clock.id,
        "instance_id": work.id,
        "root_id": work.root_id,
        "token": clock.token,
        "element": clock.element,
        "code": clock.code,
        "holder": clock.holder,
        "rule": clock.rule,
        "status": clock.status,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "warn_at": clock.warn_at,
        "warned_at": clock.warned_at,
        "breached_at": clock.breached_at,
        "exempted_at": clock.exempted_at,
        "stopped_at": clock.stopped_at,
    }


def clock_changes(clock: ClockRow) -> dict[str, Any]:
    """Return what may change of a stored clock."""
    return {
        "b_id": clock.id,
        "b_status": clock.status,
        "b_holder": clock.holder,
        "b_rule": clock.rule,
        "b_due_at": clock.due_at,
        "b_warn_at": clock.warn_at,
        "b_warned_at": clock.warned_at,
        "b_breached_at": clock.breached_at,
        "b_exempted_at": clock.exempted_at,
        "b_stopped_at": clock.stopped_at,
    }


def write_incidents(context: Context, work: Work) -> None:
    """Store new and resolved incidents."""
    rows.INSERT_INCIDENTS.send(context.connection, work.new_incidents)
    rows.RESOLVE_INCIDENTS.send(context.connection, work.solved_incidents)
    work.new_incidents, work.solved_incidents, work.stored_incidents = [], [], None


def write_subscriptions(context: Context, work: Work) -> None:
    """Store which messages and signals are waited for now, and forget which are not any more."""
    rows.DROP_SUBSCRIPTIONS.send(context.connection, work.dropped_subscriptions)
    rows.INSERT_SUBSCRIPTIONS.send(context.connection, list(work.new_subscriptions.values()))
    work.new_subscriptions, work.dropped_subscriptions = {}, []


def drop_jobs(context: Context, work: Work) -> None:
    """Delete jobs that are done or pointless, before anything else is locked.

    Whoever does a job deletes it first and then touches the case; the same order here, or the two
    could wait for each other.
    """
    if not (work.dropped_tokens or work.dropped_jobs):
        return
    with pipelined(context.connection):
        rows.DROP_JOBS_OF_TOKENS.send(context.connection, work.dropped_tokens)
        rows.DROP_JOBS.send(context.connection, work.dropped_jobs)
    work.dropped_tokens, work.dropped_jobs = [], []


def write_jobs(context: Context, work: Work) -> list[JobRow]:
    """Store new jobs; return what is to be done right after the commit."""
    rows.MOVE_JOBS.send(context.connection, work.moved_jobs)
    work.moved_jobs, work.all_loaded = [], False
    fresh = [row for row in work.jobs if not row.stored]
    rows.INSERT_JOBS.send(context.connection, [row.values() for row in fresh])
    for row in fresh:
        row.stored = True
    return [row for row in fresh if row.kind not in TIME_KINDS]
