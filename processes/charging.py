"""Closed cases have their time charged: a chore, so that closing a case costs nobody a wait.

What is stored is what a case's page shows (processes/reads/accountable.py), summed by kind: for the
case as a whole, and for each that took part. A month's report is then one statement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from engine.run.engine import Engine
from engine.sla.accountable import Charge, Charged, charges
from processes.calendars.known import KnownCalendars
from processes.reads.account_rows import WHOLE
from processes.reads.definitions import Folders
from processes.reads.entries import entries
from processes.reads.holds import HANDED_OVER, held, holds
from processes.reads.reader import Reader
from processes.reads.row import Row
from processes.reads.running import running
from processes.tables import case_charge, case_file

EVERY: Final = timedelta(minutes=1)
BATCH: Final = 20  # cases in one transaction; each is some ten statements that only read
MINUTE: Final = timedelta(minutes=1)

UNCHARGED: Final = (
    sa.select(case_file)
    .where(~case_file.c.charged, case_file.c.closed_at.is_not(None))
    .order_by(case_file.c.id)
    .limit(BATCH)
)
DONE: Final = (
    sa.update(case_file).where(case_file.c.id == sa.bindparam("b_id")).values(charged=True)
)


class Charging:
    """Charges the time of cases that have closed, once a minute however often it is called."""

    def __init__(self, engine: Engine, folders: Folders, calendars: KnownCalendars) -> None:
        self._engine, self._folders, self._calendars = engine, folders, calendars
        self._next: datetime | None = None

    def __call__(self) -> None:
        """Charge what has closed if the minute is over."""
        now = self._engine.clock.now()
        if self._next is None or now >= self._next:
            self._next = now + EVERY
            while self._engine.database.retry(self._batch) == BATCH:
                pass

    def _batch(self) -> int:
        """Charge some cases in one transaction; what another worker has in hand is left to it."""
        with self._engine.database.write(bulk=True) as connection:
            now = self._engine.clock.now()
            reader = Reader(connection, now, "zh", self._folders, self._calendars)
            cases = connection.execute(UNCHARGED.with_for_update(skip_locked=True)).all()
            rows = [row for case in cases for row in charge_rows(reader, case)]
            if rows:
                connection.execute(case_charge.insert(), rows)
            if cases:
                connection.execute(DONE, [{"b_id": case.id} for case in cases])
            return len(cases)


def charge_rows(reader: Reader, case: Row) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of a closed case: its own add up to the minutes that have passed."""
    known = held(running(reader, case.id), case)
    handed = entries(reader.connection, case.id, {HANDED_OVER})
    charged = charges(holds(known, handed), start=known.start, end=known.end)
    for (kind, holder), minutes in minutes_of(charged).items():
        yield {
            "case_id": case.id,
            "charged": kind.value,
            "holder": holder,
            "minutes": minutes,
            "closed_at": case.closed_at,
        }


def minutes_of(charged: Iterable[Charge]) -> dict[tuple[Charged, str], int]:
    """Return whole minutes by kind and holder.

    What is charged once is cut from the running sum: the minutes of single holders and of the other
    kinds add up to those of the case. Of what several share, each has its own whole minutes.
    """
    once: dict[tuple[Charged, str], timedelta] = {}
    shared: dict[tuple[Charged, str], timedelta] = {}
    for each in charged:
        single = each.to is Charged.HOLDER
        add(once, (each.to, each.holders[0] if single else WHOLE), each.length)
        for holder in () if single else filter(None, each.holders):  # a clock may be nobody's
            add(shared, (each.to, holder), each.length)
    found = {key: length // MINUTE for key, length in shared.items()}
    total, alone = timedelta(0), 0
    for (kind, holder), length in once.items():
        minutes = (total + length) // MINUTE - total // MINUTE
        found[kind, holder] = minutes
        alone += minutes if kind is Charged.HOLDER else 0
        total += length
    if alone:
        found[Charged.HOLDER, WHOLE] = alone
    return found


def add(
    sums: dict[tuple[Charged, str], timedelta], key: tuple[Charged, str], more: timedelta
) -> None:
    """Add to one of some sums."""
    sums[key] = sums.get(key, timedelta(0)) + more
