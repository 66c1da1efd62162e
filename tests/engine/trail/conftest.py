"""Instances with a trail, written as a command writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import Actor
from engine.db.connect import Database
from engine.db.tables import definition, event, event_value, instance
from engine.events import Event, InstanceStarted, WorkItemCompleted, WorkItemOpened
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.secrets import Keys
from engine.trail.chain import START, Head
from engine.trail.entries import append
from engine.trail.log import seal_minute


@dataclass(frozen=True)
class Happened:
    event: Event
    at: datetime
    actor: Actor


@dataclass
class District:
    """A database in which cases happen."""

    database: Database
    clock: ManualClock
    ids: CountingIds
    keys: Keys = field(default_factory=Keys.random)
    liaison: Actor = field(default_factory=lambda: Actor(id=UUID(int=7)))

    def __post_init__(self) -> None:
        self.definition = self.ids.new()
        row = {"id": self.definition, "key": "whistle", "version": 1, "hash": "h", "files": {}}
        row |= {"builder": 1, "deployed_at": self.clock.now(), "deployed_by": "test"}
        with self.database.write() as connection:
            connection.execute(sa.insert(definition), row)

    def start(self) -> UUID:
        """Start a case: one command, two entries."""
        new = self.ids.new()
        now = self.clock.forward(seconds=1)
        row: dict[str, Any] = {"id": new, "root_id": new, "definition_id": self.definition}
        row |= {"process": "whistle", "priority": 0, "status": "active", "revision": 1}
        row |= {"state": b"", "started_at": now, "last_at": now}
        row |= {"head_seq": START.seq, "head_hash": START.hash}
        with self.database.write() as connection:
            connection.execute(sa.insert(instance), row)
        begun = InstanceStarted(definition="whistle", version=1, process="whistle")
        self.happen(new, begun, WorkItemOpened(element="check", item=UUID(int=1), role="dept"))
        return new

    def say(self, case: UUID, words: str) -> None:
        """Finish a step with a word about it: one command, one entry."""
        self.clock.forward(seconds=1)
        done = WorkItemCompleted(
            element="check",
            item=UUID(int=1),
            role="dept",
            outcome="pass",
            texts={"note": words, "role": "named like a field"},
        )
        self.happen(case, done)

    def happen(self, case: UUID, *events: Event) -> None:
        """Append to a case's chain as the transaction frame does."""
        now = self.clock.now()
        with self.database.write() as connection:
            row = connection.execute(sa.select(instance).where(instance.c.id == case)).one()
            added = append(
                [Happened(one, now, self.liaison) for one in events],
                instance=case,
                root=case,
                head=Head(row.head_seq, bytes(row.head_hash)),
                recorded_at=now,
            )
            connection.execute(sa.insert(event), added.events)
            if added.values:
                connection.execute(sa.insert(event_value), added.values)
            connection.execute(
                sa.update(instance)
                .where(instance.c.id == case)
                .values(head_seq=added.head.seq, head_hash=added.head.hash)
            )

    def seal(self, *, limit: int = 1000) -> int:
        """Let a minute pass and the log grow."""
        now = self.clock.forward(minutes=1)
        with self.database.write() as connection:
            return seal_minute(connection, self.keys, now, limit=limit)

    def by_hand(self, *statements: sa.Executable) -> None:
        """Change what must not be changed, as the owner of the database can."""
        with self.database.write() as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture
def district(database: Database, clock: ManualClock, ids: CountingIds) -> Iterator[District]:
    return District(database, clock, ids)


@pytest.fixture
def unguarded(district: District) -> Callable[[], None]:
    """Drop the guard of the trail's entries, as the owner of the database can."""

    def drop() -> None:
        if district.database.dialect == "postgresql":
            district.by_hand(sa.text("DROP TRIGGER event_append_only ON event"))
        else:
            district.by_hand(
                sa.text("DROP TRIGGER event_no_update"), sa.text("DROP TRIGGER event_no_delete")
            )

    return drop
