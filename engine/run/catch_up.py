"""Time comes first: what is overdue on an instance happens before anything is asked of it.

Each timer fires and each clock rings at its own due time, in order, whenever it is noticed:
so no result depends on how fast a worker was, and an outage shifts nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from engine.actor import SYSTEM
from engine.run.reconcile import settle
from engine.run.ringing import ring
from engine.run.rows import CLOCK, MOST_DUE
from engine.run.timers import fire
from engine.run.work import ACTIVE

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work


def catch_up(context: Context, work: Work) -> tuple[bool, bool]:
    """Let everything due by now happen; return (anything happened, nothing overdue remains).

    What another instance did at an earlier instant (`context.until`) comes in its turn: time goes
    on to that instant only, and the rest is left to the next command.
    """
    if work.status != ACTIVE:
        return False, True
    until = min(context.now, context.until or context.now)
    person, context.actor = context.actor, SYSTEM  # what time does is nobody's deed
    try:
        return let_happen(context, work, until)
    finally:
        context.actor = person


def let_happen(context: Context, work: Work, until: datetime) -> tuple[bool, bool]:
    """Do what is loaded and what follows from it, the earliest first."""
    happened = 0
    while happened < MOST_DUE and (row := work.next_due(until)) is not None:
        happened += 1
        work.at = max(row.due_at, work.last_at)
        work.drop_job(row)
        if row.kind == CLOCK:
            ring(context, work, row)
        else:
            fire(context, work, row, until)
            settle(context, work)
        work.last_at = work.at
        if work.status != ACTIVE:
            break
    complete = work.status != ACTIVE or work.next_due(until) is None
    work.at = max(until, work.last_at)
    return happened > 0, complete
