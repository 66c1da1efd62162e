"""What a worker does when it is called: the claim loop of one machine, for a while.

Each process of Celery opens the product itself, after the fork: no connection is shared.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import structlog

from engine.heap import settle
from engine.run.nudge import Nudge
from engine.run.queues import Queue
from engine.run.worker import Worker

log = structlog.get_logger(__name__)


def spell(
    worker: Worker,
    nudge: Nudge,
    lowest: Queue,
    *,
    seconds: float,
    passed: Callable[[], float] = time.monotonic,
) -> None:
    """Work at the queues down to `lowest` until nothing is due or the time is over.

    Whoever fills a whole batch calls one more: so all hands come to a backlog, and who has been at
    it long enough hands on.
    """
    until = passed() + seconds
    worker.guard()
    while worker.round(lowest).full:
        nudge({lowest})
        if passed() >= until:
            return


def queue_named(name: object) -> Queue | None:
    """Return a queue by the name in a message, None for what is none."""
    return Queue.__members__.get(name) if isinstance(name, str) else None


class Hands:
    """The worker of this process, made when it is first called."""

    def __init__(self, make: Callable[[], tuple[Worker, Nudge]], *, seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._made: tuple[int, Worker, Nudge] | None = None

    def work(self, name: object) -> None:
        """Do what a message asks. Never raises: a message that failed is worth nothing more."""
        queue = queue_named(name)
        if queue is None:
            log.warning("broker.message_unknown", queue=repr(name)[:80])
            return
        try:
            worker, nudge = self._here()
            spell(worker, nudge, queue, seconds=self._seconds)
        except Exception:
            log.exception("worker.round_failed")

    def _here(self) -> tuple[Worker, Nudge]:
        """Return this process's own worker: what was made before a fork is another's."""
        if self._made is None or self._made[0] != os.getpid():
            self._made = (os.getpid(), *self._make())
            settle()
        return self._made[1:]
