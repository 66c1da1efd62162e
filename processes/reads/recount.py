"""What counting standing deadlines again would change, before anybody asks for it.

It says what `RecomputeDeadlines` would do at this instant, by the same rules: a breach stays, a
clock that its unit's calendar leaves alone stays, all others end by the calendar in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import groupby
from operator import attrgetter
from typing import Final

import sqlalchemy as sa

from engine.db.tables import instance, sla_clock, sla_span
from engine.run.clocks import FIXED, stored_span
from engine.run.rows import PAUSED, RUNNING, SPAN_COLUMNS
from engine.sla.calendar import Calendar
from engine.sla.due_at import due_at
from engine.sla.limit import read_limit
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.tables import case_file, org_unit

MOST_EXAMPLES: Final = 20
STANDING: Final = (sla_clock.c.status.in_((RUNNING, PAUSED)), sla_clock.c.breached_at.is_(None))
HOLDERS: Final = sa.select(sla_clock.c.holder).where(*STANDING).distinct()
CLOCKS: Final = (
    sa.select(
        sla_clock.c.id,
        sla_clock.c.code,
        sla_clock.c.holder,
        sla_clock.c.rule,
        sla_clock.c.due_at,
        instance.c.definition_id,
        instance.c.process,
        case_file.c.number,
        org_unit.c.name.label("holder_name"),
        *SPAN_COLUMNS,
    )
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .join(instance, instance.c.id == sla_clock.c.instance_id)
    .outerjoin(case_file, case_file.c.id == sla_clock.c.root_id)
    .outerjoin(org_unit, org_unit.c.code == sla_clock.c.holder)
    .where(*STANDING)
    .order_by(sla_clock.c.id, sla_span.c.seq)
    .execution_options(yield_per=2000)
)


@dataclass(frozen=True)
class MovedRow:
    """A deadline that would move. `number` is None where the clock belongs to no case."""

    number: str | None
    clock: str
    unit_name: str
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Recount:
    """How many deadlines stand, how many would move, and those that would move farthest."""

    standing: int
    moving: int
    later: int
    sooner: int
    examples: tuple[MovedRow, ...]


@dataclass(frozen=True)
class _Move:
    row: Row
    after: datetime

    @property
    def far(self) -> float:
        """How far it moves, in seconds."""
        length: timedelta = self.after - self.row.due_at
        return abs(length.total_seconds())


def recount(reader: Reader) -> Recount:
    """Count every standing deadline by the calendars in force; five statements."""
    connection = reader.connection
    units = {holder or "" for holder in connection.scalars(HOLDERS)}
    calendars = reader.calendars.of_units(connection, units, reader.now)
    standing = 0
    found: list[_Move] = []
    with connection.execute(CLOCKS) as rows:
        for _id, group in groupby(rows, key=attrgetter("id")):
            lines = list(group)
            standing += 1
            found += moved(lines, calendars[lines[0].holder or ""])
    later = sum(move.after > move.row.due_at for move in found)
    examples = nlargest(MOST_EXAMPLES, found, key=attrgetter("far"))
    return Recount(
        standing=standing,
        moving=len(found),
        later=later,
        sooner=len(found) - later,
        examples=tuple(example(reader, move) for move in examples),
    )


def moved(lines: list[Row], calendar: Calendar) -> Iterator[_Move]:
    """Yield the move of a clock, none where it stays."""
    row = lines[0]
    if row.rule.get("rule") == FIXED:
        return
    limit = read_limit(row.rule)
    chosen = {"code": calendar.code, "version": calendar.version}
    if not limit.needs_calendar or row.rule.get("calendar") == chosen:
        return
    after = due_at(limit, calendar, [stored_span(line) for line in lines])
    if after != row.due_at:
        yield _Move(row, after)


def example(reader: Reader, move: _Move) -> MovedRow:
    """Return a move as it is shown."""
    row = move.row
    label = reader.drawn(row).word("clocks", row.code)
    return MovedRow(row.number, label, row.holder_name or "", row.due_at, move.after)
