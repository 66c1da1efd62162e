"""What happens to a clock by itself, at the instant its job was due, whenever that is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.events import SlaBreached, SlaWarned
from engine.run.clock_moves import RESUME, resume
from engine.run.clocks import PROCESS_TOKEN, running

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.rows import ClockRow, JobRow
    from engine.run.work import Work


def ring(context: Context, work: Work, row: JobRow) -> None:
    """Note a warning or a breach, or end a pause whose date has come."""
    for clock in running(context, work).get(row.token or PROCESS_TOKEN, []):
        if str(clock.id) != row.data["clock"]:
            continue
        if row.data["what"] == RESUME:
            resume(context, work, clock)
        else:
            note(context, work, clock, row)


def note(context: Context, work: Work, clock: ClockRow, row: JobRow) -> None:
    """Note a warning or a breach."""
    happened: SlaWarned | SlaBreached
    if row.data["what"] == "warn":
        clock.warned_at = work.at
        happened = SlaWarned(element=clock.element, clock=clock.id, code=clock.code)
    else:
        clock.breached_at = work.at
        happened = SlaBreached(element=clock.element, clock=clock.id, code=clock.code)
    clock.changed = True
    work.record(happened, context.actor)
