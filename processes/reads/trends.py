"""Trends: how much came in, was closed, was on time or late, was objected to, day after day.

Days that have ended come from the roll-ups, today and whatever is not rolled up is counted live
(processes/trends.py): both together are what counting everything from zero would say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import NotFound
from engine.i18n import _
from engine.sla.iso import ZONE, shown
from processes.facts import LATE, ON_TIME, counted, midnight
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.scope import scope_of
from processes.tables import org_unit, trend, trend_day

LONGEST: Final = 366  # days that are shown together
DAY: Final = timedelta(days=1)
Key = TypeVar("Key", str, date)

BELOW: Final = (
    sa.select(org_unit.c.code, org_unit.c.name)
    .where(org_unit.c.parent == sa.bindparam("unit"))
    .order_by(org_unit.c.path)
)
above = org_unit.alias("above")
PLACES: Final = sa.select(
    org_unit.c.code, org_unit.c.name, org_unit.c.path, above.c.code.label("above")
).order_by(org_unit.c.path)


class Count(NamedTuple):
    """So many times something happened in a unit on a day."""

    unit: str
    day: date
    category: str
    measure: str
    times: int


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
    """Return the trend of a unit over so many days up to today; at most four statements and today.

    `unit` "" is the actor's own. Raises NotFound("unit.unknown") for one out of reach as well.
    """
    place = place_of(reader.connection, actor, unit)
    below = reader.connection.execute(BELOW, {"unit": place.code}).all()
    today = reader.now.astimezone(ZONE).date()
    days = [today - DAY * back for back in range(min(length, LONGEST))][::-1]
    units = {place.code, *(row.code for row in below)}
    found = list(counts(reader.connection, units, days))
    own = [count for count in found if count.unit == place.code]
    by_day = gathered((count.day, count) for count in own)
    by_unit = gathered((count.unit, count) for count in found)
    by_category = gathered((count.category, count) for count in own)
    return Trends(
        unit=place.code,
        unit_name=place.name,
        above=place.above,
        days=tuple((day, by_day.get(day, Sums())) for day in days),
        whole=by_unit.get(place.code, Sums()),
        units=tuple(
            TrendLine(row.code, row.name, by_unit[row.code]) for row in below if row.code in by_unit
        ),
        categories=tuple(
            TrendLine(code, reader.word("categories", code), by_category[code])
            for code in sorted(by_category)
        ),
    )


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


def counts(connection: Connection, units: set[str], days: list[date]) -> Iterator[Count]:
    """Yield what happened in some units on some days, in order: rolled up where it is."""
    rolled = set(
        connection.scalars(
            sa.select(trend_day.c.day).where(
                trend_day.c.rolled, trend_day.c.day >= days[0], trend_day.c.day <= days[-1]
            )
        )
    )
    stored = sa.select(*(trend.c[name] for name in Count._fields)).where(
        trend.c.unit.in_(sorted(units)), trend.c.day >= days[0], trend.c.day <= days[-1]
    )
    for row in connection.execute(stored):
        if row.day in rolled:
            yield Count(*row)
    for first, last in runs(day for day in days if day not in rolled):
        for fact in counted(connection, midnight(first), midnight(last + DAY)):
            for unit in fact.units & units:
                yield Count(unit, fact.day, fact.category, fact.measure, fact.times)


def runs(days: Iterable[date]) -> Iterator[tuple[date, date]]:
    """Yield the first and the last of days that follow one another."""
    first = last = None
    for day in days:
        if first is not None and last is not None and day != last + DAY:
            yield first, last
            first = day
        first, last = first or day, day
    if first is not None and last is not None:
        yield first, last


def gathered(found: Iterable[tuple[Key, Count]]) -> dict[Key, Sums]:
    """Add counts up by a key."""
    sums: dict[Key, Sums] = {}
    for key, count in found:
        sums.setdefault(key, Sums()).counts[count.measure] += count.times
    return sums
