"""What is told of a case's time: who is accountable for it, and each unit's own ledger.

Lengths are whole minutes of elapsed time unless a field says otherwise; instants are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

WHOLE: Final = ""
"""Holder, in sums over cases, of what is counted once whoever took part."""


@dataclass(frozen=True)
class Stretch:
    """A piece of a case's time. `holders` are the names of those that had the case then."""

    start: datetime
    end: datetime
    holders: tuple[str, ...]


@dataclass(frozen=True)
class ChargeRow:
    """All the time charged to one holder, or to nobody alone.

    `charged` is holder, joint, dispute, pause or nobody; `holder` the unit's code where it is one
    holder, `role:<code>` for a role that belongs to no unit.
    """

    charged: str
    holder: str | None
    label: str
    minutes: int
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class LedgerLine:
    """A clock in its holder's ledger: what counted, by the clock's own rule, against its limit.

    `minutes` are counted minutes: working time for a working limit. `paused` are elapsed ones.
    """

    clock: UUID
    label: str
    limit: str
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    minutes: int
    paused: int
    extended: int  # how many times the original limit was added
    late: bool
    resting: bool
    exempted: bool  # late, and an appeal took it out of the figures


@dataclass(frozen=True)
class Ledger:
    """A holder's own account: the time it had the case while on duty, alone or beside others."""

    holder: str
    label: str
    minutes: int
    lines: tuple[LedgerLine, ...]


@dataclass(frozen=True)
class Accounts:
    """A case's time from the report to its end, or to now; the rows add up to `minutes`."""

    start: datetime
    end: datetime
    minutes: int
    rows: tuple[ChargeRow, ...]
    ledgers: tuple[Ledger, ...]

    def place(self, stretch: Stretch) -> tuple[float, float]:
        """Return where a stretch begins and how long it is, in percent of the whole."""
        whole = (self.end - self.start).total_seconds() or 1.0
        before = (stretch.start - self.start).total_seconds()
        length = (stretch.end - stretch.start).total_seconds()
        return round(100 * before / whole, 3), round(100 * length / whole, 3)

    def ledger_of(self, holder: str) -> Ledger | None:
        """Return a holder's own account."""
        return next((each for each in self.ledgers if each.holder == holder), None)
