"""Cases follow their area when it moves in the tree: a job for each area, in batches.

`case_file.path` says who may see a case, so it follows for all cases, closed ones too. The levels
(street, community, grid) say whose books a case is in: they follow for open cases only, what was
closed under a street stays with that street.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.run.plugins import Doing
from engine.run.rows import JobRow
from processes.tables import case_file, org_unit
from processes.trends import mark_all
from processes.unit_states import UnitKind

if TYPE_CHECKING:
    from engine.run.context import Context

FOLLOW_AREA: Final = "follow_area"
BATCH: Final = 500  # cases in one transaction
LEVELS: Final = (UnitKind.STREET, UnitKind.COMMUNITY, UnitKind.GRID)


def plan_moves(context: Context, moved: Iterable[tuple[str, str]]) -> None:
    """Plan a job for each area (code, path until now) whose cases are to follow it."""
    mark_all(context.connection)
    for code, before in moved:
        plan(context, {"area": code, "before": before})


def plan(context: Context, data: dict[str, Any]) -> None:
    """Plan one batch of an area's cases."""
    context.plan(
        JobRow(
            id=context.ids.new(),
            instance_id=None,
            kind=FOLLOW_AREA,
            due_at=context.now,
            data=data,
        )
    )


def follow_area(context: Context, row: Any) -> None:
    """Bring a batch of an area's cases to its present path; five statements."""
    area, before = row.data["area"], row.data["before"]
    path = context.connection.scalar(sa.select(org_unit.c.path).where(org_unit.c.code == area))
    if path is None or path == before:
        return
    levels = levels_of(context.connection, path)
    batch = (
        sa.select(case_file.c.id)
        .where(case_file.c.path == before, case_file.c.area == area)
        .limit(BATCH)
    )
    still_open = case_file.c.closed_at.is_(None)
    followed = context.connection.execute(
        sa.update(case_file)
        .where(case_file.c.id.in_(batch.scalar_subquery()))
        .values(
            path=path,
            **{
                level.value: sa.case(
                    (still_open, sa.literal(levels.get(level), sa.Text())),
                    else_=case_file.c[level.value],
                )
                for level in LEVELS
            },
        )
    )
    mark_all(context.connection)
    if followed.rowcount == BATCH:
        plan(context, row.data)


def levels_of(connection: Connection, path: str) -> dict[str, str]:
    """Return the living units of a path by their kind."""
    codes = [each for each in path.split("/") if each]
    rows = connection.execute(
        sa.select(org_unit.c.kind, org_unit.c.code).where(
            org_unit.c.code.in_(codes), org_unit.c.valid_to.is_(None)
        )
    )
    return {row.kind: row.code for row in rows}


CASE_MOVE_JOBS: Final = {FOLLOW_AREA: Doing(follow_area)}
