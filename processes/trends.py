"""Trends rest on daily roll-ups: what happened on each day, by unit, category and measure.

A day ends at midnight in Asia/Shanghai and is rolled up by a chore soon after. A command that
changes what happened on an earlier day (a report that came late, a breach that an appeal takes out,
a timer that an outage held up) marks that day, and it is rolled up anew. What is marked or not yet
rolled up is counted live by whoever asks, so that a trend is exact at any moment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.prepared import Prepared, pipelined
from engine.db.tables import sla_clock
from engine.events import SlaExempted, SlaHandedOver
from engine.run.engine import Engine
from engine.run.plugins import InstanceInfo
from engine.sla.iso import ZONE
from processes.events import CaseReported
from processes.facts import MEASURES, counted, midnight
from processes.projector import Seen
from processes.tables import case_file, org_unit, trend, trend_day

if TYPE_CHECKING:
    from engine.run.context import Context

EVERY: Final = timedelta(minutes=1)
GRACE: Final = timedelta(minutes=10)  # who read the clock before midnight is done by then
SLICE: Final = timedelta(seconds=1)  # of rolling up between two rounds of jobs

# The newest first: they are looked at most.
STALE: Final = (
    sa.select(trend_day.c.day)
    .where(~trend_day.c.rolled, trend_day.c.listed_at <= sa.bindparam("before"))
    .order_by(trend_day.c.day.desc())
    .limit(1)
)
NEVER: Final = dict.fromkeys(MEASURES, 0)
STORE: Final = Prepared(trend.insert())
# By the units there are: books are read unit by unit, so that is the order of the only index.
FORGET: Final = sa.delete(trend).where(
    trend.c.day == sa.bindparam("ended"), trend.c.unit.in_(sa.select(org_unit.c.code))
)


def mark_days(context: Context, _info: InstanceInfo, seen: Seen) -> None:
    """Mark the earlier days on which something has just happened; no statement where none has."""
    today = context.now.astimezone(ZONE).date()
    days = {at.astimezone(ZONE).date() for _event, at in seen}
    days |= {day_of(event.reported_at) for event, _at in seen if isinstance(event, CaseReported)}
    moved = {e.clock for e, _at in seen if isinstance(e, SlaExempted | SlaHandedOver)}
    if moved:
        days |= days_of_breaches(context.connection, moved)
    if earlier := {day for day in days if day < today}:
        mark(context.connection, trend_day.c.day.in_(sorted(earlier)))


def day_of(text: str) -> date:
    """Return the day here of an instant as events write it."""
    return datetime.fromisoformat(text).astimezone(ZONE).date()


def days_of_breaches(connection: Connection, clocks: Iterable[UUID]) -> set[date]:
    """Return the days on which clocks ran out; one statement."""
    query = sa.select(sla_clock.c.breached_at).where(
        sla_clock.c.id.in_(sorted(clocks)), sla_clock.c.breached_at.is_not(None)
    )
    return {at.astimezone(ZONE).date() for at in connection.scalars(query)}


def mark_all(connection: Connection) -> None:
    """Mark all days: a unit stands elsewhere in the organisation from now on, and so its books."""
    mark(connection, sa.true())


def mark(connection: Connection, days: sa.ColumnElement[bool]) -> None:
    """Mark days; whoever is rolling them up just now is waited for, and does it again."""
    connection.execute(sa.update(trend_day).where(days, trend_day.c.rolled).values(rolled=False))


class Trending:
    """Rolls up the days that have ended; looks for more of them once a minute."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._next: datetime | None = None

    def __call__(self) -> None:
        """Roll up what is due if the minute is over."""
        begun = self._engine.clock.now()
        if self._next is None or begun >= self._next:
            self._engine.database.retry(self._list)
            while self._engine.database.retry(self._roll):
                if self._engine.clock.now() >= begun + SLICE:
                    return  # and goes on after the next round of jobs
            self._next = begun + EVERY

    def _list(self) -> None:
        """List the days that have ended, from that of the first case on."""
        now = self._engine.clock.now()
        with self._engine.database.write(bulk=True) as connection:
            last = (now - GRACE).astimezone(ZONE).date() - timedelta(days=1)
            first = connection.scalar(sa.select(sa.func.max(trend_day.c.day)))
            if first is None:
                told = connection.scalar(sa.select(sa.func.min(case_file.c.reported_at)))
                first = told.astimezone(ZONE).date() - timedelta(days=1) if told else last
            days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
            if days:
                listed = [{"day": day, "rolled": False, "listed_at": now} for day in days]
                connection.execute(trend_day.insert(), listed)

    def _roll(self) -> bool:
        """Roll up a day in a transaction, tell whether there was one; other workers take others.

        It is locked before it is counted: what a command marks meanwhile it marks afterwards.
        """
        before = {"before": self._engine.clock.now() - EVERY}
        with self._engine.database.write(bulk=True) as connection:
            day = connection.scalar(STALE.with_for_update(skip_locked=True), before)
            if day is not None:
                roll(connection, day)
            return day is not None


def roll(connection: Connection, day: date) -> None:
    """Count a day and store it in place of what was stored of it; eight statements.

    Units of one level lie side by side: those below a unit are read together.
    """
    found: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(NEVER.copy)
    level: dict[str, int] = {}
    for fact in counted(connection, midnight(day), midnight(day + timedelta(days=1))):
        level.update(fact.units)
        for unit in fact.units:
            found[unit, fact.category][fact.measure] += 1
    connection.execute(FORGET, {"ended": day})
    order = sorted(found, key=lambda key: (level[key[0]], key))
    with pipelined(connection):
        STORE.send(connection, [row_of(day, *key, found[key]) for key in order])
    connection.execute(sa.update(trend_day).where(trend_day.c.day == day).values(rolled=True))


def row_of(day: date, unit: str, category: str, counts: dict[str, int]) -> dict[str, Any]:
    """Return the row to store."""
    return {"day": day, "unit": unit, "category": category, **counts}
