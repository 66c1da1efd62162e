"""Who had a case when: its steps, disputes and pauses as the holds that time is charged by.

A step holds the case where a status is drawn for it: one that stands for no status (a supervisor
who follows, a notice) keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import sla_clock, sla_span, work_item
from engine.run.clocks import FIXED, stored_span
from engine.run.rows import SPAN_COLUMNS
from engine.sla.accountable import Hold, HoldKind, Hours
from engine.sla.calendar import Calendar, standard
from engine.sla.ledger import Span, paused_since, pauses
from engine.sla.limit import Limit, read_limit
from processes.reads.entries import Entry
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.running import Running
from processes.tables import org_unit

REPORTER: Final = "role:reporter"
WHOLE: Final = 0  # token of clocks that run on a process
DISPUTED: Final = frozenset({"objection_review", "joint_meeting"})  # whose it is, is being settled
SUSPENDED: Final = "suspended"
HANDED_OVER: Final = "unit.handed_over"
NORMAL: Final = "normal"

ITEMS: Final = (
    sa.select(work_item, org_unit.c.name.label("unit_name"))
    .outerjoin(org_unit, org_unit.c.code == work_item.c.unit)
    .where(work_item.c.root_id == sa.bindparam("root"))
    .order_by(work_item.c.opened_at, work_item.c.id)
)
SPANS: Final = (
    sa.select(
        sla_clock.c.id,
        sla_clock.c.instance_id,
        sla_clock.c.token,
        sla_clock.c.code,
        sla_clock.c.holder,
        sla_clock.c.rule,
        sla_clock.c.started_at,
        sla_clock.c.due_at,
        sla_clock.c.stopped_at,
        sla_clock.c.breached_at,
        sla_clock.c.exempted_at,
        *SPAN_COLUMNS,
    )
    .join(sla_span, sla_span.c.clock_id == sla_clock.c.id)
    .where(sla_clock.c.root_id == sa.bindparam("root"))
    .order_by(sla_clock.c.started_at, sla_clock.c.id, sla_span.c.seq)
)


@dataclass(frozen=True)
class Clock:
    """A clock of the case with its whole ledger. `limit` is None where its due time was promised
    outside and nothing is counted."""

    row: Row
    limit: Limit | None
    spans: tuple[Span, ...]

    def rests(self, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield its pauses; one that lasts ends where the case's time does."""
        yield from pauses(self.spans)
        resting = paused_since(self.spans)
        if resting is not None:
            yield resting, max(resting, self.row.stopped_at or end)


@dataclass(frozen=True)
class Held:
    """What is known of a case's time: its steps, open and closed, and its clocks."""

    run: Running
    case: Row
    items: tuple[Row, ...]
    clocks: tuple[Clock, ...]
    end: datetime

    def is_of_all(self, clock: Clock) -> bool:
        """Tell whether a clock is that of the whole case, which no one holder has to answer for."""
        row = clock.row
        return bool(row.instance_id == self.case.id and row.token == WHOLE)

    @property
    def start(self) -> datetime:
        """When it was told to us or to the source."""
        told: datetime = min(self.case.reported_at, self.case.received_at)
        return told


def held(run: Running, case: Row) -> Held:
    """Read a case's steps and clocks; two statements."""
    key = {"root": case.id}
    connection = run.reader.connection
    rows: dict[UUID, list[Row]] = {}
    for row in connection.execute(SPANS, key):
        rows.setdefault(row.id, []).append(row)
    clocks = (
        Clock(found[0], limit_in(found[0].rule), tuple(map(stored_span, found)))
        for found in rows.values()
    )
    end = max(case.closed_at or run.reader.now, case.received_at, case.reported_at)
    return Held(run, case, tuple(connection.execute(ITEMS, key)), tuple(clocks), end)


def limit_in(rule: Mapping[str, Any]) -> Limit | None:
    """Return the limit of a clock's rule, None where the due time was promised outside."""
    return None if rule.get("rule") == FIXED else read_limit(rule)


