"""Virtual time: a clock that we move, and a worker that does what comes due on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.db.tables import job, table_version
from engine.now import ManualClock
from processes.bootstrap import Product

NEXT_DUE: Final = sa.select(sa.func.min(job.c.due_at)).where(job.c.status == "pending")
FIRST_VERSIONS: Final = (
    sa.select(sa.func.min(table_version.c.effective_from).label("since"))
    .group_by(table_version.c.key)
    .subquery()
)
ALL_IN_FORCE: Final = sa.select(sa.func.max(FIRST_VERSIONS.c.since))


@dataclass(frozen=True)
class Timeline:
    """A product whose engine lives by `clock`."""

    product: Product
    clock: ManualClock

    def reach(self, instant: datetime) -> None:
        """Move on to `instant`, stopping wherever something comes due before it.

        So the trail says that things were noticed when they happened, as with a real worker.
        """
        worker = self.product.worker("demo")
        while (due := self._next_due()) is not None and due <= instant:
            self.clock.set(max(due, self.clock.now()))
            if not worker.drain().claimed:
                break  # a failed job waits for its next try
        self.clock.set(instant)

    def seal(self) -> None:
        """Let the worker seal what has been written, under the present instant."""
        self.product.worker("demo").do_chores()

    def tables_since(self) -> datetime:
        """Return since when all decision tables are in force: no case can run before that."""
        with self.product.engine.database.read() as connection:
            since: datetime | None = connection.scalar(ALL_IN_FORCE)
        return since or self.clock.now()

    def _next_due(self) -> datetime | None:
        with self.product.engine.database.read() as connection:
            due: datetime | None = connection.scalar(NEXT_DUE)
        return due
