"""What is wrong with a record, and which of many faults is the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.i18n import Text

NOWHERE = UUID(int=0)


@dataclass(frozen=True)
class Fault:
    """One thing that is not as it was recorded. Faults of the log itself name no entry."""

    at: datetime  # when the entry was recorded, as far as it can be told
    what: Text
    instance: UUID | None = None
    seq: int | None = None

    def order(self) -> tuple[datetime, UUID, int]:
        """Return the key by which the first fault is found: time recorded, instance, number."""
        return (self.at, self.instance or NOWHERE, self.seq or 0)


@dataclass
class Tally:
    """Counts what was checked and keeps the first fault only, however many there are."""

    entries: int = 0
    instances: int = 0
    leaves: int = 0
    heads: int = 0
    erased: int = 0
    faults: int = 0
    first: Fault | None = None

    def add(self, fault: Fault) -> None:
        """Count a fault and keep it if it is the earliest so far."""
        self.faults += 1
        if self.first is None or fault.order() < self.first.order():
            self.first = fault
