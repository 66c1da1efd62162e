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


def began(past: Past) -> tuple[datetime, str]:
    """Return what puts clocks in an order of their own."""
    return past.row.started_at, str(past.row.id)


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

    key: tuple[str, datetime, str, str]
    judged: Judged = field(compare=False)


@dataclass
class Result:
    """The sum of a what-if. `left_out` counts, by code of the reason, the clocks not judged."""

    cases: int = 0
    counts: defaultdict[tuple[str, ...], Count] = field(default_factory=lambda: defaultdict(Count))
    turned: dict[str, set[UUID | str]] = field(
        default_factory=lambda: {TO_LATE: set(), TO_TIME: set()}
    )
    examples: dict[str, list[Example]] = field(default_factory=lambda: {TO_LATE: [], TO_TIME: []})
    one_each: dict[str, Past] = field(default_factory=dict)  # the first of each code, for its name
    left_out: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, ShaodaoError] = field(default_factory=dict)
    recalled: int = 0

    def add(self, judged: Judged) -> None:
        """Take a judged clock in."""
        self._know(judged.past)
        self.counts[kind_of(judged.past)].add(judged)
        if judged.turned_late:
            self._turn(TO_LATE, judged)
        elif judged.turned_back:
            self._turn(TO_TIME, judged)

    def leave_out(self, reason: ShaodaoError) -> None:
        """Count a clock of which nothing is said."""
        self.left_out[reason.code] += 1
        self._say(reason)

    def take(self, other: Result) -> None:
        """Add what other cases came to; the sum is the same in whatever order."""
        self.cases += other.cases
        self.recalled += other.recalled
        self.left_out += other.left_out
        for kind, count in other.counts.items():
            self.counts[kind].take(count)
        for way, cases in other.turned.items():
            self.turned[way] |= cases
            self.examples[way] = sorted([*self.examples[way], *other.examples[way]])
            del self.examples[way][MOST_EXAMPLES:]
        for past in other.one_each.values():
            self._know(past)
        for reason in other.reasons.values():
            self._say(reason)

    def _know(self, past: Past) -> None:
        kept = self.one_each.get(past.row.code)
        if kept is None or began(past) < began(kept):
            self.one_each[past.row.code] = past

    def _say(self, reason: ShaodaoError) -> None:
        kept = self.reasons.get(reason.code)
        if kept is None or str(reason) < str(kept):
            self.reasons[reason.code] = reason

    def _turn(self, way: str, judged: Judged) -> None:
        row = judged.past.row
        self.turned[way].add(row.root_id)
        kept = self.examples[way]
        if len(kept) == MOST_EXAMPLES and row.number > kept[-1].key[0]:
            return
        insort(kept, Example((row.number, row.started_at, row.code, str(row.id)), judged))
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
