"""The clocks of closed cases with their ledgers, as they are stored, read in one pass.

Hundreds of thousands of them: of a row nothing is made that its verdict does not need. Ids stay as
the driver gives them until somebody asks for one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from engine.db.tables import instance, sla_clock, sla_span
from engine.errors import Invalid
from engine.i18n import _
from engine.run.clocks import stored_span
from engine.run.rows import SPAN_COLUMNS
from engine.sla.iso import ZONE
from engine.sla.ledger import Span, SpanKind
from processes.reads.row import Row
from processes.tables import case_file

AT_ONCE = 2_000  # clocks read and judged together
Bounds = Mapping[str, datetime]
"""`since` and `until`: closed from the one on and before the other."""
TELLING = (SpanKind.PAUSED, SpanKind.RESUMED, SpanKind.EXTENDED, SpanKind.HANDED_OVER)
ENDS = (SpanKind.MET, SpanKind.CANCELLED, SpanKind.BREACHED)  # said by the clock's own row too


def as_driven(column: sa.Column[UUID]) -> sa.Label[Any]:
    """Return a column of ids whose values nothing is made of: texts or UUIDs, as the driver has."""
    return sa.type_coerce(column, sa.types.NullType()).label(column.name)


def uuid_of(driven: UUID | str) -> UUID:
    """Return the id that a value of `as_driven` is."""
    return driven if isinstance(driven, UUID) else UUID(driven)


moved = sa.exists().where(
    sla_span.c.clock_id == sla_clock.c.id, sla_span.c.kind.in_([kind.value for kind in TELLING])
)
closed_in = sa.and_(
    case_file.c.closed_at >= bindparam("since"), case_file.c.closed_at < bindparam("until")
)
CASES = sa.select(sa.func.count()).select_from(case_file).where(closed_in)
CLOSED_AT = (
    sa.select(case_file.c.closed_at)
    .where(closed_in)
    .order_by(case_file.c.closed_at)
    .limit(1)
    .offset(bindparam("before"))
)
ROWS = sa.select(
    as_driven(sla_clock.c.id),
    as_driven(sla_clock.c.root_id),
    sla_clock.c.code,
    sla_clock.c.holder,
    sla_clock.c.rule,
    sla_clock.c.started_at,
    sla_clock.c.stopped_at,
    sla_clock.c.breached_at,
    moved.label("moved"),
    case_file.c.number,
    case_file.c.category,
    case_file.c.closed_at,
).join(case_file, case_file.c.id == sla_clock.c.root_id)
CLOCKS = ROWS.where(closed_in)
CLOCKS_OF = ROWS.where(sla_clock.c.root_id.in_(bindparam("cases", expanding=True))).order_by(
    sla_clock.c.started_at, sla_clock.c.id
)
LEDGERS = (
    sa.select(
        sla_span.c.clock_id,
        *SPAN_COLUMNS,
    )
    .where(
        sla_span.c.clock_id.in_(bindparam("clocks", expanding=True)),
        sla_span.c.kind.not_in([kind.value for kind in ENDS]),
    )
    .order_by(sla_span.c.clock_id, sla_span.c.seq)
)
DRAWN = (
    sa.select(sla_clock.c.id, instance.c.definition_id, instance.c.process)
    .join(instance, instance.c.id == sla_clock.c.instance_id)
    .where(sla_clock.c.id.in_(bindparam("clocks", expanding=True)))
)


@dataclass(frozen=True)
class Period:
    """The days on which cases were closed, both included, in Asia/Shanghai."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Invalid("whatif.end_before_start", _("结束日期早于开始日期，请重选。"))

    @property
    def bounds(self) -> Bounds:
        """Return the instants between which it lies."""
        return {"since": midnight(self.first), "until": midnight(self.last + timedelta(days=1))}


def midnight(day: date) -> datetime:
    """Return the first instant of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=ZONE)


@dataclass(frozen=True)
class Past:
    """A clock of a closed case: its row (the columns of `ROWS`) and its ledger to the end."""

    row: Row
    spans: Sequence[Span]

    @property
    def id(self) -> UUID:
        """The clock's id."""
        return uuid_of(self.row.id)

    @property
    def case_id(self) -> UUID:
        """The case's id."""
        return uuid_of(self.row.root_id)


def count_cases(connection: Connection, bounds: Bounds) -> int:
    """Return how many cases were closed between two instants."""
    return connection.scalar(CASES, bounds) or 0


def edges(connection: Connection, bounds: Bounds, parts: int) -> list[datetime]:
    """Return the instants that part closed cases into so many of about equal number."""
    cases = count_cases(connection, bounds)
    places = [cases * part // parts for part in range(1, parts)]
    found = (connection.scalar(CLOSED_AT, {**bounds, "before": place}) for place in places)
    return [at for at in found if at is not None]


def past_clocks(connection: Connection, bounds: Bounds) -> Iterator[Past]:
    """Yield the clocks of closed cases, in no order; two statements each `AT_ONCE`."""
    found = connection.execute(CLOCKS, bounds, execution_options={"yield_per": AT_ONCE})
    for rows in found.partitions():
        yield from with_ledgers(connection, rows)


def clocks_of(connection: Connection, cases: Sequence[UUID]) -> Iterator[Past]:
    """Yield the clocks of some cases in the order in which they began."""
    rows = connection.execute(CLOCKS_OF, {"cases": cases}).all()
    yield from with_ledgers(connection, rows)


def with_ledgers(connection: Connection, rows: Sequence[Row]) -> Iterator[Past]:
    """Yield clocks with their ledgers; those are read only of clocks that were moved."""
    ledgers = ledgers_of(connection, [uuid_of(row.id) for row in rows if row.moved])
    for row in rows:
        yield Past(row, ledgers[uuid_of(row.id)] if row.moved else (begun(row),))


def begun(row: Row) -> Span:
    """Return the first line of a clock's ledger; of most it is the only one that moves it."""
    return Span(SpanKind.STARTED, row.started_at, holder=row.holder)


def ledgers_of(connection: Connection, clocks: Sequence[UUID]) -> Mapping[UUID, list[Span]]:
    """Return the ledgers of some clocks; no statement for none."""
    found: dict[UUID, list[Span]] = {}
    if clocks:
        for row in connection.execute(LEDGERS, {"clocks": clocks}):
            found.setdefault(row.clock_id, []).append(stored_span(row))
    return found


def drawn_rows(connection: Connection, clocks: Sequence[UUID]) -> Mapping[UUID, Row]:
    """Return by which drawing some clocks ran, for their names."""
    return {row.id: row for row in connection.execute(DRAWN, {"clocks": clocks})}
