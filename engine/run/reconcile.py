"""Compare where an instance stood with where it stands, and make rows and events of it.

People's items, clocks, timers, called parts and incidents are opened and closed here and nowhere
else, so that the diagram alone says what exists. Everything carries the work's logical instant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.bpmn.mapping import passed_in
from engine.bpmn.model import Kind, Node
from engine.errors import ShaodaoError
from engine.events import (
    IncidentRaised,
    IncidentResolved,
    InstanceCompleted,
    InstanceFailed,
    TokenMoved,
    WorkItemCancelled,
    WorkItemOpened,
)
from engine.run import clocks, room, separation, subscriptions, throwing, timers
from engine.run.addressing import unit_at
from engine.run.data import item_names, mapped, own_names
from engine.run.folder import part_name
from engine.run.host import RunHost
from engine.run.rows import (
    CANCEL_CHILD,
    END_CHILD,
    OPEN_INCIDENTS,
    OPEN_ITEMS,
    PAUSED,
    START_CHILD,
    TIMER,
    JobRow,
)
from engine.run.work import ACTIVE, COMPLETED, FAILED
from engine.sla.iso import parse_instant
from engine.spiff.contract import (
    OpenActivity,
    Passage,
    Snapshot,
    Stopped,
    Taken,
    Thrown,
    WaitingCall,
    WaitingItem,
)

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

ROUNDS = (Kind.SUB_PROCESS, Kind.TRANSACTION)  # drawn content that several items make instances
LONGEST_VALUE = 64  # characters of a gateway's value that may stand in the trail
# What a script or a call has copied out of a form has lost its field: only what is written as a
# code may stand in the trail as it is.
CODE = re.compile(r"[\w.:+\-]{0,64}", re.ASCII)


def settle(context: Context, work: Work) -> None:
    """Let the engine walk until all waits, then bring rows and events in line with it."""
    work.execution.run()
    work.passed.clear()
    passage, changes = work.execution.drain(), work.execution.changes()
    note_path(context, work, passage)
    close_gone(context, work, changes.gone, passage)
    open_new(context, work, changes.new)
    throw_out(context, work, passage)
    if changes.ended and work.status == ACTIVE:
        end(context, work, throwing.uncaught(passage.thrown))


def note_path(context: Context, work: Work, passage: Passage) -> None:
    """Put the engine's walk into the trail: what the diagram of a case is coloured from."""
    if passage.path:
        choices = [choice(work, taken) for taken in passage.taken]
        work.record(TokenMoved(path=list(passage.path), choices=choices), context.actor)


def choice(work: Work, taken: Taken) -> dict[str, Any]:
    """Return a gateway's choice for the trail; of free text only its length is told."""
    values = {
        name: {"length": len(str(value))} if is_free_text(work, name) else short(value)
        for name, value in taken.values.items()
    }
    return {"gateway": taken.element, "flows": list(taken.flows), "values": values}


def is_free_text(work: Work, name: str) -> bool:
    """Tell whether a dotted name reads a form's free text: `check.reason`."""
    element, _dot, rest = name.partition(".")
    node = work.info.folder.process(work.process).nodes.get(element)
    form = node.properties.get("form") if node else None
    if not form:
        return False
    fields = {field.name: field for field in work.info.folder.form(form).fields}
    field = fields.get(rest.split(".")[0])
    return field is not None and field.is_free_text


