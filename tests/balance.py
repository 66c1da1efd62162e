"""Every case of every story has to add up: what is charged is what has passed."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.sla.accountable import charges
from processes.bootstrap import Product
from processes.reads.accountable import accounts
from processes.reads.definitions import Folders
from processes.reads.entries import entries
from processes.reads.holds import HANDED_OVER, held, holds
from processes.reads.reader import Reader
from processes.reads.running import running
from processes.tables import case_file


def assert_balanced(product: Product, *, closed: bool = False) -> int:
    """Charge the time of every case there is, or of those that are closed; return how many.

    What was recorded years ago and is open still has a stretch for each day until now.
    """
    wanted = sa.select(case_file)
    if closed:
        wanted = wanted.where(case_file.c.closed_at.is_not(None))
    folders = Folders(product.engine.library, product.shipped.labels)
    with product.engine.database.read() as connection:
        reader = Reader(connection, product.engine.clock.now(), "zh", folders, product.calendars)
        cases = connection.execute(wanted).all()
        for case in cases:
            run = running(reader, case.id)
            handed = entries(connection, case.id, {HANDED_OVER})
            known = held(run, case)
            charged = charges(holds(known, handed), start=known.start, end=known.end)
            total = sum((each.length for each in charged), timedelta(0))
            assert total == known.end - known.start, case.number
            told = accounts(known, handed)
            assert sum(row.minutes for row in told.rows) == told.minutes, case.number
            assert all(each.start < each.end for row in told.rows for each in row.stretches)
    return len(cases)
