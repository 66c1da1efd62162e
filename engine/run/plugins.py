"""What the outside plugs into the engine: commands, operations, a view, projectors, access.

The engine names none of it. `processes/bootstrap.py` builds one `Plugins` and hands it in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.actor import Actor
from engine.events import Event
from engine.i18n import Text
from engine.ids import Ids
from engine.run.commands import Command
from engine.run.examine_tables import Doubt, examine_alone
from engine.sla.calendar import Calendar, standard

if TYPE_CHECKING:
    from engine.decision import Table
    from engine.run.context import Context
    from engine.run.folder import Folder

Answer = dict[str, Any]


class Access(Protocol):
    """Says who may act. Decided when it is asked, from role and organisation tree."""

    def may_act(
        self, connection: Connection, actor: Actor, *, action: str, role: str, unit: str | None
    ) -> bool:
        """Tell whether the actor may do `action` on what belongs to `role` at `unit`."""
        ...


class Calendars(Protocol):
    """Knows units' calendars. Asked by limits that need one only; must be cheap."""

    def of_unit(self, connection: Connection, unit: str | None, at: datetime) -> Calendar:
        """Return the calendar in force at a unit at an instant; of no unit, the standard one."""
        ...

    def pinned(self, connection: Connection, code: str, version: str) -> Calendar:
        """Return a calendar as it was when a clock was counted by it."""
        ...


class OfficeHours:
    """One calendar for everybody: the standard one."""

    def of_unit(self, connection: Connection, unit: str | None, at: datetime) -> Calendar:  # noqa: ARG002
        """Return the standard calendar."""
        return standard()

    def pinned(self, connection: Connection, code: str, version: str) -> Calendar:  # noqa: ARG002
        """Return the standard calendar."""
        return standard()


@dataclass(frozen=True)
class InstanceInfo:
    """What is fixed about a running instance, for operations and projectors."""

    id: UUID
    root_id: UUID
    parent_id: UUID | None
    process: str
    unit: str | None
    priority: int
    folder: Folder
    data: Mapping[str, Any]

    def property(self, element: str | None, name: str) -> str:
        """Return a drawn property of an element, of the process itself for None, "" if absent."""
        process = self.folder.process(self.process)
        if element is None:
            return process.properties.get(name, "")
        node = process.nodes.get(element)
        return node.properties.get(name, "") if node else ""


@dataclass
class Operating:
    """What an operation of a service task is given."""

    connection: Connection
    now: datetime
    actor: Actor
    ids: Ids
    info: InstanceInfo
    element: str
    data: Mapping[str, Any]
    send: Callable[[str, Mapping[str, Any]], None]  # topic, data: leaves through the outbox


Operation = Callable[..., Mapping[str, Any] | None]
Examiner = Callable[["Context", Sequence["Table"], datetime], Iterable[Doubt]]
Projector = Callable[["Context", InstanceInfo, Sequence[tuple[Event, datetime]]], None]


@dataclass(frozen=True)
class Handler:
    """How a command is done.

    `locate` makes the cheap checks (known, allowed) and returns the instance to lock, or None
    where the command is on no running instance. `run` checks everything, then changes anything.
    `before` is asked before the transaction, on a connection that only reads: what takes long.
    """

    run: Callable[[Context, Any], Answer]
    locate: Callable[[Context, Any], UUID | None] | None = None
    before: Callable[[Context, Any], None] | None = None


@dataclass(frozen=True)
class Doing:
    """How a kind of job is done: which instance it is about, if a running one, and the deed."""

    do: Callable[[Context, Any], None]
    locate: Callable[[Context, Any], UUID | None] | None = None


@dataclass(frozen=True)
class Plugins:
    """Everything the outside brings.

    `jobs` are kinds of jobs beside the engine's own (docs/jobs.md). `strangers` returns which of
    some unit codes no step can be given to, `lost_photos` which of some ids were not uploaded as
    photos of a case (its root instance) at a work item or an offer (`offer_id`), `why_not_refer`
    why an actor cannot refer from a case to another by its number, None where they can.
    `examine_tables` says what is doubtful about tables that are to be in force from an instant on;
    what it calls an error refuses their deployment.
    """

    access: Access
    handlers: Mapping[type[Command], Handler | Callable[[Context, Any], Answer]] = field(
        default_factory=dict
    )
    operations: Mapping[str, Operation] = field(default_factory=dict)
    jobs: Mapping[str, Doing] = field(default_factory=dict)
    view: Callable[[Connection, UUID], Mapping[str, Any]] | None = None
    view_name: str = "case"
    projectors: tuple[Projector, ...] = ()
    statuses: frozenset[str] = frozenset()
    strangers: Callable[[Connection, Sequence[str]], frozenset[str]] | None = None
    lost_photos: Callable[[Connection, UUID, UUID, Sequence[str]], frozenset[str]] | None = None
    why_not_refer: Callable[[Connection, Actor, UUID, str], Text | None] | None = None
    examine_tables: Examiner = examine_alone
    calendars: Calendars = field(default_factory=OfficeHours)
