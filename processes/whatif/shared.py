"""A what-if over many cases, shared out among processes: each judges those closed in its own days.

A process reads its own moment of the database. What it says of a case is whole, and the sum is the
same however many there are.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from typing import Final

from sqlalchemy import URL, Connection

from engine.db.connect import Database
from engine.run.library import Library
from engine.sla.calendar import Calendar
from processes.whatif.draft import Draft, drafted
from processes.whatif.past import Bounds, Period, count_cases, edges
from processes.whatif.result import Result
from processes.whatif.run import judged_within, what_if

FEWEST: Final = 5_000  # cases; fewer are judged before a process has begun
MOST: Final = 4  # processes


@dataclass(frozen=True)
class Share:
    """What one process is handed: a table that was read cannot be, so it reads the file again."""

    database: URL
    limits_file: bytes | None
    calendar: Calendar | None
    bounds: Bounds


def what_if_shared(
    connection: Connection,
    draft: Draft,
    period: Period,
    *,
    library: Library,
    database: Database,
    fewest: int = FEWEST,
) -> Result:
    """Return what `what_if` returns, from as many processes as there are cores for many cases.

    `connection` is one of `database`. `draft` is one that `drafted` made.
    """
    cases = count_cases(connection, period.bounds)
    processes = min(MOST, len(os.sched_getaffinity(0)), cases // fewest + 1)
    if processes == 1:
        return what_if(connection, draft, period, library=library)
    shares = [
        Share(database.url, draft.limits_file, draft.calendar, bounds)
        for bounds in parts(connection, period, processes)
    ]
    found = Result()
    with ProcessPoolExecutor(len(shares), mp_context=get_context("spawn")) as pool:
        for part in pool.map(judge_share, shares):
            found.take(part)
    return found


def parts(connection: Connection, period: Period, processes: int) -> list[Bounds]:
    """Return the bounds of a period's parts, each with about as many cases as the others."""
    since, until = period.bounds["since"], period.bounds["until"]
    marks = sorted({since, *edges(connection, period.bounds, processes), until})
    return [{"since": first, "until": last} for first, last in pairwise(marks)]


def judge_share(share: Share) -> Result:
    """Judge the cases of one share; what a process of its own does."""
    database = Database(share.database)
    try:
        with database.read() as connection:
            draft = drafted(share.limits_file, share.calendar)
            return judged_within(connection, draft, share.bounds, library=Library())
    finally:
        database.close()