def short(value: Any) -> Any:
    """Return a value that may stand in the trail: codes and figures, long things by length."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if CODE.fullmatch(value) else {"length": len(value)}
    return {"length": len(value)} if hasattr(value, "__len__") else str(value)[:LONGEST_VALUE]


def close_gone(context: Context, work: Work, gone: Snapshot, passage: Passage) -> None:
    """Close what stood open before and does not any more."""
    know_items(context, work, [item.token for item in gone.items])
    for item in gone.items:
        if item.token not in work.done_tokens:
            cancel_item(context, work, item)
    for timer in gone.timers:
        work.drop_jobs(TIMER, timer.token)
    for event in gone.events:
        work.unsubscribe(event.token)
    finished = {token for token, _element in passage.completed}
    for activity in gone.activities:
        if has_clock(work, activity.element):
            how = "met" if activity.token in finished else "cancelled"
            clocks.stop_clocks(context, work, activity.token, how)
    for call in gone.calls:
        if call.token not in work.done_tokens:
            cancel_call(context, work, call)
    for stopped in gone.stopped:
        resolve(context, work, stopped)


def open_new(context: Context, work: Work, new: Snapshot) -> None:
    """Open what stands open now and did not before: clocks first, for items and timers ask them."""
    for activity in new.activities:
        if has_clock(work, activity.element):
            guarded(context, work, activity, clocks_of)
    for item in new.items:
        guarded(context, work, item, open_item)
    for timer in new.timers:
        guarded(context, work, timer, timers.arm)
    for event in new.events:
        guarded(context, work, event, subscriptions.arm)
    for call in new.calls:
        guarded(context, work, call, plan_call)
    for stopped in new.stopped:
        raise_incident(context, work, stopped)


def has_clock(work: Work, element: str) -> bool:
    """Tell whether a clock is drawn on an activity."""
    return bool(work.info.property(element, "sla"))


def clocks_of(context: Context, work: Work, activity: OpenActivity) -> None:
    """Start the clock that is drawn on an activity just entered."""
    clocks.start_clock(
        context,
        work,
        code=work.info.property(activity.element, "sla"),
        token=activity.token,
        element=activity.element,
        holder=unit_of(context, work, activity),
        agreed=agreed_at(context, work, activity),
    )


def agreed_at(context: Context, work: Work, activity: OpenActivity) -> datetime | None:
    """Return the instant that the drawing's `agreed` gives for an activity's clock, if any.

    Raises Invalid("instant.malformed") for a value that is no instant.
    """
    text = work.info.property(activity.element, clocks.AGREED)
    value = context.host(work).evaluate(text, work.execution.data(activity.scope)) if text else None
    return None if value is None else parse_instant(str(value))


def unit_of(context: Context, work: Work, at: OpenActivity | WaitingItem) -> str | None:
    """Return the unit that an activity belongs to; one of many sees its own item."""
    own = at.inner if isinstance(at, OpenActivity) and at.index is not None else None
    return unit_at(context, work, at, own or None)


def open_item(context: Context, work: Work, item: WaitingItem) -> None:
    """Open a person's item; its due time is copied from the clock that it must be done by."""
    clock = clocks.clock_over(context, work, item)
    resting = clock is not None and clock.status == PAUSED
    due_at, warn_at = (clock.due_at, clock.warn_at) if clock and not resting else (None, None)
    node = work.info.folder.node(work.process, item.element)
    row: dict[str, Any] = {
        "id": context.ids.new(),
        "instance_id": work.id,
        "root_id": work.root_id,
        "definition_id": work.definition_id,
        "process": work.process,
        "token": item.token,
        "element": item.element,
        "role": node.lane,
        "unit": unit_of(context, work, item),
        "priority": work.priority,
        "status": "open",
        "opened_at": work.at,
        "due_at": due_at,
        "warn_at": warn_at,
        "sort_at": due_at or context.far_future,
        "closed_at": None,
        "closed_by": None,
        "outcome": None,
    }
    work.new_items[item.token] = row
    people = separation.barred(context, work, node)
    work.new_barred += [{"item_id": row["id"], "person_id": person} for person in sorted(people)]
    work.record(
        WorkItemOpened(element=item.element, item=row["id"], role=row["role"], unit=row["unit"]),
        context.actor,
    )


def cancel_item(context: Context, work: Work, item: WaitingItem) -> None:
    """Take away a person's item that the diagram no longer waits for."""
    if not is_open(context, work, item.token):  # it could not be opened
        resolve(context, work, item)
        return
    item_id = close_item(context, work, item.token, status="cancelled")
    work.record(WorkItemCancelled(element=item.element, item=item_id), context.actor)


def close_item(
    context: Context, work: Work, token: int, *, status: str, outcome: str | None = None
) -> UUID:
    """Note the end of an item, whether the database knows it already or not; return its id."""
    end = {"at": work.at, "by": context.actor.id if outcome else None}
    fresh = work.new_items.get(token)
    if fresh is not None:
        fresh.update(status=status, closed_at=end["at"], closed_by=end["by"], outcome=outcome)
        item_id: UUID = fresh["id"]
        return item_id
    know_items(context, work, [token])
    item_id = work.stored_items.pop(token)  # type: ignore[assignment]  # asked before: it is open
    work.closed_items.append(
        {
            "b_id": item_id,
            "b_status": status,
            "b_at": end["at"],
            "b_by": end["by"],
            "b_outcome": outcome,
        }
    )
    return item_id


def is_open(context: Context, work: Work, token: int) -> bool:
    """Tell whether a person's item stands open for a token."""
    know_items(context, work, [token])
    return token in work.new_items or work.stored_items[token] is not None


def know_items(context: Context, work: Work, tokens: Sequence[int]) -> None:
    """Read which of these tokens the database knows as open items: one statement for all."""
    asked = [t for t in tokens if t not in work.stored_items and t not in work.done_tokens]
    if not asked:
        return
    work.stored_items.update(dict.fromkeys(asked))
    if not work.is_new:
        rows = context.connection.execute(OPEN_ITEMS, {"id": work.id, "tokens": asked})
        work.stored_items.update((row.token, row.id) for row in rows)


