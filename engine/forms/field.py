"""A field of a form, as drawn."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.expr import Expression
from engine.labels import Label


class Type(StrEnum):
    """What a field holds; docs/forms.md says how each is written."""

    TEXT = "text"
    TEXTAREA = "textarea"
    INTEGER = "integer"
    CHOICE = "choice"
    CHOICES = "choices"
    CHECKBOX = "checkbox"
    DATE = "date"
    DATETIME = "datetime"
    PHONE = "phone"
    UNITS = "units"
    PHOTO = "photo"
    REFERENCE = "reference"


LEAD = "lead"
KINDS = (LEAD, "assist", "notify")
"""What a unit may be asked for, in the order shown."""

FREE_TEXT = frozenset({Type.TEXT, Type.TEXTAREA, Type.PHONE})
"""Types whose words may tell of persons: the trail keeps a salted digest of them only."""


@dataclass(frozen=True)
class Choice:
    """One of the codes a field may take, and its words."""

    code: str
    label: Label


@dataclass(frozen=True)
class Shown:
    """A line over the fields: what whoever fills the form in must have before their eyes.

    `words` names whatever says more of the value than its code does; who shows it knows how.
    """

    label: Label
    value: Expression
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """A field. `min` and `max` bound an integer, `max_length` counts characters of a text.

    `kinds` are what the units of a list may be asked for; with a lead among them there is one.
    `required_for` are the outcomes that need it, `asked_for` those that have room for it besides;
    where neither is drawn every outcome asks. `default` is what the form shows at first.
    """

    name: str
    type: Type
    label: Label
    help: Label | None = None
    required: bool = False
    required_for: tuple[str, ...] = ()
    asked_for: tuple[str, ...] = ()
    max_length: int | None = None
    min: int | None = None
    max: int | None = None
    choices: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = KINDS
    default: Expression | None = None

    @property
    def is_free_text(self) -> bool:
        """Whether its words stay out of the trail."""
        return self.type in FREE_TEXT

    def is_needed(self, outcome: str) -> bool:
        """Return whether it must be filled in for an outcome."""
        return self.required or outcome in self.required_for

    def is_asked(self, outcome: str) -> bool:
        """Return whether an outcome asks for it at all."""
        chosen = (*self.required_for, *self.asked_for)
        return self.required or not chosen or outcome in chosen
