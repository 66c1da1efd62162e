"""One what-if: the closed cases of a period, each clock judged twice."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.errors import ShaodaoError
from engine.run.library import Library
from processes.calendars.known import KnownCalendars
from processes.whatif.draft import Draft
from processes.whatif.judge import Judge
from processes.whatif.past import Bounds, Period, count_cases, past_clocks
from processes.whatif.result import Result


def what_if(
    connection: Connection,
    draft: Draft,
    period: Period,
    *,
    library: Library,
    known: KnownCalendars | None = None,
) -> Result:
    """Return what a draft would have made of the cases closed in a period. Writes nothing.

    Only deadlines are judged, over the very same ledgers: what people would have done under other
    limits, nobody knows.
    """
    return judged_within(connection, draft, period.bounds, library=library, known=known)


def judged_within(
    connection: Connection,
    draft: Draft,
    bounds: Bounds,
    *,
    library: Library,
    known: KnownCalendars | None = None,
) -> Result:
    """Return the same of the cases closed between two instants."""
    result = Result(cases=count_cases(connection, bounds))
    judge = Judge(connection, draft, library=library, known=known or KnownCalendars())
    for past in past_clocks(connection, bounds):
        try:
            judged = judge.judge(past)
        except ShaodaoError as reason:
            result.leave_out(reason)
        else:
            result.add(judged)
    result.recalled = judge.inputs.recalled
    return result
