"""What happened on a day, counted from the cases themselves: the only source of trends.

Reported and closed cases belong to their area, clocks and objections to their unit as well; each
counts once for every unit on the way up (domain.md section 7: on time and late as in
`on_time_dispose_rate`, objections as in `rework_rate`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.elements import ColumnElement

from engine.db.prepared import Prepared, read_all
from engine.db.tables import sla_clock, work_item
from engine.sla.iso import ZONE
from processes.tables import case_file, org_unit

REPORTED, CLOSED, ON_TIME, LATE, OBJECTED = "reported", "closed", "on_time", "late", "objected"
MEASURES: Final = (REPORTED, CLOSED, ON_TIME, LATE, OBJECTED)
OBJECT: Final = "object"  # the outcome with which a department objects
FIRST_DAY: Final = date(1970, 1, 1).toordinal()  # as instants are counted from
DAY_LENGTH: Final = 86_400_000_000  # microseconds
AHEAD: Final = 8 * 3_600_000_000  # of UTC, since 1992 all year round


class Fact(NamedTuple):
    """Something happened on a day; there are thousands a day.

    `units` are all whose books it stands in, each with its level: 0 is the topmost.
    """

    day: date
    units: Mapping[str, int]
    category: str
    measure: str


def counted(
    connection: Connection, since: datetime, until: datetime, *, unit: str = ""
) -> Iterator[Fact]:
    """Yield what happened from an instant up to another; five statements, waited for once.

    `unit` is the code of one, so that only what stands in its books is counted; "": everything.
    """
    asked = {"since": since, "until": until, "books": f"%/{unit}/%" if unit else "%"}
    answers = read_all(connection, *((query, asked) for query in QUERIES.values()))
    for measure, rows in zip(QUERIES, answers, strict=True):
        for day, area, own, category in rows:
            units = levels(area) | levels(own) if own else levels(area)
            if not unit or unit in units:  # SQLite's LIKE is blind to capitals
                yield Fact(date.fromordinal(FIRST_DAY + day), units, category, measure)


@lru_cache(maxsize=4096)
def levels(path: str) -> dict[str, int]:
    """Return the units of a path, each with its level."""
    return {code: level for level, code in enumerate(path.strip("/").split("/"))}


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in Asia/Shanghai."""
    return datetime.combine(day, time(), ZONE)


def _query(
    at: ColumnElement[Any], unit: ColumnElement[Any], source: sa.FromClause, *only: Any
) -> Prepared:
    """Return the select of what happened at `at`: its day, area, unit and category."""
    books = sa.bindparam("books", type_=sa.Text())
    inside = sa.or_(case_file.c.path.like(books), unit.like(books))
    passed = sa.type_coerce(at, sa.BigInteger) + sa.literal_column(str(AHEAD))
    day = (passed // sa.literal_column(str(DAY_LENGTH), sa.BigInteger)).label("day")
    columns = (day, case_file.c.path.label("area"), unit.label("unit"), case_file.c.category)
    return Prepared(
        sa.select(*columns)
        .select_from(source)
        .where(at >= sa.bindparam("since"), at < sa.bindparam("until"), inside, *only)
    )


def _of_unit(table: sa.Table, code: ColumnElement[Any]) -> sa.FromClause:
    """Return a table with the case and the unit that its rows belong to."""
    with_case = table.join(case_file, case_file.c.id == table.c.root_id)
    return with_case.outerjoin(org_unit, org_unit.c.code == code)


_nobody: Final = sa.cast(sa.null(), sa.Text())
_clocks: Final = _of_unit(sla_clock, sla_clock.c.holder)
QUERIES: Final = {
    REPORTED: _query(case_file.c.reported_at, _nobody, case_file),
    CLOSED: _query(case_file.c.closed_at, _nobody, case_file, case_file.c.closed_at.is_not(None)),
    ON_TIME: _query(
        sla_clock.c.stopped_at,
        org_unit.c.path,
        _clocks,
        sla_clock.c.stopped_at.is_not(None),
        sla_clock.c.status == "met",
        sla_clock.c.breached_at.is_(None),
    ),
    LATE: _query(
        sla_clock.c.breached_at,
        org_unit.c.path,
        _clocks,
        sla_clock.c.breached_at.is_not(None),
        sla_clock.c.exempted_at.is_(None),
    ),
    OBJECTED: _query(
        work_item.c.closed_at,
        org_unit.c.path,
        _of_unit(work_item, work_item.c.unit),
        work_item.c.closed_at.is_not(None),
        work_item.c.outcome == OBJECT,
    ),
}
