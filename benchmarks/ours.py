"""Our engine at the work: everything written, trail, items and timers too."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from benchmarks.work import LABELS, drawing
from engine.actor import SYSTEM
from engine.db.connect import Database
from engine.db.tables import work_item
from engine.ids import SystemIds
from engine.now import SystemClock
from engine.run.commands import CompleteWorkItem, DeployFolder, StartInstance
from engine.run.engine import Engine
from engine.run.plugins import Plugins


class Anybody:
    """Access that lets everybody do everything: permissions are not what is measured."""

    def may_act(self, *_anything: Any, **_more: Any) -> bool:
        """Say yes."""
        return True


OPEN = sa.select(work_item.c.id, work_item.c.element).where(
    work_item.c.root_id == sa.bindparam("root"),
    work_item.c.status == sa.literal_column("'open'"),
)


class Ours:
    """One client with an engine of its own."""

    def __init__(self, url: str) -> None:
        plugins = Plugins(access=Anybody())
        self.engine = Engine(Database(url), plugins, clock=SystemClock(), ids=SystemIds())

    def deploy(self) -> None:
        """Deploy the drawing; once is enough for all clients."""
        files = {"work.bpmn": drawing().encode(), "labels.toml": LABELS.encode()}
        self.engine.execute(DeployFolder(folder="work", files=files), SYSTEM)

    def start(self) -> UUID:
        """Start a case and return its instance."""
        answer = self.engine.execute(StartInstance(definition="work"), SYSTEM)
        return UUID(answer["instance_id"])

    def find(self, case: UUID, element: str) -> UUID:
        """Return a case's open item; what a page would have shown."""
        with self.engine.database.read() as connection:
            rows = connection.execute(OPEN, {"root": case})
            item: UUID = next(row.id for row in rows if row.element == element)
            return item

    def complete(self, item: UUID, outcome: str) -> None:
        """Finish a step: one durable command."""
        self.engine.execute(CompleteWorkItem(item_id=item, outcome=outcome), SYSTEM)

    def close(self) -> None:
        """Give back the connections."""
        self.engine.database.close()
