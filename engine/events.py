"""What can happen: past tense, frozen. The trail is these events and nothing else.

`data` of an entry is the event's fields. A field marked `free_text()` enters the trail as a salted
digest only; its words stand in `event_value`, where they can be erased.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final
from uuid import UUID


def free_text() -> Any:
    """Mark a field whose words must not stand in the trail itself: a map of name to words."""
    return field(default_factory=dict, metadata={"free_text": True})


@dataclass(frozen=True, kw_only=True)
class Event:
    """Root of all events. `element` is the drawn id it is about."""

    kind: ClassVar[str] = "event"
    element: str | None = None

    def data(self) -> dict[str, Any]:
        """Return the plain fields, without `element` and without free text."""
        return {name: plain(getattr(self, name)) for name in field_names(type(self))[0]}

    def words(self) -> dict[str, str]:
        """Return free text by field name, for digest and `event_value`."""
        found: dict[str, str] = {}
        for name in field_names(type(self))[1]:
            found.update(getattr(self, name))
        return found


Names = tuple[tuple[str, ...], tuple[str, ...]]
NAMES: Final[dict[type[Event], Names]] = {}


def field_names(kind: type[Event]) -> Names:
    """Return the plain fields of a kind of event, without `element`, and those of free text."""
    if kind not in NAMES:
        free = tuple(f.name for f in fields(kind) if f.metadata.get("free_text"))
        NAMES[kind] = tuple(f.name for f in fields(kind) if f.name not in ("element", *free)), free
    return NAMES[kind]


def plain(value: Any) -> Any:
    """Return what JSON can say of a field's value."""
    return str(value) if isinstance(value, UUID) else value


@dataclass(frozen=True, kw_only=True)
class InstanceStarted(Event):
    """A case or a part of one began."""

    kind: ClassVar[str] = "instance.started"
    definition: str
    version: int
    process: str
    parent: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class InstanceCompleted(Event):
    """Every token reached an end."""

    kind: ClassVar[str] = "instance.completed"


@dataclass(frozen=True, kw_only=True)
class InstanceCancelled(Event):
    """Ended before its drawn end."""

    kind: ClassVar[str] = "instance.cancelled"
    reason: dict[str, str] = free_text()


@dataclass(frozen=True, kw_only=True)
class InstanceFailed(Event):
    """Ended by an error that nothing in it catches; `code` is the drawn one."""

    kind: ClassVar[str] = "instance.failed"
    code: str


@dataclass(frozen=True, kw_only=True)
class TokenMoved(Event):
    """The engine walked: drawn ids of nodes and flows in order, and what each gateway read."""

    kind: ClassVar[str] = "token.moved"
    path: list[str]
    choices: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class WorkItemOpened(Event):
    """A person's step waits for a role at a unit."""

    kind: ClassVar[str] = "work_item.opened"
    item: UUID
    role: str
    unit: str | None = None


@dataclass(frozen=True, kw_only=True)
class WorkItemCompleted(Event):
    """A person finished a step. `form` holds the form's short codes, `words` its free text."""

    kind: ClassVar[str] = "work_item.completed"
    item: UUID
    role: str
    outcome: str
    unit: str | None = None
    form: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = free_text()


@dataclass(frozen=True, kw_only=True)
class WorkItemCancelled(Event):
    """A step was taken away: a timer, another branch or a cancelled case ended it."""

    kind: ClassVar[str] = "work_item.cancelled"
    item: UUID


@dataclass(frozen=True, kw_only=True)
class OfferTaken(Event):
    """A person did what the diagram offers besides the steps. `form` and `texts` as above."""

    kind: ClassVar[str] = "offer.taken"
    role: str
    unit: str | None = None
    form: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = free_text()


@dataclass(frozen=True, kw_only=True)
class TimerFired(Event):
    """An armed timer came due. `missed` counts firings of a cycle that an outage swallowed."""

    kind: ClassVar[str] = "timer.fired"
    due_at: str
    missed: int = 0


@dataclass(frozen=True, kw_only=True)
class SlaStarted(Event):
    """An SLA clock began, by which rule, of which table version."""

    kind: ClassVar[str] = "sla.started"
    clock: UUID
    code: str
    due_at: str
    warn_at: str
    rule: dict[str, Any]
    holder: str | None = None


