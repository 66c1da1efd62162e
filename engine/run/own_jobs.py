"""The thread that committed runs the jobs it has just written, so that a click has its effect.

At most 20 jobs and 500 ms a command; the rest is the worker's, who is told so. A job is done by
whoever deletes its row, so it does not matter that a worker may reach for the same one.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import structlog

from engine.run.commands import DoJob
from engine.run.queues import queue_of
from engine.run.rows import JobRow

if TYPE_CHECKING:
    from engine.run.engine import Engine

MOST = 20
LONGEST = 0.5  # seconds

log = structlog.get_logger(__name__)


def run_own_jobs(engine: Engine, jobs: list[JobRow], *, bulk: bool) -> None:
    """Run jobs and what follows from them, within the limits.

    What follows from a job comes before the next one: a signal has reached those who wait for it
    before the instance that threw it is told to have ended. A job that fails here stays where it
    is: the worker tries again and raises the incident.
    """
    queue, left = list(jobs), []
    until = time.monotonic() + LONGEST
    done = 0
    while queue and done < MOST and time.monotonic() < until:
        done += 1
        row = queue.pop(0)
        try:
            queue[:0] = engine.do_job(DoJob(job_id=row.id), bulk=bulk)
        except Exception:
            log.exception("job.left_to_worker", job=str(row.id), kind=row.kind)
            left.append(row)
    if queue or left:
        engine.nudge({queue_of(row.kind) for row in queue + left})
