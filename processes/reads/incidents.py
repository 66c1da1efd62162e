"""What has stopped and waits to be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.tables import incident, instance
from engine.db.types import Instant
from processes.tables import case_file

MOST_CAUSES: Final = 100


@dataclass(frozen=True)
class IncidentRow:
    """An open incident, and the case it holds up."""

    id: UUID
    case_number: str | None
    element: str | None
    code: str
    cause: str
    raised_at: datetime


@dataclass(frozen=True)
class Incidents:
    """A page of open incidents, oldest first."""

    rows: tuple[IncidentRow, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Alike:
    """Open incidents of one cause."""

    code: str
    cause: str
    elements: tuple[str, ...]  # where they stopped
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Causes:
    """Why things stand still, what holds up most first."""

    rows: tuple[Alike, ...]


def causes(connection: Connection) -> Causes:
    """Return open incidents grouped by cause, at most `MOST_CAUSES` of them; one statement."""
    query = (
        sa.select(
            incident.c.code,
            incident.c.cause,
            sa.func.min(incident.c.element).label("first"),
            sa.func.max(incident.c.element).label("last"),
            sa.func.count().label("count"),
            sa.type_coerce(sa.func.min(incident.c.raised_at), Instant).label("first_at"),
            sa.type_coerce(sa.func.max(incident.c.raised_at), Instant).label("last_at"),
        )
        .where(incident.c.resolved_at.is_(None))
        .group_by(incident.c.code, incident.c.cause)
        .order_by(sa.func.count().desc(), incident.c.code, incident.c.cause)
        .limit(MOST_CAUSES)
    )
    return Causes(tuple(alike(row) for row in connection.execute(query)))


def alike(row: Any) -> Alike:
    """Return a group; of many elements the first and the last are named."""
    elements = tuple(sorted({each for each in (row.first, row.last) if each}))
    return Alike(row.code, row.cause, elements, row.count, row.first_at, row.last_at)


def incidents(connection: Connection, *, cursor: UUID | None, limit: int) -> Incidents:
    """Return open incidents after `cursor`, in the order of their ids, which is that of time."""
    query = (
        sa.select(
            incident.c.id,
            case_file.c.number.label("case_number"),
            incident.c.element,
            incident.c.code,
            incident.c.cause,
            incident.c.raised_at,
        )
        .join(instance, instance.c.id == incident.c.instance_id)
        .outerjoin(case_file, case_file.c.id == instance.c.root_id)
        .where(incident.c.resolved_at.is_(None))
        .order_by(incident.c.id)
        .limit(limit + 1)
    )
    if cursor is not None:
        query = query.where(incident.c.id > cursor)
    rows = tuple(IncidentRow(**row) for row in connection.execute(query).mappings())
    more = len(rows) > limit
    return Incidents(rows[:limit], str(rows[limit - 1].id) if more else None)