@dataclass(frozen=True, kw_only=True)
class SlaWarned(Event):
    """The warning fraction of a clock's time has passed."""

    kind: ClassVar[str] = "sla.warned"
    clock: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class SlaBreached(Event):
    """Now is at or past due, and the work is not done."""

    kind: ClassVar[str] = "sla.breached"
    clock: UUID
    code: str


@dataclass(frozen=True, kw_only=True)
class SlaPaused(Event):
    """A clock rests (缓办) until somebody resumes it or an instant comes."""

    kind: ClassVar[str] = "sla.paused"
    clock: UUID
    code: str
    until: str
    reason: dict[str, str] = free_text()


@dataclass(frozen=True, kw_only=True)
class SlaMoved(Event):
    """Root of what moves a clock's due instant; `provisional`: holidays are not all published."""

    clock: UUID
    code: str
    due_at: str
    warn_at: str
    provisional: bool = False


@dataclass(frozen=True, kw_only=True)
class SlaResumed(SlaMoved):
    """A paused clock goes on."""

    kind: ClassVar[str] = "sla.resumed"


@dataclass(frozen=True, kw_only=True)
class SlaExtended(SlaMoved):
    """So many of the original limit were added (延期)."""

    kind: ClassVar[str] = "sla.extended"
    times: int


@dataclass(frozen=True, kw_only=True)
class SlaRecomputed(SlaMoved):
    """A deadline was counted again by another calendar, on purpose; `by` asked for it."""

    kind: ClassVar[str] = "sla.recomputed"
    calendar: dict[str, Any]
    before: str
    by: str | None = None


@dataclass(frozen=True, kw_only=True)
class SlaHandedOver(Event):
    """From here on another unit holds the clock."""

    kind: ClassVar[str] = "sla.handed_over"
    clock: UUID
    code: str
    holder: str
    before: str | None = None


@dataclass(frozen=True, kw_only=True)
class SlaExempted(Event):
    """A breach was taken out of the figures after an appeal; it stays a breach."""

    kind: ClassVar[str] = "sla.exempted"
    clock: UUID
    code: str
    holder: str | None = None


@dataclass(frozen=True, kw_only=True)
class SlaStopped(Event):
    """A clock ended: `how` is "met" (the activity finished) or "cancelled"; late if breached."""

    kind: ClassVar[str] = "sla.stopped"
    clock: UUID
    code: str
    how: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class ChildEnded(Event):
    """A called part reached its end and gave back what `out` names."""

    kind: ClassVar[str] = "child.ended"
    child: UUID
    index: int | None = None


@dataclass(frozen=True, kw_only=True)
class ChildThrew(Event):
    """A called part threw an error (and ended) or an escalation at the step that called it."""

    kind: ClassVar[str] = "child.threw"
    child: UUID
    thrown: str
    code: str
    index: int | None = None


@dataclass(frozen=True, kw_only=True)
class EventReceived(Event):
    """A message or signal that was waited for came in: `event` says which, `name` as drawn."""

    kind: ClassVar[str] = "event.received"
    event: str
    name: str


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Event):
    """A table answered: which version, which rows."""

    kind: ClassVar[str] = "decision.made"
    decision: str
    table: str
    rows: list[int]


@dataclass(frozen=True, kw_only=True)
class OperationPerformed(Event):
    """A service task did its operation."""

    kind: ClassVar[str] = "operation.performed"
    operation: str


@dataclass(frozen=True, kw_only=True)
class OperationRefused(Event):
    """A service task's operation refused, and the drawing says how it goes on."""

    kind: ClassVar[str] = "operation.refused"
    operation: str
    code: str
    cause: dict[str, str] = free_text()


@dataclass(frozen=True, kw_only=True)
class IncidentRaised(Event):
    """A token or a job stopped on a failure."""

    kind: ClassVar[str] = "incident.raised"
    incident: UUID
    code: str
    cause: dict[str, str] = free_text()


@dataclass(frozen=True, kw_only=True)
class IncidentResolved(Event):
    """What had stopped went on."""

    kind: ClassVar[str] = "incident.resolved"
    incident: UUID
