"""How long a what-if takes over many closed cases.

    python -m benchmarks.whatif [--cases 100000] [--postgresql]

Each case has the clocks of a whole whistle: the case itself, review, routing, two departments that
answer and handle, and the check; one clock in ten has rested, one in twenty was extended. The rows
are written by SQL in the shape of those that a real case left.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.crowd import DEPARTMENTS
from benchmarks.lists import furnished
from engine.db.tables import sla_clock, sla_span
from engine.run.clocks import LIMITS
from engine.sla.calendar import standard
from engine.sla.due_at import due_at
from engine.sla.late import late_since
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Limit, read_limit
from processes.bootstrap import Product
from processes.shipped import Shipped
from processes.tables import case_file
from processes.whatif.draft import drafted
from processes.whatif.past import Period
from processes.whatif.shared import what_if_shared

CODES = (
    "case",
    "community_review",
    "routing",
    "answer",
    "answer",
    "handle",
    "handle",
    "check",
)
BATCH = 2000
EVERYTHING = Period(date(2015, 1, 1), date(2030, 1, 1))
STEP = timedelta(minutes=37)
FIRST_TOKEN = 1 << 24  # above those of the clocks that still run
OFFICE = {"calendar": {"code": "standard", "version": "default"}}


def main() -> None:
    """Print how long it takes, and what it costs a clock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    with furnished(asked.cases, postgresql=asked.postgresql, closed_clocks=False) as product:
        written = fill(product)
        print(f"clocks={written}, made in {time.perf_counter() - began:.0f} s")
        measure("the rules as they are", product, lambda text: text)
        measure("every limit in hours, not working hours", product, hours)


def hours(text: str) -> str:
    """Return a table whose working hours run through nights."""
    return text.replace('"work_hour"', '"urgent_hour"')


def measure(name: str, product: Product, change: Any) -> None:
    """Run one what-if with a draft made of the table that is shipped."""
    text = (Shipped.find().folder / "tables" / "limits.dmn").read_text(encoding="utf-8")
    draft, database = drafted(change(text).encode()), product.engine.database
    start, worked = time.perf_counter(), processor_seconds()
    with database.read() as connection:
        result = what_if_shared(
            connection, draft, EVERYTHING, library=product.engine.library, database=database
        )
    taken, worked = time.perf_counter() - start, processor_seconds() - worked
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    each = worked / max(result.total.clocks, 1) * 1e6
    print(f"{name}: {taken:.1f} s, of the processor {worked:.1f} s, {each:.0f} µs a clock")
    print(f"  {result.figures()} peak_memory_mib={peak} a process")


def processor_seconds() -> float:
    """Return what this process and those that it waited for have used."""
    own, theirs = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + theirs.ru_utime + theirs.ru_stime


def fill(product: Product) -> int:
    """Write the clocks of all closed cases and return how many."""
    engine = product.engine
    closed = sa.select(case_file).where(case_file.c.closed_at.is_not(None))
    written = 0
    with engine.database.read() as reading:  # batch by batch: what is in memory is not measured
        shape = reading.execute(sa.select(sla_clock).limit(1)).mappings().one()
        limits = Limits(*engine.library.table(reading, LIMITS, engine.clock.now()))
        dice = random.Random(11)
        for cases in reading.execute(closed.execution_options(yield_per=BATCH)).partitions():
            made = [pair for case in cases for pair in clocks(case, dice)]
            rows = [row_of(shape, limits, *pair) for pair in made]
            spans = [
                span
                for row, (_case, _place, told) in zip(rows, made, strict=True)
                for span in span_rows(row, told)
            ]
            with engine.database.write() as connection:
                connection.execute(sla_clock.insert(), rows)
                connection.execute(sla_span.insert(), spans)
            written += len(rows)
    with engine.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.database.close()  # an open connection of SQLite keeps the figures of before
    return written


def clocks(case: Any, dice: random.Random) -> Iterator[tuple[Any, int, list[Span]]]:
    """Yield the clocks of a case: their number, and their ledgers up to the end."""
    at = case.reported_at
    for place, _code in enumerate(CODES):
        begin = at + STEP * place * dice.randrange(1, 8)
        told = [Span(SpanKind.STARTED, begin, holder=f"D{dice.randrange(DEPARTMENTS):02}")]
        if dice.random() < 0.1:
            told.append(Span(SpanKind.PAUSED, begin + STEP, until=begin + 4 * STEP))
            told.append(Span(SpanKind.RESUMED, begin + 4 * STEP))
        if dice.random() < 0.05:
            told.append(Span(SpanKind.EXTENDED, begin + 5 * STEP))
        yield case, place, told


class Limits:
    """What the table in force answers, asked once a category and clock: all else is the same."""

    def __init__(self, version: UUID, table: Any) -> None:
        self._version, self._table = version, table
        self._kept: dict[tuple[str, str], tuple[Limit, dict[str, Any]]] = {}

    def of(self, code: str, seen: dict[str, Any]) -> tuple[Limit, dict[str, Any]]:
        """Return a clock's limit, and the rule that is stored for it but for what was asked."""
        key = code, seen["category"]
        if key not in self._kept:
            answer = self._table.decide({"clock": code, "case": seen})
            limit = read_limit(answer.value)
            rule = {**limit.as_data(), "table": str(self._version), "row": answer.rows[0]}
            self._kept[key] = limit, rule | (OFFICE if limit.needs_calendar else {})
        return self._kept[key]


def row_of(shape: Any, limits: Limits, case: Any, place: int, told: list[Span]) -> dict[str, Any]:
    """Return the row of a clock that was judged by the table in force."""
    code, seen = CODES[place], view(case)
    limit, rule = limits.of(code, seen)
    begin, stop = told[0].at, stopped(case, limit, told)
    since = late_since(limit, standard(), told, until=stop)
    return {
        **shape,
        "id": UUID(int=case.id.int * 16 + place + 1 & (1 << 128) - 1),
        "root_id": case.id,
        "token": FIRST_TOKEN + (case.id.int & 0xFFFFFF) * 16 + place,
        "code": code,
        "holder": told[0].holder,
        "rule": {**rule, "asked": {"case": seen}},
        "status": "met",
        "started_at": begin,
        "due_at": due_at(limit, standard(), told),
        "warn_at": begin,
        "breached_at": since,
        "stopped_at": stop,
    }


def stopped(case: Any, limit: Limit, told: list[Span]) -> datetime:
    """Return when a clock was stopped: some of a case's early, some late."""
    share: float = case.id.int % 13 / 10
    return max(told[-1].at, told[0].at + limit.length() * share) + STEP


def view(case: Any) -> dict[str, Any]:
    """Return a case as diagrams see it."""
    names = ("number", "category", "area", "grid", "community", "street", "urgency", "mode")
    seen = {name: getattr(case, name) for name in names}
    return {**seen, "whistle_type": "request", "standard": None}


def span_rows(row: dict[str, Any], told: list[Span]) -> Iterator[dict[str, Any]]:
    """Yield the ledger of a clock, its end included."""
    for seq, span in enumerate([*told, Span(SpanKind.MET, row["stopped_at"])], 1):
        yield {
            "clock_id": row["id"],
            "seq": seq,
            "kind": span.kind.value,
            "at": span.at,
            "actor": None,
            "reason": None,
            "holder": span.holder,
            "times": span.times,
            "until": span.until,
        }


if __name__ == "__main__":
    main()
