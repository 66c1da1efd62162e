"""What the chain adds to the trail: events of its own, beside the engine's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from engine.events import Event, free_text


@dataclass(frozen=True, kw_only=True)
class CaseReported(Event):
    """A report was taken: under which number, from where. Its words are free text."""

    kind: ClassVar[str] = "case.reported"
    number: str
    source: str
    category: str
    area: str
    urgency: str
    reported_at: str
    external_ref: str | None = None
    photos: tuple[str, ...] = ()  # SHA-256 of the originals
    texts: dict[str, str] = free_text()  # noqa: RUF009  # it makes a field


@dataclass(frozen=True, kw_only=True)
class CaseLinked(Event):
    """A case was said to stand in some way to another. Why is free text."""

    kind: ClassVar[str] = "case.linked"
    number: str  # the other's
    link: str  # processes/links.py Kind
    texts: dict[str, str] = free_text()  # noqa: RUF009  # it makes a field


@dataclass(frozen=True, kw_only=True)
class CaseClassified(Event):
    """A case was put under a filing condition of the catalogue, whose words then were free text."""

    kind: ClassVar[str] = "case.classified"
    standard: str
    before: str
    texts: dict[str, str] = free_text()  # noqa: RUF009  # it makes a field