def holds(known: Held, handed: Iterable[Entry]) -> list[Hold]:
    """Return every hold of a case; three statements for the calendars of its units.

    `handed` are the entries that say a unit's steps went to another: before, they were its own.
    """
    case, reader = known.case, known.run.reader
    units = {item.unit for item in known.items if item.unit}
    calendars = reader.calendars.of_units(reader.connection, units, case.received_at)
    moves = list(handed)
    own_tokens = {(item.instance_id, item.token) for item in known.items}
    found = [Hold(REPORTER, case.reported_at, case.received_at)]
    for item in known.items:
        status = known.run.drawn(item.instance_id).status(item.element)
        if not status:
            continue
        clock = clock_of(known, item, own_tokens)
        hours = hours_of(known, item, clock, calendars)
        rests = list(clock.rests(known.end)) if clock else []
        for holder, start, end in turns(item, moves, known.end):
            for a, b in without(start, end, rests):
                found.append(Hold(holder, a, b, kind_of(status), hours))
    for clock in known.clocks:
        holder = clock.row.holder or ""
        found += [Hold(holder, a, b, HoldKind.PAUSE) for a, b in clock.rests(known.end)]
    return found


def kind_of(status: str) -> HoldKind:
    """Return why a step of a status holds the case."""
    if status in DISPUTED:
        return HoldKind.DISPUTE
    return HoldKind.PAUSE if status == SUSPENDED else HoldKind.WORK


def holder_of(item: Row, unit: str | None) -> str:
    """Return the holder of a step: its unit, else its role."""
    return unit or f"role:{item.role}"


def turns(
    item: Row, moves: Sequence[Entry], end: datetime
) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield who had a step from when to when, the last holder first."""
    unit, until = item.unit, item.closed_at or end
    for move in reversed(moves):
        within = move.instance_id == item.instance_id and item.opened_at <= move.at <= until
        if within and move.data["after"] == unit:
            yield holder_of(item, unit), move.at, until
            unit, until = move.data["before"], move.at
    yield holder_of(item, unit), item.opened_at, until


def without(
    start: datetime, end: datetime, rests: Sequence[tuple[datetime, datetime]]
) -> Iterator[tuple[datetime, datetime]]:
    """Yield what of a stretch lies outside the pauses."""
    for rest_start, rest_end in rests:
        if start < rest_end and rest_start < end:
            if start < rest_start:
                yield start, rest_start
            start = rest_end
    if start < end:
        yield start, end


def clock_of(known: Held, item: Row, own_tokens: set[tuple[UUID, int]]) -> Clock | None:
    """Return the clock a step ran under: its own, else the one around it that began last.

    That of the whole case says nothing of one step.
    """
    around = []
    for clock in known.clocks:
        row = clock.row
        place = (row.instance_id, row.token)
        if place == (item.instance_id, item.token):
            return clock
        stopped = row.stopped_at or known.end
        alive = row.started_at <= item.opened_at <= stopped
        around_it = row.instance_id == item.instance_id and place not in own_tokens
        if around_it and alive and not known.is_of_all(clock):
            around.append(clock)
    return max(around, key=lambda each: (each.row.started_at, each.row.token), default=None)


def hours_of(
    known: Held, item: Row, clock: Clock | None, calendars: Mapping[str, Calendar]
) -> Hours | None:
    """Return the hours in which a step's holder is expected to be at it; None: round the clock.

    Where the limit counts without nights and rest days so does the holder, by the limit's own
    calendar; a continuous limit runs on. Without a clock an urgent case runs on, any other waits
    for the unit's working time.
    """
    if clock is not None and clock.limit is not None:
        if not clock.limit.in_working_time:
            return None
        return calendar_of(known.run.reader, clock.row.rule).index.spans
    if (known.case.urgency, known.case.mode) != (NORMAL, NORMAL):
        return None
    return calendars.get(item.unit or "", standard()).index.spans


def calendar_of(reader: Reader, rule: Mapping[str, Any]) -> Calendar:
    """Return the calendar that a clock is counted by, as it was when it was chosen."""
    chosen = rule.get("calendar")
    if not chosen:
        return standard()
    return reader.calendars.pinned(reader.connection, chosen["code"], chosen["version"])
