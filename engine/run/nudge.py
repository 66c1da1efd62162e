"""Telling workers elsewhere that there is work: a hint, never the work itself.

The `job` table is the truth. A nudge that is lost only delays, one that comes twice or late finds
nothing to do: so whoever gives it neither waits for it nor fails with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from engine.run.queues import Queue


class Nudge(Protocol):
    """Tells that queues have work. Called after the commit, in a person's thread."""

    def __call__(self, queues: Iterable[Queue]) -> None:
        """Pass it on. Must return at once and never raise."""
        ...


def nobody(queues: Iterable[Queue]) -> None:
    """Tell nobody: on one machine the worker looks every second."""
