"""The watch: looks every second what is due, calls the workers, and does it where nobody comes.

So a timer is called out when it comes due, and a broker that is down, or has lost a message, only
delays.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import bindparam, or_, select

from engine.db.tables import job
from engine.run.queues import Queue
from engine.run.rows import PENDING
from engine.run.worker import Round, Worker

PATIENCE: Final = timedelta(seconds=10)  # that work waits for those who were called


def oldest(queue: Queue) -> sa.Select[tuple[int, datetime]]:
    """Select since when the first job of a queue has been due and free, if there is one."""
    first = (
        select(job.c.queue, job.c.due_at, job.c.lease_until)
        .where(
            job.c.status == PENDING,
            job.c.queue == queue,
            job.c.due_at <= bindparam("b_now"),
            or_(job.c.lease_until.is_(None), job.c.lease_until <= bindparam("b_now")),
        )
        .order_by(job.c.due_at, job.c.id)
        .limit(1)
        .subquery()
    )
    since = sa.func.coalesce(first.c.lease_until, first.c.due_at)
    return select(first.c.queue, since.label("since"))


WAITING: Final[sa.CompoundSelect[Any]] = sa.union_all(*(oldest(queue) for queue in Queue))


class Watch(Worker):
    """A worker that calls others first, and does itself only what they leave."""

    def round(self, lowest: Queue = Queue.BULK) -> Round:
        """Call the workers to every queue that has work; take a batch up where they do not come."""
        now = self.engine.clock.now()
        with self.engine.database.read() as connection:
            waiting = list(connection.execute(WAITING, {"b_now": now}))
        if not waiting:
            return Round()
        self.engine.nudge({Queue(row.queue) for row in waiting})
        if self.engine.nudge.fails() or min(row.since for row in waiting) <= now - PATIENCE:
            return super().round(lowest)
        return Round()
