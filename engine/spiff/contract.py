"""What crosses the fence: our words for what SpiffWorkflow does, and the port it calls back on.

A token is a small integer that the instance gives out once and never again; it names one visit of
one element. Scopes are integers too: 0 is the instance, each open embedded sub-process has its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from engine.spiff.shelf import Shelf

Data = dict[str, Any]

STARVED = "gateway.starved"
"""The code of a token that stands at a join whose other tokens can no longer come."""


@dataclass(frozen=True)
class WaitingItem:
    """A person's step that is open: the token stands on a user or manual task.

    Of a multi-instance task there is one for each open round, with the `index` and `item` it is
    for; its scope is its own.
    """

    token: int
    element: str
    scope: int
    index: int | None = None
    item: Any = None


@dataclass(frozen=True)
class WaitingTimer:
    """A timer that is armed.

    `activity` is the token of the activity that a boundary timer sits on, None for a timer in the
    flow. A cycle stays armed under the same token; `fired` counts its firings so far.
    """

    token: int
    element: str
    scope: int
    activity: int | None
    interrupting: bool
    fired: int = 0


class WaitingCall(NamedTuple):
    """A call of another process that has not ended: one instance of its own.

    A plain tuple, because one activity may have ten thousand of them.
    `activity` is the token of the call activity itself; of a multi-instance call each child has a
    token of its own and the `index` and `item` it is for.
    """

    token: int
    element: str
    scope: int
    activity: int
    index: int | None = None  # type: ignore[assignment]  # hides tuple.index, never asked for
    item: Any = None


@dataclass(frozen=True)
class WaitingEvent:
    """A message or a signal that is waited for, in the flow, on an activity or by a sub-process.

    Error, escalation, condition, link, cancel and terminate events are settled inside and are
    never waited for from outside. `ref` is the message's or signal's drawn name.
    """

    token: int
    element: str
    scope: int
    activity: int | None
    interrupting: bool
    kind: str
    ref: str


@dataclass(frozen=True)
class Thrown:
    """What an instance throws outwards: `kind` is message, signal, error or escalation.

    An error or escalation is here only where nothing inside the instance catches it: the instance
    that called this one has to. `ref` is the drawn name, or the code of an error or escalation.
    `data` is what a token that throws a message or signal sees at that moment.
    """

    kind: str
    ref: str
    element: str
    scope: int
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class OpenActivity:
    """An activity that has been entered and not left: what an SLA clock can run on.

    Every user task, call activity (once, however many children) and embedded sub-process.
    `inner` is the scope that a sub-process opened, or the round `index` of a multi-instance task;
    None otherwise.
    """

    token: int
    element: str
    scope: int
    inner: int | None = None
    index: int | None = None


class Standing(NamedTuple):
    """An activity or an event in the flow that a token has come to and not left."""

    token: int
    element: str


@dataclass(frozen=True)
class Stopped:
    """A token that could not go on: its expression, script or operation failed. Others go on."""

    token: int
    element: str
    scope: int
    code: str
    cause: str


@dataclass(frozen=True)
class Taken:
    """A gateway's choice: the flows taken, and each value its conditions read."""

    element: str
    flows: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Snapshot:
    """Where an instance stands. Each tuple is ordered by token."""

    items: tuple[WaitingItem, ...] = ()
    timers: tuple[WaitingTimer, ...] = ()
    calls: tuple[WaitingCall, ...] = ()
    activities: tuple[OpenActivity, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    events: tuple[WaitingEvent, ...] = ()
    ended: bool = False


@dataclass(frozen=True)
class Changes:
    """What has changed since the last look: what is gone, and what is new.

    Of what is gone it tells how it stood then; both ordered by token.
    """

    gone: Snapshot
    new: Snapshot
    ended: bool = False


class Column(list[tuple[int, str]]):
    """One column of the record, which also notes its entries in the common order."""

    def __init__(self, move: str, moves: list[tuple[str, int, str]]) -> None:
        super().__init__()
        self._move, self._moves = move, moves

    def append(self, entry: tuple[int, str]) -> None:
        """Note an entry here and in the common order."""
        super().append(entry)
        self._moves.append((self._move, *entry))


@dataclass
class Passage:
    """What one run of the engine did, in order: drawn ids of nodes and flows, gateway choices.

    `entered`, `completed` and `cancelled` hold (token, element) of activities and events; `moves`
    holds all of these in the order in which they happened, gateways too. `thrown` is what has to
    leave the instance.
    """

    path: list[str] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    moves: list[tuple[str, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.entered = Column("entered", self.moves)
        self.completed = Column("completed", self.moves)
        self.cancelled = Column("cancelled", self.moves)


class HostFailed(Exception):
    """The ground under the host is gone (a lost database): the command fails, no token stops."""


class Host(Protocol):
    """What the fence asks of the engine around it.

    Whatever it raises stops that token only, except `HostFailed`, which passes through. On its
    `shelf` stands what an instance owns but does not carry.
    """

    @property
    def shelf(self) -> Shelf:
        """Return the shelf of this instance."""
        ...

    def evaluate(self, text: str, data: Mapping[str, Any]) -> Any:
        """Return the value of an expression over `data` (scope data, inner names first)."""
        ...

    def names(self, text: str) -> Sequence[str]:
        """Return the dotted names an expression reads, so that a gateway's values can be told."""
        ...

    def execute(self, script: str, data: Mapping[str, Any]) -> Data:
        """Run a script's lines and return what they assign."""
        ...

    def perform(self, element: str, data: Mapping[str, Any]) -> Data:
        """Perform the operation of a service task and return what it gives, {} for nothing."""
        ...

    def decide(self, element: str, decision: str, data: Mapping[str, Any]) -> Any:
        """Return the answer of a decision table for a business rule task."""
        ...
