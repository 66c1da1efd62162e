"""Where trials are played: the real engine on a scratch database that can be put back.

One case at a time lives in it. A moment is kept by copying the whole database to memory, so that
many trials begin where one walk has led.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.actor import SYSTEM, Actor
from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.db.tables import event, instance, job, sla_clock, subscription, work_item
from engine.errors import Broken
from engine.events import TokenMoved
from engine.i18n import _
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.clock_operations import CLOCK_OPERATIONS
from engine.run.commands import CancelInstance, Command, DeployFolder, DeployTables, StartInstance
from engine.run.engine import Engine
from engine.run.examine import operations_of
from engine.run.folder import Folder, whole_name
from engine.run.plugins import Operating, Plugins
from engine.run.rows import TIME_KINDS
from engine.run.worker import Worker
from engine.trials.drawn import processes_of
from engine.trials.pausing import PAUSE_HANDLERS
from engine.trials.unknowns import World, nested

FIRST = datetime(2020, 1, 1, tzinfo=UTC)  # tables are in force whenever a trial begins
VIEW = "case"
Row = Any


class Anyone:
    """Access for trials: who may do what is not what they ask."""

    def may_act(
        self,
        connection: sa.Connection,  # noqa: ARG002
        actor: Actor,  # noqa: ARG002
        *,
        action: str,  # noqa: ARG002
        role: str,  # noqa: ARG002
        unit: str | None,  # noqa: ARG002
    ) -> bool:
        """Say yes."""
        return True


@dataclass(frozen=True)
class Kept:
    """A moment that can be put back."""

    copy: sqlite3.Connection = field(repr=False)
    at: datetime
    world: World


@dataclass(frozen=True)
class Standing:
    """What is open at a moment: items, offers, timers and clocks, each with its process."""

    items: Sequence[Row]
    offers: Sequence[Row]
    timers: Sequence[Row]
    clocks: Sequence[Row]


ITEMS = (
    sa.select(work_item, instance.c.process)
    .join(instance, instance.c.id == work_item.c.instance_id)
    .where(work_item.c.status == "open")
    .order_by(work_item.c.id)
)
OFFERS = (
    sa.select(subscription, instance.c.process)
    .join(instance, instance.c.id == subscription.c.instance_id)
    .where(subscription.c.role.is_not(None))
    .order_by(subscription.c.instance_id, subscription.c.token)
)
TIMERS = (
    sa.select(job, instance.c.process)
    .join(instance, instance.c.id == job.c.instance_id)
    .where(job.c.kind.in_(TIME_KINDS))
    .order_by(job.c.due_at, job.c.id)
)
CLOCKS = (
    sa.select(sla_clock, instance.c.process)
    .join(instance, instance.c.id == sla_clock.c.instance_id)
    .order_by(sla_clock.c.id)
)
ROOT = sa.select(instance).where(instance.c.parent_id.is_(None))


class Stage:
    """A folder deployed on a scratch database in `home`, with its tables beside it."""

    def __init__(self, folder: Folder, tables: Mapping[str, bytes], home: Path) -> None:
        path = home / "trials.db"
        upgrade(f"sqlite:///{path}")
        self.folder = folder
        self.world: World = {}
        self.clock = ManualClock(FIRST)
        self.ids = CountingIds()
        self.commands = 0
        named = {
            name
            for p in processes_of(folder)
            for n in p.nodes.values()
            for name in operations_of(n)
        }
        plugins = Plugins(
            access=Anyone(),
            handlers=PAUSE_HANDLERS,
            operations=dict.fromkeys(named - set(CLOCK_OPERATIONS), self._idle),
            view=lambda _connection, _root: nested(self.world, VIEW),
            view_name=VIEW,
        )
        self.engine = Engine(Database(f"sqlite:///{path}"), plugins, clock=self.clock, ids=self.ids)
        self._worker = Worker(self.engine, name="trials")
        self._raw = sqlite3.connect(path)
        files = {name: text.encode() for name, text in folder.files.items()}
        self.execute(DeployTables(files=tables))
        self.execute(DeployFolder(folder=folder.key, files=files))
        self._empty = self.keep()

    def _idle(self, operating: Operating, *_given: Any, **_named: Any) -> Mapping[str, Any]:
        """Do nothing, and give back what the world says the operation gives."""
        return nested(self.world, operating.element)

    def begin(self, process: str, world: World, at: datetime) -> None:
        """Start a case in a world at an instant, on a database that knows no other."""
        self.put_back(self._empty)
        self.world = world
        self.clock.set(at)
        data = {name: value for name, value in world.items() if "." not in name}
        self.execute(StartInstance(definition=self.folder.key, process=process, data=data))
        self.drain()

    def keep(self) -> Kept:
        """Keep this moment."""
        copy = sqlite3.connect(":memory:")
        self._raw.backup(copy)
        return Kept(copy, self.clock.now(), self.world)

    def put_back(self, kept: Kept) -> None:
        """Go back to a moment."""
        kept.copy.backup(self._raw)
        self.clock.set(kept.at)
        self.world = kept.world

    def execute(self, command: Command) -> dict[str, Any]:
        """Do a command as somebody who has done nothing before: duties are always separate."""
        self.commands += 1
        actor = (
            SYSTEM if isinstance(command, DeployFolder | DeployTables) else Actor(self.ids.new())
        )
        return self.engine.execute(command, actor)

    def drain(self) -> None:
        """Let the worker do what is due. Raises Broken("trials.job_failed")."""
        if self._worker.drain().failed:
            raise Broken("trials.job_failed", _("后台有任务没有做成，请看日志里的原因。"))

    def advance(self, to: datetime) -> None:
        """Let time pass with the worker at work; never back."""
        self.clock.set(max(to, self.clock.now()))
        self.drain()

    def cancel(self) -> None:
        """End the case before its drawn end, where it has not ended."""
        root = self.root()
        if root.status == "active":
            self.execute(CancelInstance(instance_id=root.id))
            self.drain()

    def root(self) -> Row:
        """Return the case's outermost instance."""
        (found,) = self.rows(ROOT)
        return found

    def look(self) -> Standing:
        """Return what is open now."""
        with self.engine.database.read() as connection:
            found = [list(connection.execute(each)) for each in (ITEMS, OFFERS, TIMERS, CLOCKS)]
        return Standing(*found)

    def story(self) -> set[tuple[str, ...]]:
        """Return what the trail tells: when what happened to which element, of which process."""
        query = sa.select(event, instance.c.process).join(
            instance, instance.c.id == event.c.instance_id
        )
        found: Counter[tuple[str, ...]] = Counter(
            (row.at.isoformat(), row.kind, row.process, row.element or "")
            for row in self.rows(query)
        )
        return {(*entry, str(times)) for entry, times in found.items()}

    def walked(self) -> set[tuple[str, str]]:
        """Return the drawn nodes and flows that tokens have passed, with their processes."""
        query = (
            sa.select(event.c.body, instance.c.process)
            .join(instance, instance.c.id == event.c.instance_id)
            .where(event.c.kind == TokenMoved.kind)
        )
        return {
            (whole_name(row.process), passed)
            for row in self.rows(query)
            for passed in orjson.loads(bytes(row.body))["data"]["path"]
        }

    def clock_row(self, clock_id: UUID) -> Row:
        """Return a clock as it stands."""
        (found,) = self.rows(sa.select(sla_clock).where(sla_clock.c.id == clock_id))
        return found

    def rows(self, query: sa.Select[Any]) -> list[Row]:
        """Ask the database."""
        with self.engine.database.read() as connection:
            return list(connection.execute(query))

    def close(self) -> None:
        """Give the database back."""
        self._raw.close()
        self.engine.database.close()
