"""Time comes first: what is overdue on an instance happens before anything is asked of it.

Each timer fires and each clock rings at its own due time, in order, whenever it is noticed:
so no result depends on how fast a worker was, and an outage shifts nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.actor import SYSTEM
from engine.run.clocks import ring
from engine.run.reconcile import settle
from engine.run.rows import CLOCK
from engine.run.timers import fire
from engine.run.work import ACTIVE

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

MOST = 50  # firings a command; more is the worker's, so that nobody waits behind a backlog


def catch_up(context: Context, work: Work) -> tuple[bool, bool]:
    """Let everything due by now happen; return (anything happened, nothing overdue remains)."""
    if work.status != ACTIVE:
        return False, True
    context.load_due(work, MOST + 1)  # one more tells whether any would remain
    person, context.actor = context.actor, SYSTEM  # what time does is nobody's deed
    try:
        return let_happen(context, work)
    finally:
        context.actor = person


def let_happen(context: Context, work: Work) -> tuple[bool, bool]:
    """Do what is loaded and what follows from it, the earliest first."""
    happened = 0
    while happened < MOST and (row := work.next_due(context.now)) is not None:
        happened += 1
        work.at = max(row.due_at, work.last_at)
        work.drop_job(row)
        if row.kind == CLOCK:
            ring(context, work, row)
        else:
            fire(context, work, row, context.now)
            settle(context, work)
        work.last_at = work.at
        if work.status != ACTIVE:
            break
    complete = work.status != ACTIVE or work.next_due(context.now) is None
    work.at = context.now
    return happened > 0, complete
