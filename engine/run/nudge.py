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

    def fails(self) -> bool:
        """Tell whether nudges do not arrive at present, as far as is known; returns at once."""
        ...

    def close(self) -> None:
        """Give back what it holds."""
        ...


class Nobody:
    """Tells nobody: on one machine the worker looks every second."""

    def __call__(self, queues: Iterable[Queue]) -> None:
        """Do nothing."""

    def fails(self) -> bool:
        """Say no: nothing can be lost."""
        return False

    def close(self) -> None:
        """Do nothing."""
