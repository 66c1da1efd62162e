"""Every case of every story has to add up: what is charged is what has passed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import sqlalchemy as sa

from engine.sla.accountable import charges
from processes.bootstrap import Product
from processes.reads.accountable import accounts
from processes.reads.definitions import Folders
from processes.reads.entries import Entry, entries
from processes.reads.holds import HANDED_OVER, Held, held, holds
from processes.reads.reader import Reader
from processes.reads.running import running
from processes.tables import case_file


def assert_balanced(product: Product, *, closed: bool = False) -> int:
    """Charge the time of every case there is, or of those that are closed; return how many.

    What was recorded years ago and is open still has a stretch for each day until now.
    """
    checked = list(checks(product, closed=closed))
    assert not [number for number, ok in checked if not ok]
    return len(checked)


def unbalanced(product: Product) -> list[str]:
    """Return the numbers of the cases whose time does not add up."""
    return [number for number, ok in checks(product) if not ok]


def checks(product: Product, *, closed: bool = False) -> Iterator[tuple[str, bool]]:
    """Yield the number of each case, and whether its time adds up."""
    wanted = sa.select(case_file)
    if closed:
        wanted = wanted.where(case_file.c.closed_at.is_not(None))
    folders = Folders(product.engine.library, product.shipped.labels)
    with product.engine.database.read() as connection:
        reader = Reader(connection, product.engine.clock.now(), "zh", folders, product.calendars)
        for case in connection.execute(wanted).all():
            known = held(running(reader, case.id), case)
            yield case.number, adds_up(known, entries(connection, case.id, {HANDED_OVER}))


def adds_up(known: Held, handed: Sequence[Entry]) -> bool:
    """Tell whether what is charged of a case is what has passed, exactly and in whole minutes."""
    charged = charges(holds(known, handed), start=known.start, end=known.end)
    told = accounts(known, handed)
    return (
        sum((each.length for each in charged), timedelta(0)) == known.end - known.start
        and sum(row.minutes for row in told.rows) == told.minutes
        and all(each.start < each.end for row in told.rows for each in row.stretches)
    )
