"""The overdue list: running clocks past due or past their warning, the longest overdue first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import instance, sla_clock
from processes.reads.cursor import after, read_cursor, write_cursor
from processes.reads.deadlines import CLOCKS, deadline, holder
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.rows import Overdue, OverdueRow
from processes.reads.scope import Condition, Scope, scope_of
from processes.reads.way import looked_up
from processes.tables import case_file, org_unit

ORDER: Final = (sla_clock.c.due_at, sla_clock.c.id)
KEY: Final = (datetime, UUID)
RUNNING_ONLY: Final[Condition] = sa.literal_column("'running'")  # a literal: of partial indexes

area = org_unit.alias("area")

ROWS: Final = (
    CLOCKS.add_columns(
        instance.c.definition_id,
        instance.c.process,
        case_file.c.number,
        case_file.c.title,
        case_file.c.priority,
        area.c.name.label("area_name"),
    )
    .join(instance, instance.c.id == sla_clock.c.instance_id)
    .join(case_file, case_file.c.id == sla_clock.c.root_id)
    .join(area, area.c.code == case_file.c.area)
    .where(sla_clock.c.status == RUNNING_ONLY)
    .order_by(*ORDER)
)
FIGURES: Final = (
    sa.select(
        sa.func.count().label("late"), sa.func.count(sla_clock.c.exempted_at).label("exempted")
    )
    .select_from(sla_clock.outerjoin(holder, holder.c.code == sla_clock.c.holder))
    .join(case_file, case_file.c.id == sla_clock.c.root_id)
    .where(sla_clock.c.status == RUNNING_ONLY)
)


def overdue(
    reader: Reader,
    actor: Actor,
    *,
    cursor: str | None,
    limit: int,
) -> Overdue:
    """Return a page of clocks of cases in the actor's areas, or held by the actor's units.

    Three statements however many rows. Raises Invalid("cursor.malformed").
    """
    scope = scope_of(reader.connection, actor, "overdue.read")
    mine = tuple(within(scope, reader.now))
    query = ROWS.where(*mine)
    if cursor:
        key = list(zip(ORDER, read_cursor(cursor, *KEY), strict=True))
        query = query.where(after(key, descending=(False, False)))
    found = reader.connection.execute(query.limit(limit + 1)).all()
    figures = reader.connection.execute(
        FIGURES.where(sla_clock.c.due_at <= reader.now, *mine)
    ).one()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return Overdue(
        rows=tuple(overdue_row(reader, row) for row in shown),
        next_cursor=write_cursor(last.due_at, last.id) if last else None,
        late=figures.late,
        exempted=figures.exempted,
    )


def within(scope: Scope, now: datetime) -> Iterator[Condition]:
    """Yield the conditions for clocks in need of notice within a scope.

    A wide one walks all of them, the first due first. What a narrow one holds is looked for: few of
    all clocks, by the cases that are open in its areas and by the units that hold them.
    """
    late = sla_clock.c.warn_at <= now
    place = case_file.alias()
    if scope.is_wide:
        yield late
        here = sa.select(place.c.id).where(place.c.id == sla_clock.c.root_id)
        # Whose holder lies within is not looked up.
        case_within = looked_up(here.where(scope.holds(place.c.path)), sla_clock)
        yield sa.or_(scope.holds(holder.c.path), case_within)
        return
    clock = sla_clock.alias()
    wanted = (clock.c.status == RUNNING_ONLY, clock.c.warn_at <= now)
    of_cases = sa.select(clock.c.id).join(place, place.c.id == clock.c.root_id)
    open_here = (place.c.closed_at.is_(None), scope.holds(place.c.path))
    held_here = clock.c.holder.in_(scope.units)
    found = sa.union(
        of_cases.where(*wanted, *open_here), sa.select(clock.c.id).where(*wanted, held_here)
    )
    yield sla_clock.c.id.in_(found)


def overdue_row(reader: Reader, row: Row) -> OverdueRow:
    """Return one clock with its words."""
    drawn = reader.drawn(row)
    return OverdueRow(
        case_number=row.number,
        title=row.title,
        # A whole process has no step: its clock says more to a reader than the drawing's title.
        step=drawn.name(row.element) if drawn.node(row.element) else drawn.word("clocks", row.code),
        unit_name=row.holder_name,
        area=row.area_name,
        priority=row.priority,
        deadline=deadline(row, drawn),
    )
