"""Which jobs come first: what a person waits for, then time, then what may take all night.

Workers take from the queues in this order, so that the effects of a click never wait behind
100,000 timers that came due together.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final


class Queue(IntEnum):
    """The value is stored in `job.queue`; the smallest is worked at first."""

    EFFECTS = 0  # of a click, on other instances
    TIMERS = 1
    BULK = 2  # moves of whole units and areas


QUEUES: Final[Mapping[str, Queue]] = {
    "timer": Queue.TIMERS,
    "clock": Queue.TIMERS,
    "start_timer": Queue.TIMERS,
    "start_child": Queue.EFFECTS,
    "end_child": Queue.EFFECTS,
    "child_threw": Queue.EFFECTS,
    "cancel_child": Queue.EFFECTS,
    "message": Queue.EFFECTS,
    "signal": Queue.EFFECTS,
    "deliver": Queue.EFFECTS,
    "start": Queue.EFFECTS,
}


def queue_of(kind: str) -> Queue:
    """Return the queue of a kind of job; kinds that are plugged in work on many cases."""
    return QUEUES.get(kind, Queue.BULK)
