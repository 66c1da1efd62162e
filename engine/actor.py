"""Who asks for a change."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Post:
    """A role held at a unit: `("dept", "SZ-04")`."""

    role: str
    unit: str


@dataclass(frozen=True)
class Actor:
    """A person, an importer or the system itself. Names are never part of it: the trail keeps ids.

    `kind` is "person", "import" or "system".
    """

    id: UUID | None
    kind: str = "person"
    posts: tuple[Post, ...] = field(default_factory=tuple)

    def for_trail(self) -> dict[str, Any]:
        """Return what a trail entry says of the actor."""
        return {"id": str(self.id) if self.id else None, "kind": self.kind}


SYSTEM = Actor(id=None, kind="system")
