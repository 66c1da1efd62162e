"""What became of past cases under a draft: counts by department, category, month and clock."""

from __future__ import annotations

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from engine.errors import ShaodaoError
from engine.sla.iso import ZONE
from processes.whatif.judge import Judged
from processes.whatif.past import Past

MOST_EXAMPLES: Final = 20
TO_LATE, TO_TIME = "to_late", "to_time"

KEYS: Final[Mapping[str, Callable[[Past], str]]] = {
    "departments": lambda past: past.row.holder or "",
    "categories": lambda past: past.row.category,
    "months": lambda past: f"{past.row.closed_at.astimezone(ZONE):%Y-%m}",
    "clocks": lambda past: past.row.code,
}
"""What is counted by. A department is whoever held the clock last, a month that of closing."""


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


@dataclass(order=True)
class Example:
    """A clock that turned, in the order of case numbers."""

    key: tuple[str, float, str]
    judged: Judged = field(compare=False)


@dataclass
class Result:
    """The sum of a what-if. `left_out` counts by code of the reason the clocks not judged."""

    total: Count = field(default_factory=Count)
    groups: dict[str, defaultdict[str, Count]] = field(
        default_factory=lambda: {name: defaultdict(Count) for name in KEYS}
    )
    cases: int = 0
    turned: dict[str, set[UUID]] = field(default_factory=lambda: {TO_LATE: set(), TO_TIME: set()})
    examples: dict[str, list[Example]] = field(default_factory=lambda: {TO_LATE: [], TO_TIME: []})
    left_out: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, ShaodaoError] = field(default_factory=dict)
    recalled: int = 0
    one_each: dict[str, Past] = field(default_factory=dict)  # a clock of each code, for its name

    def add(self, judged: Judged) -> None:
        """Take a judged clock in."""
        self.one_each.setdefault(judged.past.row.code, judged.past)
        self.total.add(judged)
        for name, key in KEYS.items():
            self.groups[name][key(judged.past)].add(judged)
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
        self.turned[way].add(row.root_id)
        key = row.number, row.started_at.timestamp(), row.code
        kept = self.examples[way]
        if len(kept) < MOST_EXAMPLES or key < kept[-1].key:
            insort(kept, Example(key, judged))
            del kept[MOST_EXAMPLES:]

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
