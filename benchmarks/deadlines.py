"""What counting a deadline costs: microseconds per addition, measurement and due instant.

    python -m benchmarks.deadlines

Random starts in ten years and random spans of up to five years on the standard calendar and on one
with seasons; the aim is 20 µs whatever the span. The spread between short and long spans shows that
the index, not the span, is what is walked.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rich.console import Console
from rich.table import Table

from engine.sla.calendar import OFFICE_DAY, OFFICE_HOURS, Calendar, make_calendar, standard
from engine.sla.due_at import due_at, warn_at
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Counting, Limit, Unit
from engine.sla.timetable import WEEKDAYS, read_timetable

CASES = 20_000
ROUNDS = 5
FIRST = datetime(2018, 1, 1, tzinfo=UTC)
SUMMER_DAY = [*OFFICE_DAY[:1], "15:00-19:00"]
SUMMER = {
    "from": "06-01",
    "to": "09-30",
    "week": dict.fromkeys(WEEKDAYS[:5], SUMMER_DAY),
}


def seasonal() -> Calendar:
    """Return a calendar whose summer has other hours."""
    return make_calendar(read_timetable({**OFFICE_HOURS, "seasons": [SUMMER]}))


def microseconds(work: Callable[[int], object]) -> float:
    """Return the median over rounds of what one of the cases takes."""
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for number in range(CASES):
            work(number)
        taken.append((time.perf_counter() - start) / CASES * 1e6)
    return statistics.median(taken)


def rows(name: str, calendar: Calendar, days: int) -> list[tuple[str, float]]:
    """Measure a calendar with spans of up to so many days."""
    chance = random.Random(1)
    starts = [FIRST + timedelta(minutes=chance.randrange(5_000_000)) for _ in range(CASES)]
    spans = [timedelta(minutes=chance.randrange(1, days * 24 * 60)) for _ in range(CASES)]
    amounts = [span * (8 / 24 * 5 / 7) for span in spans]
    ends = [start + span for start, span in zip(starts, spans, strict=True)]
    ledgers = [(Span(SpanKind.STARTED, start),) for start in starts]
    values = [max(1, span.days * 5 // 7) for span in spans]
    legal = [Limit(value, Unit.WORK_DAY, Counting.LEGAL) for value in values]
    rolling = [Limit(value, Unit.WORK_DAY) for value in values]
    work: dict[str, Callable[[int], object]] = {
        "add": lambda n: calendar.add(starts[n], amounts[n]),
        "measure": lambda n: calendar.measure(starts[n], ends[n]),
        "due, rolling": lambda n: due_at(rolling[n], calendar, ledgers[n]),
        "due, legal": lambda n: due_at(legal[n], calendar, ledgers[n]),
        "warn, legal": lambda n: warn_at(legal[n], calendar, ledgers[n]),
    }
    return [(f"{name}, ≤ {days} days: {what}", microseconds(do)) for what, do in work.items()]


def main() -> None:
    """Print the table."""
    table = Table("operation", "µs")
    for name, calendar in (("standard", standard()), ("seasonal", seasonal())):
        for days in (30, 5 * 365):
            for what, taken in rows(name, calendar, days):
                table.add_row(what, f"{taken:.1f}")
    started = time.perf_counter()
    seasonal()
    table.add_row("lay a calendar out, once", f"{(time.perf_counter() - started) * 1e6:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
