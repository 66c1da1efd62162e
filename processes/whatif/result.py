"""What became of past cases under a draft: counts by department, category, month and clock."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from engine.errors import ShaodaoError
from engine.sla.iso import ZONE
from processes.whatif.judge import Judged
from processes.whatif.past import Past

MOST_EXAMPLES: Final = 20
TO_LATE, TO_TIME = "to_late", "to_time"
GROUPS: Final = ("departments", "categories", "months", "clocks")


@lru_cache(maxsize=1024)
def month_of(instant: datetime) -> str:
    """Return the month an instant lies in, in Asia/Shanghai."""
    return f"{instant.astimezone(ZONE):%Y-%m}"


def kind_of(past: Past) -> tuple[str, ...]:
    """Return what a clock is counted by, in the order of `GROUPS`.

    The department is whoever held it last, the month that in which its case was closed.
    """
    row = past.row
    return row.holder or "", row.category, month_of(row.closed_at), row.code


@dataclass
class Count:
    """Clocks: how many, how many late then and now, how many turned late and back."""

    clocks: int = 0
    late_then: int = 0
    late_now: int = 0
    to_late: int = 0
    to_time: int = 0

    def add(self, judged: Judged) -> None:
        """Count one clock."""
        self.clocks += 1
        self.late_then += judged.then.since is not None
        self.late_now += judged.now.since is not None
        self.to_late += judged.turned_late
        self.to_time += judged.turned_back

    def take(self, other: Count) -> None:
        """Add what was counted elsewhere."""
        self.clocks += other.clocks
        self.late_then += other.late_then
        self.late_now += other.late_now
        self.to_late += other.to_late
        self.to_time += other.to_time


@dataclass(order=True)
class Example:
    """A clock that turned, in the order of case numbers."""

    key: tuple[str, datetime, str]
    judged: Judged = field(compare=False)


@dataclass
class Result:
    """The sum of a what-if. `left_out` counts, by code of the reason, the clocks not judged."""

    cases: int = 0
    counts: defaultdict[tuple[str, ...], Count] = field(default_factory=lambda: defaultdict(Count))
    turned: dict[str, set[UUID]] = field(default_factory=lambda: {TO_LATE: set(), TO_TIME: set()})
    examples: dict[str, list[Example]] = field(default_factory=lambda: {TO_LATE: [], TO_TIME: []})
    one_each: dict[str, Past] = field(default_factory=dict)  # a clock of each code, for its name
    left_out: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, ShaodaoError] = field(default_factory=dict)
    recalled: int = 0

    def add(self, judged: Judged) -> None:
        """Take a judged clock in."""
        kind = kind_of(judged.past)
        if kind not in self.counts:
            self.one_each.setdefault(judged.past.row.code, judged.past)
        self.counts[kind].add(judged)
        if judged.turned_late:
            self._turn(TO_LATE, judged)
        elif judged.turned_back:
            self._turn(TO_TIME, judged)

    def leave_out(self, reason: ShaodaoError) -> None:
        """Count a clock of which nothing is said."""
        self.left_out[reason.code] += 1
        self.reasons.setdefault(reason.code, reason)

    def _turn(self, way: str, judged: Judged) -> None:
        row = judged.past.row
        self.turned[way].add(judged.past.case_id)
        key = row.number, row.started_at, row.code
        kept = self.examples[way]
        if len(kept) < MOST_EXAMPLES or key < kept[-1].key:
            insort(kept, Example(key, judged))
            del kept[MOST_EXAMPLES:]

    def group(self, name: str) -> dict[str, Count]:
        """Return the counts by one of `GROUPS`."""
        place, found = GROUPS.index(name), defaultdict[str, Count](Count)
        for kind, count in self.counts.items():
            found[kind[place]].take(count)
        return dict(found)

    @property
    def total(self) -> Count:
        """All clocks that were judged."""
        return total(self.counts.values())

    def figures(self) -> dict[str, Any]:
        """Return the figures of the whole."""
        return {
            "cases": self.cases,
            **vars(self.total),
            "cases_to_late": len(self.turned[TO_LATE]),
            "cases_to_time": len(self.turned[TO_TIME]),
            "left_out": sum(self.left_out.values()),
            "recalled": self.recalled,
        }


def total(counts: Iterable[Count]) -> Count:
    """Return the sum of counts."""
    found = Count()
    for each in counts:
        found.take(each)
    return found
