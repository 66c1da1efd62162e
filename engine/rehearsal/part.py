"""One running instance of a rehearsal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.rehearsal.times import Alarm
from engine.spiff.contract import Snapshot, WaitingCall, WaitingItem
from engine.spiff.execution import Execution


@dataclass(frozen=True)
class Caller:
    """Who called a part: its number, and the token that waits for the end."""

    part: int
    token: int
    element: str


@dataclass
class Part:
    """An instance: its process (`p`, or `p#s` for a part of it), its execution and its alarms."""

    number: int
    process: str
    execution: Execution
    caller: Caller | None = None
    depth: int = 0
    snapshot: Snapshot = field(default_factory=Snapshot)
    alarms: dict[int, Alarm] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    over: bool = False
    failed: bool = False

    @property
    def drawn_in(self) -> str:
        """The process that it is drawn in."""
        return self.process.partition("#")[0]

    def data(self) -> Mapping[str, Any]:
        """Return the data of the instance."""
        return self.execution.data(0)


@dataclass(frozen=True)
class Work:
    """Something that waits for somebody: a person's step, or a service nobody here knows."""

    part: Part
    waiting: WaitingItem | WaitingCall


@dataclass(frozen=True)
class Post:
    """A message or signal on its way: from an element of a part (`sender`), or from outside."""

    kind: str
    name: str
    data: Mapping[str, Any]
    element: str = ""
    key: str | None = None
    sender: int | None = None
