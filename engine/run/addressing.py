"""Whose a step is: the unit that the drawing's property `unit` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

UNIT = "unit"


class Place(Protocol):
    """Where a token stands, and the scope whose data it sees."""

    @property
    def element(self) -> str:
        """The drawn id."""

    @property
    def scope(self) -> int:
        """The scope's number."""


def unit_at(context: Context, work: Work, at: Place, scope: int | None = None) -> str | None:
    """Return the unit that an element's `unit` gives, else the unit the instance belongs to.

    `scope` is where to read instead of the token's own.
    """
    text = work.info.property(at.element, UNIT)
    if not text:
        return work.unit
    seen = work.execution.data(at.scope if scope is None else scope)
    value = context.host(work).evaluate(text, seen)
    return None if value is None else str(value)
