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
from processes.reports import PRIORITY
from processes.tables import case_file, case_part

HERE: Final = ZoneInfo("Asia/Shanghai")
UNKNOWN: Final = -1  # of an urgency that is none: nothing is found


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Codes, and days of Asia/Shanghai; what is empty narrows nothing.

    `unit` is an area the case lies in or a unit that takes part in it. `overdue`: a clock of the
    case has run out and still runs.
    """

    status: str = ""
    category: str = ""
    urgency: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None  # that day included
    overdue: bool = False

    def conditions(self, now: datetime) -> Iterator[Condition]:
        """Yield the conditions on `case_file`."""
        if self.status:
            yield case_file.c.status == self.status
        if self.category:
            yield case_file.c.category == self.category
        if self.urgency:
            yield case_file.c.priority == PRIORITY.get(self.urgency, UNKNOWN)
        if self.unit:
            yield at_unit(self.unit)
        if self.since:
            yield case_file.c.reported_at >= midnight(self.since)
        if self.until and self.until < date.max:
            yield case_file.c.reported_at < midnight(self.until + timedelta(days=1))
        if self.overdue:
            yield is_overdue(now)


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins here."""
    return datetime.combine(day, time(), HERE)


def at_unit(code: str) -> Condition:
    """Return the condition that a case lies in a unit or that the unit takes part in it."""
    part = sa.select(case_part.c.case_id).where(
        case_part.c.case_id == case_file.c.id, case_part.c.unit == code
    )
    levels = (case_file.c.area, case_file.c.grid, case_file.c.community, case_file.c.street)
    return sa.or_(*(level == code for level in levels), part.correlate(case_file).exists())


def is_overdue(now: datetime) -> Condition:
    """Return the condition that a running clock of a case is past due."""
    late = sa.select(sla_clock.c.id).where(
        sla_clock.c.root_id == case_file.c.id,
        sla_clock.c.status == sa.literal_column("'running'"),
        sla_clock.c.due_at <= now,
    )
    return late.correlate(case_file).exists()
