"""One instance while a command works on it: its execution, and what is to be written of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from engine.actor import Actor
from engine.events import Event
from engine.run.plugins import InstanceInfo
from engine.run.rows import FAR_FUTURE, TIME_KINDS, ClockRow, JobRow

if TYPE_CHECKING:
    from engine.run.room import Room
    from engine.spiff.execution import Execution

ACTIVE, COMPLETED, CANCELLED, FAILED = "active", "completed", "cancelled", "failed"


@dataclass(frozen=True)
class Recorded:
    """An event with its instant and actor, as it will enter the trail."""

    event: Event
    at: datetime
    actor: Actor


@dataclass
class Work:
    """An instance being worked on. `at` is the logical instant: a due time while catching up."""

    id: UUID
    root_id: UUID
    parent_id: UUID | None
    parent_token: int | None
    parent_element: str | None
    definition_id: UUID
    process: str
    unit: str | None
    priority: int
    started_at: datetime
    last_at: datetime
    at: datetime
    head_seq: int
    head_hash: bytes
    info: InstanceInfo
    execution: Execution
    is_new: bool = False
    status: str = ACTIVE
    ended_at: datetime | None = None
    events: list[Recorded] = field(default_factory=list)
    jobs: list[JobRow] = field(default_factory=list)
    clocks: dict[int, list[ClockRow]] | None = None
    ended_clocks: list[ClockRow] = field(default_factory=list)
    new_items: dict[int, dict[str, Any]] = field(default_factory=dict)
    stored_items: dict[int, UUID | None] = field(default_factory=dict)
    closed_items: list[dict[str, Any]] = field(default_factory=list)
    done_tokens: set[int] = field(default_factory=set)
    doers: dict[str, UUID] = field(default_factory=dict)  # who did which element in this command
    new_barred: list[dict[str, Any]] = field(default_factory=list)
    new_spans: list[dict[str, Any]] = field(default_factory=list)
    new_incidents: list[dict[str, Any]] = field(default_factory=list)
    stored_incidents: dict[int, UUID] | None = None
    solved_incidents: list[dict[str, Any]] = field(default_factory=list)
    new_subscriptions: dict[int, dict[str, Any]] = field(default_factory=dict)
    dropped_subscriptions: list[dict[str, Any]] = field(default_factory=list)
    room: Room | None = None
    passed: dict[int, tuple[Mapping[str, Any], Mapping[str, str]]] = field(default_factory=dict)
    dropped_tokens: list[dict[str, Any]] = field(default_factory=list)
    dropped_jobs: list[dict[str, Any]] = field(default_factory=list)
    moved_jobs: list[dict[str, Any]] = field(default_factory=list)
    moved_items: list[dict[str, Any]] = field(default_factory=list)
    all_loaded: bool = False  # whether `jobs` holds every timer and clock there is

    def record(self, event: Event, actor: Actor) -> None:
        """Note what happened, at the instant the work stands at."""
        self.events.append(Recorded(event, self.at, actor))

    def add_job(self, row: JobRow) -> None:
        """Plan a job; it is stored with everything else."""
        self.jobs.append(row)

    def move_job(self, row: JobRow, when: datetime) -> None:
        """Let a job be due at another time."""
        row.due_at = when
        if row.stored:
            self.moved_jobs.append({"b_id": row.id, "b_due_at": when})

    def move_item(self, token: int, *, due_at: datetime | None, warn_at: datetime | None) -> None:
        """Let an open item be due at another time, or at none while its clock rests."""
        times = {"due_at": due_at, "warn_at": warn_at, "sort_at": due_at or FAR_FUTURE}
        if token in self.new_items:
            self.new_items[token].update(times)
            return
        named = {f"b_{name}": value for name, value in times.items()}
        self.moved_items.append({"b_instance": self.id, "b_token": token, **named})

    def drop_job(self, row: JobRow) -> None:
        """Take away one job, because it is done or has become pointless."""
        self.jobs.remove(row)
        if row.stored:
            self.dropped_jobs.append({"b_id": row.id})

    def drop_jobs(self, kind: str, token: int) -> None:
        """Take away all jobs of a kind for a token, loaded or not."""
        self.jobs = [row for row in self.jobs if (row.kind, row.token) != (kind, token)]
        if not self.is_new:
            self.dropped_tokens.append({"b_instance": self.id, "b_kind": kind, "b_token": token})

    def subscribe(self, token: int, row: dict[str, Any]) -> None:
        """Note what a token waits for; it is stored with everything else."""
        self.new_subscriptions[token] = {"instance_id": self.id, "token": token, **row}

    def unsubscribe(self, token: int) -> None:
        """Note that a token does not wait for it any more."""
        if self.new_subscriptions.pop(token, None) is None and not self.is_new:
            self.dropped_subscriptions.append({"b_instance": self.id, "b_token": token})

    def next_due(self, now: datetime) -> JobRow | None:
        """Return the earliest timer or clock that is due by `now`.

        At one instant clocks come before timers, a warning before its breach, and what was armed
        first before what was armed later: ids of one millisecond are in no order.
        """
        due = [row for row in self.jobs if row.kind in TIME_KINDS and row.due_at <= now]
        return min(due, key=rank, default=None)

    def values(self) -> Mapping[str, Any]:
        """Return the whole row of a new instance."""
        return {
            "id": self.id,
            "definition_id": self.definition_id,
            "process": self.process,
            "root_id": self.root_id,
            "parent_id": self.parent_id,
            "parent_token": self.parent_token,
            "parent_element": self.parent_element,
            "unit": self.unit,
            "priority": self.priority,
            "status": self.status,
            "revision": 1,
            "state": self.execution.dump(),
            "started_at": self.started_at,
            "ended_at": self.ended_at,
            "last_at": self.last_at,
            "head_seq": self.head_seq,
            "head_hash": self.head_hash,
            "unsealed": True,
        }

    def changes(self) -> Mapping[str, Any]:
        """Return what a command may change of a stored instance."""
        return {
            "b_id": self.id,
            "b_status": self.status,
            "b_state": self.execution.dump(),
            "b_ended_at": self.ended_at,
            "b_last_at": self.last_at,
            "b_head_seq": self.head_seq,
            "b_head_hash": self.head_hash,
        }


def rank(row: JobRow) -> tuple[Any, ...]:
    """Return what timers and clocks that are due are put in order by."""
    breach = row.data.get("what") == "due"
    return row.due_at, row.kind, row.token or 0, breach, row.id
