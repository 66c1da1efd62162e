"""What a rehearsal tells at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.errors import ShaodaoError

MOVES = {"entered": "entered", "completed": "left", "cancelled": "cancelled"}


@dataclass
class Told:
    """The answer of a rehearsal. `missed` are steps of the script that never became possible."""

    refused: Mapping[str, str] | None = None
    ended: str = ""
    log: list[Any] = field(default_factory=list)
    trace: list[dict[str, str]] = field(default_factory=list)
    data: Mapping[str, Any] = field(default_factory=dict)
    foreign: Mapping[str, str] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)

    def note(self, event: str, element: str, process: str, **more: str) -> None:
        """Add a line to the trace."""
        self.trace.append({"event": event, "element": element, "process": process, **more})

    def as_json(self) -> dict[str, Any]:
        """Return the one object that is printed."""
        return {
            "refused": self.refused,
            "ended": self.ended,
            "log": self.log,
            "trace": self.trace,
            "data": dict(self.data),
        }


def refusal(error: ShaodaoError, element: str = "", *, locale: str = "zh") -> Told:
    """Return the answer for what is not run at all."""
    where = str(error.details.get("element", element) or element)
    return Told(
        refused={"element": where, "reason": error.sentence(locale), "code": error.code},
        ended="",
    )
