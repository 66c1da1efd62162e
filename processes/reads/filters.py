"""What a list of cases may be narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from engine.db.tables import sla_clock
from processes.reads.scope import Condition
from processes.reads.way import Way
from processes.reports import PRIORITY

HERE: Final = ZoneInfo("Asia/Shanghai")
UNKNOWN: Final = -1  # of an urgency that is none: nothing is found


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Codes, and days of Asia/Shanghai; what is empty narrows nothing.

    `unit` is an area the case lies in or a unit that takes part in it (processes/reads/ways.py).
    `overdue`: a clock of the case has run out and still runs.
    """

    status: str = ""
    category: str = ""
    urgency: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None  # that day included
    overdue: bool = False

    def conditions(self, way: Way, now: datetime) -> Iterator[Condition]:
        """Yield the conditions on the cases of a way, all but the unit."""
        if self.status:
            yield way.has_status(self.status)
        if self.category:
            yield way.table.c.category == self.category
        if self.urgency:
            yield way.has_priority(PRIORITY.get(self.urgency, UNKNOWN))
        if self.since:
            yield way.reported_at >= midnight(self.since)
        if self.until and self.until < date.max:
            yield way.reported_at < midnight(self.until + timedelta(days=1))
        if self.overdue:
            yield way.among(overdue_cases(now))


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins here."""
    return datetime.combine(day, time(), HERE)


def overdue_cases(now: datetime) -> sa.Select[tuple[object]]:
    """Return the cases of which a running clock is past due."""
    return sa.select(sla_clock.c.root_id).where(
        sla_clock.c.status == sa.literal_column("'running'"), sla_clock.c.due_at <= now
    )
