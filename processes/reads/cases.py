"""The list of cases that an actor may read, newest report first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db.tables import instance, sla_clock
from processes.reads.cursor import after, read_cursor, write_cursor
from processes.reads.deadlines import CLOCKS, deadline, soonest
from processes.reads.filters import Filters
from processes.reads.holders import holders
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.rows import CaseRow, Cases
from processes.reads.scope import Condition, Scope, scope_of, tops_of
from processes.reads.way import Way
from processes.reads.ways import NEWEST_FIRST, newest, of_unit, ways, ways_in
from processes.tables import case_file, org_unit

KEY: Final = (datetime, UUID)
NO_FILTERS: Final = Filters()

area = org_unit.alias("area")

ROWS: Final = (
    sa.select(
        case_file.c.id,
        case_file.c.number,
        case_file.c.title,
        case_file.c.category,
        case_file.c.status,
        case_file.c.priority,
        case_file.c.reported_at,
        area.c.name.label("area_name"),
    )
    .join(area, area.c.code == case_file.c.area)
    .order_by(*NEWEST_FIRST)
)


def cases(
    reader: Reader,
    actor: Actor,
    *,
    filters: Filters = NO_FILTERS,
    cursor: str | None,
    limit: int,
) -> Cases:
    """Return a page of cases; at most six statements however many rows.

    Raises Invalid("cursor.malformed").
    """
    scope = scope_of(reader.connection, actor, "case.read")
    pages = [
        way.keys(*filters.conditions(way, reader.now), *beyond(way, cursor))
        for way in sought(reader.connection, scope, filters.unit)
    ]
    return page_of(reader, newest(reader.connection, pages, limit=limit + 1), limit=limit)


def sought(connection: Connection, scope: Scope, unit: str) -> Iterator[Way]:
    """Yield the ways to what a scope holds, of a unit alone where it is named; one statement."""
    if not unit:
        return ways(scope)
    merges = connection.dialect.name != "sqlite"
    return ways_in(scope, of_unit(unit, tops_of(connection, {unit})[unit]), merges=merges)


def beyond(way: Way, cursor: str | None) -> Iterator[Condition]:
    """Yield the condition for what comes after a page; none for the first."""
    if cursor:
        key = list(zip((way.reported_at, way.id), read_cursor(cursor, *KEY), strict=True))
        yield after(key, descending=(True, True))


def page_of(reader: Reader, found: Sequence[Row], *, limit: int) -> Cases:
    """Return the cases of keys that were found, one more than shown where there are more."""
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    rows = reader.connection.execute(ROWS.where(case_file.c.id.in_([key.id for key in shown])))
    return Cases(
        rows=case_rows(reader, rows),
        next_cursor=write_cursor(last.reported_at, last.id) if last else None,
    )


def case_rows(reader: Reader, found: Iterable[Row]) -> tuple[CaseRow, ...]:
    """Return cases with who holds them and what is due first."""
    shown = tuple(found)
    ids = [case.id for case in shown]
    running = reader.connection.execute(
        CLOCKS.add_columns(instance.c.definition_id, instance.c.process)
        .join(instance, instance.c.id == sla_clock.c.instance_id)
        .where(sla_clock.c.root_id.in_(ids), sla_clock.c.stopped_at.is_(None))
    ).all()
    of_case = defaultdict(list)
    for clock in running:
        of_case[clock.root_id].append(clock)
    held = holders(reader, ids)
    return tuple(case_row(reader, case, of_case[case.id], held.get(case.id, ())) for case in shown)


def case_row(reader: Reader, case: Row, clocks: Iterable[Row], held: tuple[str, ...]) -> CaseRow:
    """Return one case with its words; `clocks` are those of it that run."""
    clock = soonest(clocks)
    return CaseRow(
        number=case.number,
        title=case.title,
        category=reader.word("categories", case.category),
        area=case.area_name,
        status=reader.word("statuses", case.status),
        status_code=case.status,
        priority=case.priority,
        reported_at=case.reported_at,
        deadline=deadline(clock, reader.drawn(clock)) if clock else None,
        holders=held,
    )
