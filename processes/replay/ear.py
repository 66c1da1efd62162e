"""Hears what the engine itself says of a clock while a case is played: begun, stopped, breached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from engine.events import Event, SlaBreached, SlaStarted, SlaStopped
from engine.run.plugins import InstanceInfo
from processes.replay.tale import ON_TIME, OVERDUE

if TYPE_CHECKING:
    from engine.run.context import Context


class Ear:
    """A projector that keeps the fate of the clock `code` of the case played now."""

    def __init__(self, code: str) -> None:
        self._code = code
        self.begin()

    def begin(self) -> None:
        """Forget the case before."""
        self._running = 0
        self._started = False
        self._breached = False

    def __call__(
        self,
        context: Context,  # noqa: ARG002 - of a projector
        info: InstanceInfo,  # noqa: ARG002
        seen: Sequence[tuple[Event, datetime]],
    ) -> None:
        """Note what an instance of the case tells of the clock."""
        for event, _at in seen:
            if not isinstance(event, SlaStarted | SlaStopped | SlaBreached):
                continue
            if event.code != self._code:
                continue
            if isinstance(event, SlaBreached):
                self._breached = True
            else:
                self._running += 1 if isinstance(event, SlaStarted) else -1
                self._started = True

    def verdict(self) -> str | None:
        """Return the engine's verdict; None where the clock never ran, or runs still."""
        if self._breached:
            return OVERDUE
        return ON_TIME if self._started and not self._running else None
