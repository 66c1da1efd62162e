"""The claim loop: due jobs, sealed minutes, letters out. The same on one machine and on many.

The `job` table is the truth. A worker leases a batch and does it: timers and clocks many to a
transaction, each other job in one of its own. A worker that dies leaves leases that run out. What
fails is tried again, later each time, and becomes an incident after five attempts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from sqlalchemy import bindparam, insert, or_, select, update

from engine.actor import SYSTEM
from engine.db.tables import incident, instance, job
from engine.errors import ShaodaoError
from engine.run.commands import CatchUp, DoJob
from engine.run.leases import free_left
from engine.run.own_jobs import run_own_jobs
from engine.run.queues import Queue
from engine.run.rows import PENDING, TIME_KINDS
from engine.run.together import FEWEST, FIRST_SIZE, Together, catch_up_together

if TYPE_CHECKING:
    from engine.run.engine import Engine

BATCH = 50
LEASE = timedelta(seconds=30)
FIRST_RETRY = timedelta(seconds=5)
ATTEMPTS = 5
IDLE = 1.0  # seconds between two looks when nothing is due

log = structlog.get_logger(__name__)

DUE = (
    select(job.c.id)
    .where(
        job.c.status == PENDING,
        job.c.queue == bindparam("b_queue"),
        job.c.due_at <= bindparam("b_now"),
        or_(job.c.lease_until.is_(None), job.c.lease_until <= bindparam("b_now")),
    )
    .order_by(job.c.due_at, job.c.id)
    .limit(bindparam("b_limit"))
    .with_for_update(skip_locked=True)
)

CLAIM = (
    update(job)
    .where(job.c.id.in_(DUE.scalar_subquery()))
    .values(
        lease_until=bindparam("b_until"),
        lease_owner=bindparam("b_owner"),
        attempts=job.c.attempts + 1,
    )
    .returning(job.c.id, job.c.instance_id, job.c.kind, job.c.attempts, job.c.element, job.c.due_at)
)

LATER = (
    update(job)
    .where(job.c.id == bindparam("b_id"), job.c.lease_owner == bindparam("b_owner"))
    .values(lease_until=bindparam("b_until"), lease_owner=None)
)

# A start has no instance to hang an incident on; one that is gone must not stop the round.
IS_THERE = select(instance.c.id).where(instance.c.id == bindparam("b_instance"))

GIVE_UP = (
    update(job)
    .where(job.c.id == bindparam("b_id"), job.c.lease_owner == bindparam("b_owner"))
    .values(status="failed", lease_until=None, lease_owner=None)
)


@dataclass
class Round:
    """What one look came to."""

    claimed: int = 0
    failed: int = 0

    @property
    def full(self) -> bool:
        """Tell whether there may be more to do at once."""
        return self.claimed == BATCH


class Worker:
    """Does what is due.

    `guard` is asked before each round and raises where this host must not work now; `chores` are
    called after it: sealing heads, sending letters.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        name: str,
        guard: Callable[[], Any] = lambda: None,
        chores: tuple[Callable[[], Any], ...] = (),
    ) -> None:
        self.engine = engine
        self._name = name
        self.guard = guard
        self._chores = chores
        self._stop = threading.Event()
        self._size = FIRST_SIZE
        self._unsure = True  # whether leases may be left that nobody works on

    def run(self) -> None:
        """Work until `stop` is called; a round that fails is logged and tried again."""
        while not self._stop.is_set():
            try:
                busy = self._look()
            except Exception:
                log.exception("worker.round_failed", worker=self._name)
                self._unsure, busy = True, False
            if not busy:
                self._stop.wait(IDLE)

    def _look(self) -> bool:
        """Do one round and the chores; tell whether there is more to do at once."""
        self.guard()
        if self._unsure:
            self.engine.database.retry(self._free_left)
            self._unsure = False
        busy = self.round().full
        self.do_chores()
        return busy

    def _free_left(self) -> None:
        """Take over what a predecessor, or a round of ours that broke off, had leased."""
        with self.engine.database.write(bulk=True) as connection:
            freed = free_left(connection, self.engine.clock.now())
        if freed:
            log.info("worker.freed_leases", worker=self._name, leases=freed)

    def stop(self) -> None:
        """Ask the loop to end after the job it is at."""
        self._stop.set()

    def drain(self) -> Round:
        """Do everything that is due now, and what follows from it."""
        total = Round()
        while (found := self.round()).claimed:
            total.claimed += found.claimed
            total.failed += found.failed
        return total

    def round(self, lowest: Queue = Queue.BULK) -> Round:
        """Claim one batch of the queues down to `lowest`, the first of them first, and do it."""
        found = Round()
        rows = self.engine.database.retry(lambda: self._claim(lowest))
        found.claimed = len(rows)
        for of_time, group in groupby(rows, lambda row: row.kind in TIME_KINDS):
            if of_time:
                found.failed += self._do_together({row.instance_id: row for row in group})
            else:
                found.failed += sum(not self._do(row) for row in group)
        return found

    def do_chores(self) -> None:
        """Do what is not a job: each chore in transactions of its own."""
        for chore in self._chores:
            chore()

    def _claim(self, lowest: Queue) -> list[Any]:
        """Lease a batch: what one queue leaves of it goes to the next; a statement a queue."""
        now = self.engine.clock.now()
        lease = {"b_now": now, "b_until": now + LEASE, "b_owner": self._name}
        rows: list[Any] = []
        with self.engine.database.write(bulk=True) as connection:
            for queue in Queue:
                if queue > lowest or len(rows) == BATCH:
                    break
                room = {"b_queue": queue, "b_limit": BATCH - len(rows)}
                claimed = connection.execute(CLAIM, {**lease, **room})
                rows += sorted(claimed, key=lambda row: (row.due_at, row.id))
        return rows

    def _do_together(self, rows: Mapping[UUID, Any]) -> int:
        """Let time go on on instances, each with a row claimed for it; return how many failed.

        All that is due on an instance happens at once, so one of its rows is enough. What cannot be
        done in a transaction with others is done in one of its own.
        """
        waiting, failed = list(rows), 0
        while waiting:
            some, waiting = waiting[: self._size], waiting[self._size :]
            alone = some
            if len(some) > 1 and (told := self._try_together(some)):
                waiting, alone = told.left + waiting, told.out
            failed += sum(not self._do(rows[each]) for each in alone)
        return failed

    def _try_together(self, some: list[UUID]) -> Together | None:
        """Let time go on on instances in one transaction; None where that failed."""
        try:
            told = catch_up_together(self.engine, some)
        except Exception as error:
            log.info("worker.one_by_one", instances=len(some), cause=cause_of(error))
            return None
        run_own_jobs(self.engine, told.jobs, bulk=True)
        self._size = max(told.next_size, FEWEST)
        return told

    def _do(self, row: Any) -> bool:
        """Do one claimed job in a transaction of its own; tell whether it went well."""
        try:
            if row.kind in TIME_KINDS:
                self.engine.execute(CatchUp(instance_id=row.instance_id), SYSTEM, bulk=True)
            else:
                self.engine.execute(DoJob(job_id=row.id), SYSTEM, bulk=True)
        except Exception as error:
            log.exception("job.failed", job=str(row.id), kind=row.kind, attempt=row.attempts)
            self._note_failure(row, getattr(error, "code", "job.failed"), cause_of(error))
            return False
        return True

    def _note_failure(self, row: Any, code: str, cause: str) -> None:
        """Put a failed job off, or give it up and raise an incident."""
        self.engine.database.retry(lambda: self._store_failure(row, code, cause))

    def _store_failure(self, row: Any, code: str, cause: str) -> None:
        now = self.engine.clock.now()
        mine = {"b_id": row.id, "b_owner": self._name}
        with self.engine.database.write() as connection:
            if row.attempts < ATTEMPTS:
                wait = FIRST_RETRY * 2 ** (row.attempts - 1)
                connection.execute(LATER, {**mine, "b_until": now + wait})
                return
            if connection.execute(GIVE_UP, mine).rowcount == 0:
                return
            if connection.scalar(IS_THERE, {"b_instance": row.instance_id}) is None:
                log.error("job.given_up", job=str(row.id), kind=row.kind, code=code, cause=cause)
            else:
                connection.execute(
                    insert(incident),
                    {
                        "id": self.engine.ids.new(),
                        "instance_id": row.instance_id,
                        "token": None,
                        "element": row.element,
                        "code": code,
                        "cause": cause,
                        "raised_at": now,
                        "resolved_at": None,
                        "resolved_by": None,
                        "job_id": row.id,
                    },
                )


def cause_of(error: Exception) -> str:
    """Return what an incident says: our own sentences whole, foreign errors by their kind."""
    return str(error) if isinstance(error, ShaodaoError) else type(error).__name__
