"""What a handler is given inside the one transaction, and how what it did is written.

Handlers never commit: the frame (engine/run/engine.py) does. Whatever they start, complete or note
is collected and stored by `flush`, with one statement a table.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Connection, insert

from engine.actor import Actor
from engine.db.prepared import Prepared, read_all
from engine.db.tables import outbox
from engine.errors import NotFound
from engine.events import DecisionMade, Event, InstanceStarted
from engine.i18n import _
from engine.ids import Ids
from engine.run import clocks
from engine.run.asked import asked
from engine.run.flush import flush_work
from engine.run.host import RunHost
from engine.run.plugins import InstanceInfo, Plugins
from engine.run.reconcile import settle
from engine.run.rows import (
    ALL_TIME_JOBS,
    DUE_JOBS,
    FAR_FUTURE,
    INSERT_JOBS,
    LOCK_INSTANCE,
    MOST_DUE,
    TIME_KINDS,
    JobRow,
)
from engine.run.work import ACTIVE, Work
from engine.spiff.execution import Execution
from engine.trail.chain import START

if TYPE_CHECKING:
    from engine.decision import Answer
    from engine.run.folder import Folder
    from engine.run.library import Library


@dataclass
class Context:
    """One command's transaction: its connection, its one instant, its actor, its instances."""

    connection: Connection
    now: datetime
    actor: Actor
    ids: Ids
    plugins: Plugins
    library: Library
    works: dict[UUID, Work] = field(default_factory=dict)
    own_jobs: list[JobRow] = field(default_factory=list)
    free_jobs: list[JobRow] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    opened: UUID | None = None
    until: datetime | None = None  # how far time goes on in this command; None: to now
    promised: Mapping[str, datetime] = field(default_factory=dict)  # due times given from outside
    hops: int = 0  # messages and signals since somebody or something last had to wait
    _views: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    _hosts: dict[UUID, RunHost] = field(default_factory=dict)
    _looks: list[tuple[Prepared, Mapping[str, Any]]] = field(default_factory=list)
    _seen_again: dict[Prepared, list[Any]] = field(default_factory=dict)

    far_future = FAR_FUTURE

    def open(self, instance_id: UUID) -> Work:
        """Lock an instance's row and load it. Time on an instance never goes back.

        Raises NotFound("instance.unknown"). Only one stored instance is ever open in a command.
        """
        if instance_id in self.works:
            return self.works[instance_id]
        if self.opened is not None:
            raise AssertionError("two instances are never locked in one command")
        row, due = self._lock(instance_id)
        if row is None:
            raise NotFound("instance.unknown", _("没有这个流程实例，或者它已被清理。"))
        return self.take(row, due)

    def take(self, row: Any, due: list[Any]) -> Work:
        """Load an instance whose row is locked, with what is due on it."""
        self.opened = row.id
        self.now = max(self.now, row.last_at)
        work = self._work_of(row, self.library.folder(self.connection, row.definition_id))
        work.execution = Execution.load(
            work.info.folder.program(row.process), self.host(work), row.state
        )
        self._keep_jobs(work, due)
        return work

    def _lock(self, instance_id: UUID) -> tuple[Any, list[Any]]:
        """Lock an instance's row; return it, None where there is none, and what is due on it.

        What `locate` has looked at is read again in the same breath (`looked_at`).
        """
        until = {"until": self.until or FAR_FUTURE, "now": self.now, "limit": MOST_DUE + 1}
        rows, due, *again = read_all(
            self.connection,
            (LOCK_INSTANCE, {"id": instance_id}),
            (DUE_JOBS, {"id": instance_id, **until}),
            *self._looks,
        )
        self._seen_again = dict(zip((each for each, _given in self._looks), again, strict=True))
        return (rows[0] if rows else None), due

    def look(self, statement: Prepared, **given: Any) -> list[Any]:
        """Read rows now, and again as soon as the instance is locked: others may be faster."""
        self._looks.append((statement, given))
        return statement.read(self.connection, given)

    def look_again(self, statement: Prepared, **given: Any) -> list[Any]:
        """Return rows as they are since the instance was locked, what time has done included."""
        if statement in self._seen_again:
            return self._seen_again[statement]
        return statement.read(self.connection, given)

    def _work_of(self, row: Any, folder: Folder) -> Work:
        """Make the in-memory side of an instance row, its execution still to be set."""
        info = InstanceInfo(
            id=row.id,
            root_id=row.root_id,
            parent_id=row.parent_id,
            process=row.process,
            unit=row.unit,
            priority=row.priority,
            folder=folder,
            data={},
        )
        work = Work(
            id=row.id,
            root_id=row.root_id,
            parent_id=row.parent_id,
            parent_token=row.parent_token,
            parent_element=row.parent_element,
            definition_id=row.definition_id,
            process=row.process,
            unit=row.unit,
            priority=row.priority,
            started_at=row.started_at,
            last_at=row.last_at,
            at=self.now,
            head_seq=row.head_seq,
            head_hash=bytes(row.head_hash),
            info=info,
            execution=None,  # type: ignore[arg-type]  # set by the caller, which needs the work
            status=row.status,
            ended_at=row.ended_at,
        )
        self.works[work.id] = work
        return work

    def time_jobs(self, work: Work) -> list[JobRow]:
        """Return all timers and clocks planned for an instance; read once a command."""
        if not work.all_loaded and not work.is_new:
            self._keep_jobs(work, ALL_TIME_JOBS.read(self.connection, {"id": work.id}))
        work.all_loaded = True
        return [row for row in work.jobs if row.kind in TIME_KINDS]

    def _keep_jobs(self, work: Work, rows: Iterable[Any]) -> None:
        """Take stored jobs into the work, unless it has them or has dropped them already."""
        here = {row.id for row in work.jobs} | {drop["b_id"] for drop in work.dropped_jobs}
        gone = {(drop["b_kind"], drop["b_token"]) for drop in work.dropped_tokens}
        for row in rows:
            if row.id in here or (row.kind, row.token) in gone:
                continue
            work.jobs.append(
                JobRow(
                    id=row.id,
                    instance_id=row.instance_id,
                    kind=row.kind,
                    due_at=row.due_at,
                    token=row.token,
                    element=row.element,
                    data=row.data,
                    stored=True,
                )
            )

    def start(
        self,
        definition: str,
        *,
        process: str | None = None,
        data: Mapping[str, Any] | None = None,
        unit: str | None = None,
        priority: int = 0,
        instance_id: UUID | None = None,
    ) -> UUID:
        """Start the latest version of a process in this transaction and return its instance.

        `instance_id` may be made beforehand with `ids.new()`, so that rows the process reads can
        be stored first. Raises NotFound("definition.unknown").
        """
        folder = self.library.latest(self.connection, definition)
        new = Starting(
            id=instance_id or self.ids.new(),
            folder=folder,
            process=process or folder.main,
            data=dict(data or {}),
            unit=unit,
            priority=priority,
            at=self.now,
        )
        return self.begin(new).id

    def begin(self, new: Starting) -> Work:
        """Put a new instance on its start event and let it walk."""
        drawn = new.folder.process(new.process)
        work = self._work_of(new.row(), new.folder)
        work.at, work.is_new = new.at, True
        program = new.folder.program(new.process)
        host = self.host(work)
        work.execution = Execution.start(program, host, new.data, at=new.start, far=new.far)
        work.record(
            InstanceStarted(
                definition=new.folder.key,
                version=new.folder.version,
                process=new.process,
                parent=new.parent_id,
            ),
            self.actor,
        )
        code = drawn.properties.get("sla")
        if code:
            clocks.start_clock(
                self,
                work,
                code=code,
                token=clocks.PROCESS_TOKEN,
                element=new.process,
                holder=new.unit,
            )
        settle(self, work)
        return work

    def settle(self, work: Work) -> None:
        """Let an instance walk on and bring rows and events in line (engine/run/reconcile.py)."""
        settle(self, work)

    def emit(self, instance_id: UUID, event: Event) -> None:
        """Note an event of `processes` on an instance of this command."""
        self.works[instance_id].record(event, self.actor)

    def host(self, work: Work) -> RunHost:
        """Return the host that the fence and the rows of an instance evaluate with."""
        if work.id not in self._hosts:
            self._hosts[work.id] = RunHost(self, work)
        return self._hosts[work.id]

    def view(self, root_id: UUID) -> Mapping[str, Any]:
        """Return the registered view of a case, read once a command."""
        if root_id not in self._views:
            view = self.plugins.view
            self._views[root_id] = view(self.connection, root_id) if view else {}
        return self._views[root_id]

    def decide(self, work: Work, decision: str, extra: Mapping[str, Any]) -> tuple[Answer, UUID]:
        """Ask a table in the version in force at the work's instant."""
        version, table = self.library.table(self.connection, decision, work.at)
        return table.decide(self._seen(work, extra)), version

    def asked(self, work: Work, decision: str, version: UUID) -> dict[str, Any]:
        """Return what a table that was just asked could read of an instance (engine/run/asked)."""
        table = self.library.version(self.connection, decision, version)
        return asked(table, self._seen(work, {}), view=self.plugins.view_name)

    def _seen(self, work: Work, extra: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what a table may read of an instance, and `extra` on top."""
        seen = ChainMap(dict(extra), work.execution.data(0))  # type: ignore[arg-type]  # only read
        return self.host(work).sees(seen)

    def note_decision(
        self, work: Work, element: str, decision: str, answer: Answer, version: UUID
    ) -> None:
        """Note which version of a table answered, and which of its rows."""
        event = DecisionMade(
            element=element, decision=decision, table=str(version), rows=list(answer.rows)
        )
        work.record(event, self.actor)

    def send(self, work: Work, topic: str, data: Mapping[str, Any]) -> None:
        """Let something of an instance leave the machine, after and only if this is committed."""
        self.post(topic, {"instance": str(work.id), "root": str(work.root_id), **data}, work.at)

    def post(self, topic: str, data: Mapping[str, Any], at: datetime | None = None) -> None:
        """Let something leave the machine, after and only if this transaction is committed."""
        self.letters.append(
            {
                "id": self.ids.new(),
                "topic": topic,
                "data": dict(data),
                "created_at": at or self.now,
                "sent_at": None,
                "attempts": 0,
            }
        )

    def plan(self, row: JobRow) -> None:
        """Plan a job that is about no instance of this command."""
        self.free_jobs.append(row)

    def flush(self) -> None:
        """Write everything collected so far; what is written is forgotten here."""
        self._seen_again.clear()
        for work in self.works.values():
            self.own_jobs.extend(flush_work(self, work))
        if self.free_jobs:
            INSERT_JOBS.send(self.connection, [row.values() for row in self.free_jobs])
            self.own_jobs.extend(row for row in self.free_jobs if row.due_at <= self.now)
            self.free_jobs = []
        if self.letters:
            self.connection.execute(insert(outbox), self.letters)
            self.letters = []


@dataclass(frozen=True)
class Starting:
    """What a new instance is born with."""

    id: UUID
    folder: Folder
    process: str
    data: Mapping[str, Any]
    unit: str | None
    priority: int
    at: datetime
    root_id: UUID | None = None
    parent_id: UUID | None = None
    parent_token: int | None = None
    parent_element: str | None = None
    start: str | None = None
    far: Mapping[str, str] = field(default_factory=dict)

    def row(self) -> Any:
        """Return what a stored row of it would say."""
        return SimpleNamespace(
            id=self.id,
            root_id=self.root_id or self.id,
            parent_id=self.parent_id,
            parent_token=self.parent_token,
            parent_element=self.parent_element,
            definition_id=self.folder.id,
            process=self.process,
            unit=self.unit,
            priority=self.priority,
            status=ACTIVE,
            started_at=self.at,
            ended_at=None,
            last_at=self.at,
            head_seq=START.seq,
            head_hash=START.hash,
        )
