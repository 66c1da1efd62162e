"""A small world to tell stories in: an engine on a real database, a clock that is moved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.actor import SYSTEM, Actor, Post
from engine.db.connect import Database
from engine.db.tables import (
    event,
    incident,
    instance,
    job,
    outbox,
    sla_clock,
    subscription,
    work_item,
)
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import CompleteWorkItem, DeployFolder, DeployTables, StartInstance
from engine.run.engine import Engine
from engine.run.peek import NoHost
from engine.run.plugins import Plugins
from engine.run.worker import Worker
from engine.spiff.execution import Execution

LIMITS = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t" name="t" namespace="urn:t">
<decision id="limits" name="limits"><decisionTable id="limits_t" hitPolicy="FIRST">
<input id="i1" label="clock"><inputExpression id="e1"><text>clock</text></inputExpression></input>
<output id="o1" name="value" /><output id="o2" name="unit" /><output id="o3" name="counting" />
<output id="o4" name="warn" /><output id="o5" name="source" />
<rule id="r1"><inputEntry id="a1"><text>"answer"</text></inputEntry>
<outputEntry id="b1"><text>4</text></outputEntry><outputEntry id="b2"><text>"urgent_hour"</text></outputEntry>
<outputEntry id="b3"><text>"rolling"</text></outputEntry><outputEntry id="b4"><text>0.75</text></outputEntry>
<outputEntry id="b5"><text>"house rule"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>"case"</text></inputEntry>
<outputEntry id="c1"><text>3</text></outputEntry><outputEntry id="c2"><text>"natural_day"</text></outputEntry>
<outputEntry id="c3"><text>"rolling"</text></outputEntry><outputEntry id="c4"><text>0.8</text></outputEntry>
<outputEntry id="c5"><text>"house rule"</text></outputEntry></rule>
<rule id="r3"><inputEntry id="a3"><text>"handle"</text></inputEntry>
<outputEntry id="d1"><text>2</text></outputEntry><outputEntry id="d2"><text>"work_day"</text></outputEntry>
<outputEntry id="d3"><text>"legal"</text></outputEntry><outputEntry id="d4"><text>0.5</text></outputEntry>
<outputEntry id="d5"><text>"house rule"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""

ANNA = Actor(id=UUID(int=1), posts=(Post("dept", "SZ"),))
BORIS = Actor(id=UUID(int=2), posts=(Post("community", "C1"),))
ROOT = Actor(id=UUID(int=9), posts=(Post("admin", "QX"),))


class Posts:
    """Access for tests: a post's role and unit must fit; admins may all."""

    def may_act(
        self,
        connection: sa.Connection,
        actor: Actor,
        *,
        action: str,
        role: str,
        unit: str | None,
    ) -> bool:
        if any(post.role == "admin" for post in actor.posts) or actor.kind == "system":
            return True
        return any(post.role == role and unit in (None, post.unit) for post in actor.posts)


class World:
    """An engine and the few questions a story asks of it."""

    def __init__(
        self, database: Database, clock: ManualClock, ids: CountingIds, **plugged: Any
    ) -> None:
        self.plugins = Plugins(access=Posts(), **plugged)
        self.clock = clock
        self.engine = Engine(database, self.plugins, clock=clock, ids=ids)
        self.worker = Worker(self.engine, name="test")
        self.engine.execute(DeployTables(files={"limits.dmn": LIMITS.encode()}), SYSTEM)

    def deploy(self, key: str, **files: str) -> dict[str, Any]:
        named = {name.replace("__", "."): text.encode() for name, text in files.items()}
        return self.engine.execute(DeployFolder(folder=key, files=named), SYSTEM)

    def start(self, key: str, data: Mapping[str, Any] | None = None, **rest: Any) -> UUID:
        command = StartInstance(definition=key, data=data or {}, **rest)
        return UUID(self.engine.execute(command, ROOT)["instance_id"])

    def item(self, element: str, **where: Any) -> Any:
        (found,) = self.items(element, **where)
        return found

    def items(self, element: str | None = None, status: str = "open", **where: Any) -> list[Any]:
        query = sa.select(work_item).where(work_item.c.status == status)
        if element:
            query = query.where(work_item.c.element == element)
        for name, value in where.items():
            query = query.where(work_item.c[name] == value)
        return self.rows(query.order_by(work_item.c.id))

    def open_elements(self) -> list[str]:
        return sorted(row.element for row in self.items())

    def complete(
        self,
        element: str,
        outcome: str = "done",
        actor: Actor = ROOT,
        data: Mapping[str, Any] | None = None,
        key: str | None = None,
        **where: Any,
    ) -> dict[str, Any]:
        command = CompleteWorkItem(
            item_id=self.item(element, **where).id, outcome=outcome, data=data or {}
        )
        return self.engine.execute(command, actor, key=key)

    def kinds(self, instance_id: UUID) -> list[str]:
        query = sa.select(event.c.kind).where(event.c.instance_id == instance_id)
        return [row.kind for row in self.rows(query.order_by(event.c.seq))]

    def events(self, kind: str) -> list[Any]:
        return self.rows(
            sa.select(event).where(event.c.kind == kind).order_by(event.c.recorded_at, event.c.seq)
        )

    def said(self, row: Any) -> dict[str, Any]:
        body: dict[str, Any] = orjson.loads(bytes(row.body))
        return body["data"]

    def instance(self, instance_id: UUID) -> Any:
        return self.rows(sa.select(instance).where(instance.c.id == instance_id))[0]

    def data(self, instance_id: UUID) -> dict[str, Any]:
        """Return what stands in the outermost scope of an instance at rest."""
        row = self.instance(instance_id)
        with self.engine.database.read() as connection:
            folder = self.engine.library.folder(connection, row.definition_id)
            host = NoHost(connection)
            execution = Execution.load(folder.program(row.process), host, row.state)
            return dict(execution.data(0))

    def subscriptions(self) -> list[Any]:
        return self.rows(
            sa.select(subscription).order_by(subscription.c.name, subscription.c.instance_id)
        )

    def children(self, parent: UUID) -> list[Any]:
        return self.rows(
            sa.select(instance).where(instance.c.parent_id == parent).order_by(instance.c.id)
        )

    def clocks(self) -> list[Any]:
        return self.rows(sa.select(sla_clock).order_by(sla_clock.c.id))

    def jobs(self) -> list[Any]:
        return self.rows(sa.select(job).order_by(job.c.due_at, job.c.id))

    def incidents(self) -> list[Any]:
        return self.rows(sa.select(incident).where(incident.c.resolved_at.is_(None)))

    def letters(self) -> list[Any]:
        return self.rows(sa.select(outbox).order_by(outbox.c.id))

    def rows(self, query: Any) -> list[Any]:
        with self.engine.database.read() as connection:
            return list(connection.execute(query))
