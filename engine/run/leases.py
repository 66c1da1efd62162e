"""Leases nobody works on: of a killed worker of this machine, of a round that broke off.

A lease only keeps two workers from trying the same job at the same moment; a job is done once
because whoever does it deletes its row. So a lease may be freed on the mere evidence that its
process is gone; of a letter too, which may then be carried twice, as always after a crash.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, union, update

from engine.db.tables import job, outbox
from engine.run.queues import Queue
from engine.run.rows import PENDING

JOBS = (
    job.c.status == PENDING,
    job.c.queue.in_(tuple(Queue)),
    job.c.due_at <= bindparam("b_now"),
    job.c.lease_until > bindparam("b_now"),
)
LETTERS = (outbox.c.sent_at.is_(None), outbox.c.lease_until > bindparam("b_now"))
OWNERS = union(select(job.c.lease_owner).where(*JOBS), select(outbox.c.lease_owner).where(*LETTERS))
FREE = tuple(
    update(table)
    .where(*leased, table.c.lease_owner.in_(bindparam("b_owners", expanding=True)))
    .values(lease_until=None, lease_owner=None)
    for table, leased in ((job, JOBS), (outbox, LETTERS))
)


def worker_name() -> str:
    """Name a worker by machine and process, so that others can tell whether it is alive."""
    return f"{socket.gethostname()}-{os.getpid()}"


def free_left(connection: Connection, now: datetime) -> int:
    """Free what no round is at: to be asked between two rounds of this process. Return how many."""
    owners = connection.scalars(OWNERS, {"b_now": now})
    left = [owner for owner in owners if owner is not None and is_left(owner)]
    if not left:
        return 0
    ours = {"b_now": now, "b_owners": left}
    return sum(connection.execute(free, ours).rowcount for free in FREE)


def is_left(owner: str) -> bool:
    """Tell whether a worker is this process, or was one of this machine that runs no more."""
    host, _dash, number = owner.rpartition("-")
    if host != socket.gethostname() or not number.isdecimal():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return int(number) == os.getpid()
