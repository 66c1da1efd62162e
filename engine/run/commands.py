"""What may be asked of the engine: frozen, imperative, one class a question.

`processes` adds commands of its own; all of them go through `Engine.execute`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Command:
    """Root of all commands."""


@dataclass(frozen=True, kw_only=True)
class OnInstance(Command):
    """A command on one running instance: the frame locks its row first."""

    instance_id: UUID


@dataclass(frozen=True, kw_only=True)
class CompleteWorkItem(Command):
    """Finish a person's step with one of its drawn outcomes and its form's fields."""

    item_id: UUID
    outcome: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class TakeOffer(OnInstance):
    """Do what a drawn message event offers to people, with its form's fields."""

    token: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StartInstance(Command):
    """Start the latest version of a process. `data` is its first scope data."""

    definition: str
    process: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    unit: str | None = None
    priority: int = 0


@dataclass(frozen=True, kw_only=True)
class CancelInstance(OnInstance):
    """End an instance and its children before their drawn end."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SendMessage(Command):
    """Give a message to the one instance that waits for it, else start the process it starts.

    `name` is the drawn name; `key` finds the instance among several. `data` is written under the
    id of the element that receives it.
    """

    name: str
    key: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BroadcastSignal(Command):
    """Let everything that waits for a signal have it, and start what it starts."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class RetryIncident(Command):
    """Try again what stopped a token or a job."""

    incident_id: UUID


@dataclass(frozen=True, kw_only=True)
class CatchUp(OnInstance):
    """Let what is due on an instance happen: the worker's question."""


@dataclass(frozen=True, kw_only=True)
class RecomputeDeadlines(Command):
    """Count all clocks that run or rest again, by the calendars in force now, case by case."""


@dataclass(frozen=True, kw_only=True)
class DoJob(Command):
    """Do a job that is no timer of an instance: docs/jobs.md."""

    job_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeployFolder(Command):
    """Deploy a process folder. `files` maps names to bytes as handed in."""

    folder: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, kw_only=True)
class DeployTables(Command):
    """Deploy decision tables, in force from `effective_from` on, from now on unless told.

    `basis` says on whose word or by which document. `only_new` leaves alone what was ever deployed:
    for files that come with the product, which must not undo what people have deployed since.
    """

    files: Mapping[str, bytes]
    effective_from: datetime | None = None
    basis: str = ""
    only_new: bool = False


@dataclass(frozen=True, kw_only=True)
class WithdrawTable(Command):
    """Take back a version of a table before it comes into force."""

    version_id: UUID
