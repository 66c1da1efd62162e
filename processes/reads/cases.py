"""The list of cases that an actor may read, newest report first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import instance, sla_clock
from processes.reads.cursor import after, read_cursor, write_cursor
from processes.reads.deadlines import CLOCKS, deadline, soonest
from processes.reads.holders import holders
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.rows import CaseRow, Cases
from processes.reads.scope import Condition, readable_cases, scope_of
from processes.tables import case_file, org_unit

ORDER: Final = (case_file.c.reported_at, case_file.c.id)
KEY: Final = (datetime, UUID)

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
    .order_by(case_file.c.reported_at.desc(), case_file.c.id.desc())
)


def cases(
    reader: Reader,
    actor: Actor,
    *,
    status: str | None,
    query: str | None,
    cursor: str | None,
    limit: int,
) -> Cases:
    """Return a page of cases; four statements however many rows.

    `status` is a status code; `query` a part of the number or of the title. Raises
    Invalid("cursor.malformed").
    """
    wanted = ROWS.where(readable_cases(scope_of(reader.connection, actor, "case.read")))
    if status:
        wanted = wanted.where(case_file.c.status == status)
    if query and query.strip():
        wanted = wanted.where(found_by(query.strip()))
    if cursor:
        key = list(zip(ORDER, read_cursor(cursor, *KEY), strict=True))
        wanted = wanted.where(after(key, descending=(True, True)))
    found = reader.connection.execute(wanted.limit(limit + 1)).all()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return Cases(
        rows=case_rows(reader, shown),
        next_cursor=write_cursor(last.reported_at, last.id) if last else None,
    )


def found_by(query: str) -> Condition:
    """Return the condition that a case's number or title contains what was typed."""
    return sa.or_(
        case_file.c.number.contains(query.upper(), autoescape=True),
        case_file.c.title.contains(query, autoescape=True),
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
    held = holders(reader, ids)
    return tuple(case_row(reader, case, running, held.get(case.id, ())) for case in shown)


def case_row(reader: Reader, case: Row, running: Iterable[Row], held: tuple[str, ...]) -> CaseRow:
    """Return one case with its words."""
    clock = soonest(each for each in running if each.root_id == case.id)
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
