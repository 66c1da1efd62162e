"""Calls the workers from a thread of its own, so that a broker that is down costs a person nothing.

What is to be told is a set of at most three queues: however many commands come while the broker
does not answer, nothing piles up.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Protocol

import structlog

from engine.run.queues import Queue

LOOK = 10.0  # seconds between two looks at a broker that nobody had to be called by
AGAIN = 3.0  # seconds until a broker that failed is tried again

log = structlog.get_logger(__name__)


class Post(Protocol):
    """What carries the calls; may be slow, and may raise anything."""

    def send(self, queue: Queue) -> None:
        """Tell one worker that a queue has work."""
        ...

    def check(self) -> None:
        """Raise where nothing could be sent now."""
        ...

    def close(self) -> None:
        """Give back its connections."""
        ...


class Caller:
    """A `Nudge` by a broker. Safe to share between threads, and across a fork."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._waiting: set[Queue] = set()
        self._wake = threading.Event()
        self._over = threading.Event()
        self._failing = False
        self._thread: threading.Thread | None = None

    def __call__(self, queues: Iterable[Queue]) -> None:
        """Note what is to be told, and wake the thread that tells it."""
        self._waiting.update(queues)
        self._wake.set()
        self._attend()

    def fails(self) -> bool:
        """Tell whether the last call, or the last look, did not get through."""
        self._attend()
        return self._failing

    def close(self) -> None:
        """Let the thread end, and give back its connections."""
        self._over.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(AGAIN)
            self._thread = None

    def pass_on(self) -> None:
        """Tell what waits, or look whether the broker is there; log when that changes."""
        waiting = sorted(self._waiting.copy())
        self._waiting.difference_update(waiting)  # before: who comes while we send is told again
        try:
            for queue in waiting:
                self._post.send(queue)
            if not waiting:
                self._post.check()
        except Exception as error:  # whatever a broker's client raises
            self._waiting.update(waiting)
            if not self._failing:
                log.warning("broker.unreachable", cause=f"{type(error).__name__}: {error}")
            self._failing = True
        else:
            if self._failing:
                log.info("broker.reached")
            self._failing = False

    def _attend(self) -> None:
        """Start the thread where none runs: at first, and again in a process that was forked."""
        if self._over.is_set() or (self._thread is not None and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._run, name="nudge", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.is_set():
            self._wake.clear()
            self.pass_on()
            if self._failing:
                self._over.wait(AGAIN)
            else:
                self._wake.wait(LOOK)
        self._post.close()