def plan_call(context: Context, work: Work, call: WaitingCall) -> None:
    """Plan the start of a called part as an instance of its own.

    A called process gets what `in` names; one round of a drawn sub-process sees all that its
    surroundings see, with `item` and `index`.
    """
    room.take(context, work)
    node = work.info.folder.node(work.process, call.element)
    own = own_names(node, item=call.item, index=call.index)
    seen = item_names(work.execution.data(call.scope), own)
    host = context.host(work)
    if node.kind in ROUNDS:
        given = given_to_round(context, work, call.scope, own)
        called = part_name(work.process, call.element)
        given |= {"called": called, "unit": unit_of_round(host, node, seen, work.unit)}
    else:
        data = mapped(passed_in(node), host, seen)
        given = {"data": data, "called": node.called, "unit": None}
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.id,
            kind=START_CHILD,
            due_at=context.now,
            token=call.token,
            element=call.element,
            data={
                "at": work.at.isoformat(),
                "index": call.index,
                **given,
                "definition": str(work.definition_id),
                "root": str(work.root_id),
                "priority": work.priority,
            },
        )
    )


def given_to_round(context: Context, work: Work, scope: int, own: dict[str, Any]) -> dict[str, Any]:
    """Return what one round sees of its surroundings: what is small is copied into each.

    What is large (the list of all rounds, as a rule) stands on the shelf once, as it is now; the
    rounds know where.
    """
    if scope not in work.passed:
        seen = work.execution.surroundings(scope)
        shelf, ids = context.host(work).shelf, context.ids
        held = {name: shelf.hold(ids.new(), value) for name, value in seen.large.items()}
        work.passed[scope] = seen.near, {**seen.far, **held}
    near, far = work.passed[scope]
    elsewhere = {name: ref for name, ref in far.items() if name not in own}
    return {"data": {**near, **own}, "far": elsewhere}


def unit_of_round(
    host: RunHost, node: Node, seen: Mapping[str, Any], own: str | None
) -> str | None:
    """Return the unit of one round of a sub-process: what its `unit` gives, else its caller's."""
    text = node.properties.get("unit", "")
    value = host.evaluate(text, seen) if text else None
    return own if value is None else str(value)


def cancel_call(context: Context, work: Work, call: WaitingCall) -> None:
    """Take back a called part: its start if it has not begun, the part itself if it has."""
    work.drop_jobs(START_CHILD, call.token)
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.id,
            kind=CANCEL_CHILD,
            due_at=context.now,
            token=call.token,
            element=call.element,
            data={"at": work.at.isoformat()},
        )
    )


def throw_out(context: Context, work: Work, passage: Passage) -> None:
    """Plan what was thrown; what cannot be said is an incident of its element, with no token."""
    for thrown in passage.thrown:
        try:
            throwing.send_out(context, work, thrown)
        except ShaodaoError as error:
            stopped = Stopped(0, thrown.element, thrown.scope, error.code, str(error))
            raise_incident(context, work, stopped)


def end(context: Context, work: Work, error: Thrown | None) -> None:
    """Close an instance whose tokens are all gone, and tell the one that called it."""
    work.status, work.ended_at = FAILED if error else COMPLETED, work.at
    how = "cancelled" if error else "met"
    clocks.stop_clocks(context, work, clocks.PROCESS_TOKEN, how)
    if error:
        work.record(InstanceFailed(element=error.element, code=error.ref), context.actor)
    else:
        work.record(InstanceCompleted(), context.actor)
    if work.parent_id is not None:
        more = {"thrown": throwing.said(error)} if error else {}
        own = work.execution.surroundings(0)
        data = {"data": {**own.near, **own.large}, "far": own.far, "called": own.called, **more}
        throwing.tell_caller(context, work, END_CHILD, data)


def guarded(context: Context, work: Work, at: Any, do: Any) -> None:
    """Do one opening; a failure becomes an incident of that token and hinders nothing else."""
    try:
        do(context, work, at)
    except ShaodaoError as error:
        stopped = Stopped(at.token, at.element, at.scope, error.code, str(error))
        raise_incident(context, work, stopped)


def raise_incident(context: Context, work: Work, stopped: Stopped) -> None:
    """Note that a token could not go on."""
    row: dict[str, Any] = {
        "id": context.ids.new(),
        "instance_id": work.id,
        "token": stopped.token,
        "element": stopped.element,
        "code": stopped.code,
        "cause": stopped.cause,
        "raised_at": work.at,
        "resolved_at": None,
        "resolved_by": None,
        "job_id": None,
    }
    work.new_incidents.append(row)
    work.record(
        IncidentRaised(
            element=stopped.element,
            incident=row["id"],
            code=stopped.code,
            cause={"cause": stopped.cause},
        ),
        context.actor,
    )


def resolve(context: Context, work: Work, stopped: Stopped | WaitingItem) -> None:
    """Note that a stopped token went on, or was taken away."""
    if work.stored_incidents is None:
        rows = OPEN_INCIDENTS.read(context.connection, {"id": work.id})
        work.stored_incidents = {row.token: row.id for row in rows}
    incident_id = work.stored_incidents.pop(stopped.token, None)
    if incident_id is None:
        return
    work.solved_incidents.append({"b_id": incident_id, "b_at": work.at, "b_by": context.actor.id})
    work.record(IncidentResolved(element=stopped.element, incident=incident_id), context.actor)
