"""What is found wrong in a diagram, and the rules that find it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Generic, TypeVar

from engine.bpmn.find.spot import Spot
from engine.i18n import Text


class Severity(StrEnum):
    """How bad it is: an error is refused, a warning is told, a hint proposes."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """A broken rule at an element, in a sentence, with advice."""

    element: str
    code: str
    text: Text
    advice: Text
    severity: Severity


Subject = TypeVar("Subject")


@dataclass(frozen=True)
class Rule(Generic[Subject]):
    """A rule about a process or a file. `says` may use the words that its finder gives."""

    code: str
    severity: Severity
    find: Callable[[Subject], Iterable[Spot]]
    says: Text
    advice: Text

    def finding(self, spot: Spot) -> Finding:
        """Say what is wrong at a spot."""
        text = replace(self.says, values=dict(spot.words))
        return Finding(spot.element, self.code, text, self.advice, self.severity)
