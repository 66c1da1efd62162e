"""Cases like one that is being reported or judged, so that one thing is not done twice.

Alike are cases of the same category in the same area within 30 days, and those that the same
person reported of that category (domain E-11 to E-13).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from processes.reads.reader import Reader
from processes.reads.rows import AlikeRow
from processes.reads.scope import Condition, readable_cases, scope_of
from processes.reads.way import Keys
from processes.reads.ways import NEWEST_FIRST, by_report, together
from processes.statuses import WHISTLED
from processes.tables import case_file, case_part, org_unit

WINDOW: Final = timedelta(days=30)
SHOWN: Final = 5
HOTSPOT: Final = 3  # cases alike in the window that make a place a hotspot
COUNTED: Final = 99


@dataclass(frozen=True)
class Likeness:
    """What is looked for. `case_id` is the case itself, where it exists already."""

    category: str
    area: str
    phone_index: bytes | None = None
    case_id: UUID | None = None

    def others(self) -> Iterator[Condition]:
        """Yield the conditions that every case found meets."""
        yield case_file.c.category == self.category
        if self.case_id is not None:
            yield case_file.c.id != self.case_id


@dataclass(frozen=True)
class Alike:
    """What was found. `recent` counts the place's cases in the window, this one included.

    `by_phone` are the ids of those rows that have the same reporter.
    """

    rows: tuple[AlikeRow, ...]
    recent: int
    by_phone: tuple[UUID, ...] = ()

    @property
    def is_hotspot(self) -> bool:
        """Tell whether the same happens here again and again."""
        return self.recent >= HOTSPOT


def alike(reader: Reader, actor: Actor, like: Likeness) -> Alike:
    """Return the newest cases alike that the actor may read; at most four statements.

    Those of the same person are looked for only by whoever may know the reporter.
    """
    connection = reader.connection
    here = sa.and_(
        case_file.c.category == like.category,
        case_file.c.area == like.area,
        case_file.c.reported_at > reader.now - WINDOW,
    )
    readable = readable_cases(scope_of(connection, actor, "case.read"))
    sought = [by_report(sa.and_(here, readable, *like.others()))]
    if like.phone_index is not None:
        persons = readable_cases(scope_of(connection, actor, "case.read_person"))
        same = case_file.c.phone_index == like.phone_index
        sought.append(by_report(sa.and_(same, persons, *like.others())))
    found = rows_of(reader, sought)
    counted = sa.select(case_file.c.id).where(here).limit(COUNTED).subquery()
    recent = connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()
    return Alike(
        rows=tuple(alike_row(reader, row) for row in found),
        recent=recent + (like.case_id is None),
        by_phone=tuple(
            row.id
            for row in found
            if like.phone_index is not None and row.phone_index == like.phone_index
        ),
    )


def open_whistles(
    reader: Reader, actor: Actor, *, category: str, street: str | None, case_id: UUID
) -> tuple[AlikeRow, ...]:
    """Return the whistles of a street and category at which departments are at work."""
    at_work = sa.select(sa.literal(1)).where(
        case_part.c.case_id == case_file.c.id, case_part.c.ended_at.is_(None)
    )
    nearby = by_report(
        sa.and_(
            case_file.c.street == street,
            case_file.c.category == category,
            case_file.c.status.in_(WHISTLED),
            case_file.c.closed_at.is_(None),
            case_file.c.id != case_id,
            at_work.correlate(case_file).exists(),
            readable_cases(scope_of(reader.connection, actor, "case.read")),
        )
    )
    return tuple(alike_row(reader, row) for row in rows_of(reader, [nearby]))


def rows_of(reader: Reader, sought: list[Keys]) -> list[Any]:
    """Return the newest cases of some selects of keys; one statement."""
    keys = together([way.limit(SHOWN) for way in sought])
    query = (
        sa.select(case_file, org_unit.c.name.label("area_name"))
        .join(keys, keys.c.id == case_file.c.id)
        .join(org_unit, org_unit.c.code == case_file.c.area)
        .order_by(*NEWEST_FIRST)
        .limit(SHOWN)
    )
    return list(reader.connection.execute(query))


def alike_row(reader: Reader, row: Any) -> AlikeRow:
    """Return a case with its words."""
    return AlikeRow(
        number=row.number,
        title=row.title,
        area=row.area_name,
        status=reader.word("statuses", row.status),
        status_code=row.status,
        reported_at=row.reported_at,
    )
