"""What has stopped and waits to be tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.tables import incident, instance
from processes.tables import case_file


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
