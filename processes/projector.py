"""Case files follow the engine's events: statuses of cases and parts, and when they ended.

Each instance knows only its own open activities; the case shows the earliest status of its own and
of its parts'. A case ends with its instance, or where that stands at nothing but what is drawn with
a final status: it is closed, and appeals may follow. The case's row is locked before its parts are
read, so that two departments which move at the same moment do not overwrite each other's step.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.prepared import Prepared, read_all
from engine.events import (
    Event,
    InstanceCancelled,
    InstanceCompleted,
    InstanceFailed,
    InstanceStarted,
    TokenMoved,
)
from engine.run.plugins import InstanceInfo
from engine.spiff.execution import Execution
from processes.statuses import CANCELLED, CLOSED, FINAL, FIRST, earliest
from processes.tables import case_file, case_part

if TYPE_CHECKING:
    from engine.run.context import Context

Seen = Sequence[tuple[Event, datetime]]
LEAD = "lead"


def copied(case_id: sa.ColumnElement[UUID]) -> dict[str, sa.ScalarSelect[Any]]:
    """Return what a part repeats of its case: whatever lists are ordered and narrowed by."""
    closed_as = sa.case((case_file.c.closed_at.is_not(None), case_file.c.status))
    columns = (case_file.c.reported_at, case_file.c.category, case_file.c.priority)
    return {
        column.name: sa.select(column).where(case_file.c.id == case_id).scalar_subquery()
        for column in (*columns, closed_as.label("closed_as"))
    }


BEGIN_PART = Prepared(
    sa.insert(case_part).values(
        **{
            name: sa.bindparam(f"b_{name}")
            for name in (
                "instance_id",
                "case_id",
                "unit",
                "kind",
                "status",
                "started_at",
                "ended_at",
            )
        },
        **copied(sa.bindparam("b_case_id", type_=sa.Uuid())),
        round=1,
    )
)
MOVE_PART = Prepared(
    sa.update(case_part)
    .where(case_part.c.instance_id == sa.bindparam("b_id"))
    .values(status=sa.bindparam("b_status"))
)
END_PART = Prepared(
    sa.update(case_part)
    .where(case_part.c.instance_id == sa.bindparam("b_id"))
    .values(ended_at=sa.bindparam("b_at"))
)
LOCK_CASE = Prepared(
    sa.select(case_file.c.status, case_file.c.own_status, case_file.c.closed_at)
    .where(case_file.c.id == sa.bindparam("id"))
    .with_for_update(key_share=True)  # parts that begin at this moment refer to the row
)
OPEN_PARTS = Prepared(
    sa.select(case_part.c.status)
    .distinct()
    .where(
        case_part.c.case_id == sa.bindparam("id"),
        case_part.c.ended_at.is_(None),
        case_part.c.status.is_not(None),
    )
)
MOVE_CASE = Prepared(
    sa.update(case_file)
    .where(case_file.c.id == sa.bindparam("b_id"))
    .values(status=sa.bindparam("b_status"), own_status=sa.bindparam("b_own"))
)
CLOSE_CASE = Prepared(
    sa.update(case_file)
    .where(case_file.c.id == sa.bindparam("b_id"), case_file.c.closed_at.is_(None))
    .values(status=sa.bindparam("b_status"), own_status=None, closed_at=sa.bindparam("b_at"))
)
MARK_PARTS = Prepared(
    sa.update(case_part)
    .where(case_part.c.case_id == sa.bindparam("b_id"), case_part.c.closed_as.is_(None))
    .values(closed_as=sa.bindparam("b_status"))
)


def project_case(context: Context, info: InstanceInfo, seen: Seen) -> None:
    """Bring a case file in line with what an instance of it just did."""
    connection = context.connection
    ended = next((at for event, at in seen if is_end(event)), None)
    own = None if ended else status_of(info, context.works[info.id].execution)
    if info.parent_id is None:
        if ended:
            close_case(connection, info.id, final_status(info, seen), ended)
        elif own in FINAL:
            close_case(connection, info.id, own, seen[-1][1])
        else:
            roll_up(connection, info.id, own_changed=True, own=own)
        return
    project_part(connection, info, seen, own=own, ended=ended)
    roll_up(connection, info.root_id)


def is_end(event: Event) -> bool:
    """Tell whether an instance ended by this event."""
    return isinstance(event, InstanceCompleted | InstanceCancelled | InstanceFailed)


def status_of(info: InstanceInfo, execution: Execution) -> str | None:
    """Return the earliest status that open activities and awaited events stand for.

    What is drawn inside a sub-process speaks for it; the sub-process speaks where nothing does.
    """
    nodes = info.folder.process(info.process).nodes.values()
    bearing = execution.standing(n.id for n in nodes if n.properties.get("status"))
    spoken_for = {scope for each in bearing for scope in execution.around(each.token)}
    return earliest(
        info.property(each.element, "status") for each in bearing if each.token not in spoken_for
    )


def final_status(info: InstanceInfo, seen: Seen) -> str:
    """Return the status drawn on the end event that was reached last.

    Without one: "closed", or "void" where an error that nothing caught ended the case.
    """
    if any(isinstance(event, InstanceCancelled) for event, _at in seen):
        return CANCELLED
    failed = any(isinstance(event, InstanceFailed) for event, _at in seen)
    path = [step for event, _at in seen if isinstance(event, TokenMoved) for step in event.path]
    drawn = (info.property(step, "status") for step in reversed(path))
    return next((status for status in drawn if status), CANCELLED if failed else CLOSED)


def project_part(
    connection: Connection,
    info: InstanceInfo,
    seen: Seen,
    *,
    own: str | None,
    ended: datetime | None,
) -> None:
    """Store a part's beginning, its status, or its end.

    A unit's part keeps its last status while nothing of its own is open. A called piece of the
    chain that is no unit's own part has none then: what it called speaks for it.
    """
    started = next((at for event, at in seen if isinstance(event, InstanceStarted)), None)
    if started is not None:
        begun = {
            "b_instance_id": info.id,
            "b_case_id": info.root_id,
            "b_unit": info.unit,
            "b_kind": str(info.data.get("kind") or LEAD),
            "b_status": own or (FIRST if info.unit else None),
            "b_started_at": started,
            "b_ended_at": ended,
        }
        BEGIN_PART.send(connection, [begun])
        return
    if ended:
        END_PART.send(connection, [{"b_id": info.id, "b_at": ended}])
    elif own or info.unit is None:
        MOVE_PART.send(connection, [{"b_id": info.id, "b_status": own}])


def close_case(connection: Connection, case_id: UUID, status: str, at: datetime) -> None:
    """Store the end of a case, unless it has one: what is drawn after it does not move it."""
    if CLOSE_CASE.change(connection, {"b_id": case_id, "b_status": status, "b_at": at}):
        MARK_PARTS.send(connection, [{"b_id": case_id, "b_status": status}])


def roll_up(
    connection: Connection, case_id: UUID, *, own_changed: bool = False, own: str | None = None
) -> None:
    """Show on the case the earliest status of its own steps and its open parts."""
    asked = {"id": case_id}
    cases, parts = read_all(connection, (LOCK_CASE, asked), (OPEN_PARTS, asked))
    if not cases:
        return
    if cases[0].closed_at is not None:  # perhaps while this part began, which did not know it
        MARK_PARTS.send(connection, [{"b_id": case_id, "b_status": cases[0].status}])
        return
    case = cases[0]
    own = own if own_changed else case.own_status
    status = earliest([*(part.status for part in parts), *([own] if own else [])]) or case.status
    if (status, own) != (case.status, case.own_status):
        MOVE_CASE.send(connection, [{"b_id": case_id, "b_status": status, "b_own": own}])
