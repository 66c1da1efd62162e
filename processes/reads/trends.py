"""Trends: how much came in, was closed, was on time or late, was objected to, day after day.

Days that have ended come from the roll-ups, today and whatever is not rolled up is counted live
(processes/trends.py): both together are what counting everything from zero would say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from engine.i18n import _
from engine.sla.iso import ZONE, shown
from processes.facts import LATE, MEASURES, ON_TIME, Fact, counted, midnight
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.scope import scope_of
from processes.tables import org_unit, trend, trend_day

LONGEST: Final = 366  # days that are shown together
DAY: Final = timedelta(days=1)
RUN: Final = timedelta(days=31)  # counted live at once: all that happened is in memory meanwhile


def new_counts() -> defaultdict[Any, Counter[str]]:
    """Return counts of measures by whatever key."""
    return defaultdict(Counter)


TIMES: Final = tuple(trend.c[measure] for measure in MEASURES)
BELOW: Final = (
    sa.select(org_unit.c.code, org_unit.c.name)
    .where(org_unit.c.parent == sa.bindparam("unit"))
    .order_by(org_unit.c.path)
)
above = org_unit.alias("above")
PLACES: Final = sa.select(
    org_unit.c.code, org_unit.c.name, org_unit.c.path, above.c.code.label("above")
).order_by(org_unit.c.path)


@dataclass(frozen=True)
class Sums:
    """What happened, by measure (processes/facts.py)."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def on_time_rate(self) -> float | None:
        """Share of the clocks that were met in time, 0 to 1; None where none was met or ran out."""
        decided = self.counts[ON_TIME] + self.counts[LATE]
        return self.counts[ON_TIME] / decided if decided else None


@dataclass(frozen=True)
class TrendLine:
    """What happened in a unit, or in a category. `code` of a unit leads to its own trend."""

    code: str
    label: str
    sums: Sums


@dataclass(frozen=True)
class Trends:
    """What happened in a unit from a day up to today, that day included.

    `above` is the unit above that the actor may look at too.
    """

    unit: str
    unit_name: str
    above: str | None
    days: tuple[tuple[date, Sums], ...]
    whole: Sums
    units: tuple[TrendLine, ...]
    categories: tuple[TrendLine, ...]


def trends(reader: Reader, actor: Actor, *, unit: str, length: int) -> Trends:
    """Return the trend of a unit over so many days up to today; seven statements, and today live.

    `unit` "" is the actor's own. Raises NotFound("unit.unknown") for one out of reach as well.
    """
    place = place_of(reader.connection, actor, unit)
    below = reader.connection.execute(BELOW, {"unit": place.code}).all()
    today = reader.now.astimezone(ZONE).date()
    days = [today - DAY * back for back in range(min(length, LONGEST))][::-1]
    tally = Tally(place.code, frozenset(row.code for row in below))
    tally.add_up(reader.connection, days)
    return Trends(
        unit=place.code,
        unit_name=place.name,
        above=place.above,
        days=tuple((day, Sums(tally.by_day[day])) for day in days),
        whole=Sums(sum(tally.by_category.values(), Counter())),
        units=tuple(
            TrendLine(row.code, row.name, Sums(tally.by_unit[row.code]))
            for row in below
            if row.code in tally.by_unit
        ),
        categories=tuple(
            TrendLine(code, reader.word("categories", code), Sums(tally.by_category[code]))
            for code in sorted(tally.by_category)
        ),
    )


@dataclass(frozen=True)
class Tally:
    """What happened in a unit by day and by category, and in those below it, by measure."""

    unit: str
    below: frozenset[str]
    by_day: dict[date, Counter[str]] = field(default_factory=new_counts)
    by_unit: dict[str, Counter[str]] = field(default_factory=new_counts)
    by_category: dict[str, Counter[str]] = field(default_factory=new_counts)

    def add_up(self, connection: Connection, days: Sequence[date]) -> None:
        """Count some days, in order: three statements, and what is not rolled up live."""
        missing = not_rolled(connection, days)
        ended = (trend.c.day.between(days[0], days[-1]), trend.c.day.not_in(missing))
        own = sa.select(trend.c.day, trend.c.category, *TIMES)
        for day, category, *times in connection.execute(
            own.where(trend.c.unit == self.unit, *ended)
        ):
            add(self.by_day[day], times)
            add(self.by_category[category], times)
        others = sa.select(trend.c.unit, *map(sa.func.sum, TIMES)).group_by(trend.c.unit)
        others = others.where(trend.c.unit.in_(sorted(self.below)), *ended)
        for unit, *times in connection.execute(others):
            add(self.by_unit[unit], times)
        for first, last in runs(missing):
            between = midnight(first), midnight(last + DAY)
            for fact in counted(connection, *between, unit=self.unit):
                self._add_live(fact)

    def _add_live(self, fact: Fact) -> None:
        """Add what was counted live."""
        self.by_day[fact.day][fact.measure] += 1
        self.by_category[fact.category][fact.measure] += 1
        for unit in self.below.intersection(fact.units):
            self.by_unit[unit][fact.measure] += 1


def add(counts: Counter[str], times: Iterable[int]) -> None:
    """Add how often each measure was counted; what never happened is not named."""
    for measure, often in zip(MEASURES, times, strict=True):
        if often:
            counts[measure] += int(often)


def place_of(connection: Connection, actor: Actor, unit: str) -> Row:
    """Return the unit asked for, or the topmost of the actor's own; two statements."""
    scope = scope_of(connection, actor, "overdue.read")
    seen = sa.and_(above.c.code == org_unit.c.parent, scope.holds(above.c.path))
    places = PLACES.select_from(org_unit.outerjoin(above, seen)).where(scope.holds(org_unit.c.path))
    if unit:
        places = places.where(org_unit.c.code == unit)
    row = connection.execute(places.limit(1)).first()
    if row is None:
        raise NotFound("unit.unknown", _("没有代码为“{code}”的单位。", code=shown(unit)))
    return row


def not_rolled(connection: Connection, days: Sequence[date]) -> list[date]:
    """Return which of some days are not rolled up; one statement."""
    found = sa.select(trend_day.c.day).where(
        trend_day.c.rolled, trend_day.c.day.between(days[0], days[-1])
    )
    rolled = set(connection.scalars(found))
    return [day for day in days if day not in rolled]


def runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Yield the first and the last of days that follow one another, a month at most."""
    first = last = None
    for day in days:
        if first and last and (day != last + DAY or day >= first + RUN):
            yield first, last
            first = day
        first, last = first or day, day
    if first and last:
        yield first, last
