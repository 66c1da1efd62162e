"""Units of the organisation, and the caller's own posts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from processes.reads import units as unit_reads
from processes.reads.units import UnitRow
from web.api.endpoint import Nouns
from web.api.schemas import UnitsQuery, schema_of
from web.gate import PERSONAL
from web.here import identity, product

organisation = Nouns("organisation", "Units, and who the caller is.")


@dataclass(frozen=True)
class Units:
    """Units in the order of the tree."""

    rows: tuple[UnitRow, ...]


@dataclass(frozen=True)
class PostRow:
    """A role held at a unit."""

    role: str
    unit: str


@dataclass(frozen=True)
class Caller:
    """Who is asking: by session or by token."""

    name: str
    posts: tuple[PostRow, ...]
    scopes: tuple[str, ...]


@organisation.reads("/units", action="organisation.read", query=UnitsQuery, answer=schema_of(Units))
def list_units(query: dict[str, Any]) -> Units:
    """Return the units; `kind` narrows them."""
    kinds = (query["kind"],) if query["kind"] else ()
    with product().engine.database.read() as connection:
        return Units(unit_reads.units(connection, kinds=kinds))


@organisation.reads("/me", action=PERSONAL, answer=schema_of(Caller))
def get_me() -> Caller:
    """Return the caller's name, posts and what the token allows."""
    who = identity()
    assert who is not None  # noqa: S101 - the gate saw to it
    posts = tuple(PostRow(post.role, post.unit) for post in who.actor.posts)
    return Caller(who.name, posts, who.scopes)
