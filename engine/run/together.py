"""Time on many instances in one transaction: thousands of timers that come due in one second.

A commit for each would be most of the work. Here each instance is opened, goes on and is written
exactly as if it were alone, one after the other, and one commit keeps all of them, or none: who
calls then lets each go on alone, so that what fails stops nobody else. An instance that somebody
else works on is left out, never waited for: who holds many may wait for none.

They go on in the order in which they were due. Where one has set off jobs the transaction ends:
what follows from it reaches others before time does, as if there had been no outage.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, literal_column, select

from engine.actor import SYSTEM
from engine.db.tables import instance, job
from engine.run.catch_up import catch_up
from engine.run.ground import surfaced
from engine.run.rows import OF_TIME, PENDING, JobRow
from engine.run.work import ACTIVE

if TYPE_CHECKING:
    from engine.run.engine import Engine

FIRST_SIZE: Final = 10  # instances in a transaction until it is known how many a slice is for
FEWEST: Final = 2
MORE: Final = 5
THESE = instance.c.id.in_(bindparam("ids", expanding=True))
LOCK_FREE = (
    select(instance)
    .where(THESE, instance.c.status == literal_column(f"'{ACTIVE}'"))
    .order_by(instance.c.root_id, instance.c.id)
    .with_for_update(key_share=True, skip_locked=True)
)
DUE = (
    select(job)
    .where(
        job.c.instance_id.in_(bindparam("ids", expanding=True)),
        OF_TIME,
        job.c.status == PENDING,
        job.c.due_at <= bindparam("now"),
    )
    .order_by(job.c.due_at, job.c.kind, job.c.id)
)


@dataclass
class Together:
    """What one transaction came to: who went on, and the jobs that the last of them has written."""

    done: list[UUID] = field(default_factory=list)
    jobs: list[JobRow] = field(default_factory=list)
    out: list[UUID] = field(default_factory=list)  # locked by somebody else, ended or gone
    left: list[UUID] = field(default_factory=list)  # not come to

    @property
    def next_size(self) -> int:
        """How many to try next: as many as were come to, and some more if all were."""
        return len(self.done) if self.left else len(self.done) + MORE


@surfaced()
def catch_up_together(engine: Engine, instances: Sequence[UUID]) -> Together:
    """Let what is overdue on some instances happen, as far as a slice of time reaches.

    Raises whatever one of them raises; then nothing has changed on any.
    """
    told = Together()
    with engine.database.write(bulk=True) as connection:
        until = time.monotonic() + engine.database.bulk_slice
        opened = lock_free(connection, instances, engine.clock.now())
        told.out = [each for each in instances if each not in opened]
        waiting = deque(each for each in instances if each in opened)
        while waiting and not told.jobs and not (told.done and time.monotonic() >= until):
            told.jobs = go_on(engine, connection, *opened[waiting[0]])
            told.done.append(waiting.popleft())
        told.left = list(waiting)
    return told


def lock_free(
    connection: Connection, instances: Sequence[UUID], now: datetime
) -> dict[UUID, tuple[Any, list[Any]]]:
    """Lock the instances nobody else works on; return the row of each, and what is due on it.

    What has ended is left out too: its jobs go another way. Locked by case: of two workers that
    are at parts of the same cases, one waits for the other.
    """
    rows = connection.execute(LOCK_FREE, {"ids": instances}).all()
    due: dict[UUID, list[Any]] = {row.id: [] for row in rows}
    for each in connection.execute(DUE, {"ids": list(due), "now": now}):
        due[each.instance_id].append(each)
    return {row.id: (row, due[row.id]) for row in rows}


def go_on(engine: Engine, connection: Connection, row: Any, due: list[Any]) -> list[JobRow]:
    """Let what is overdue on one instance happen, and write it; return the jobs that follow."""
    context = engine.context(connection, SYSTEM)
    catch_up(context, context.take(row, due))
    context.flush()
    return context.own_jobs
