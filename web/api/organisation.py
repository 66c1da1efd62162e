"""The organisation: units, people, posts and roster, changing them, and who the caller is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from processes.reads import units as unit_reads
from processes.reads.duty import DutyDay, duty_week
from processes.reads.organisation import (
    PersonPage,
    PersonRow,
    UnitPage,
    find_people,
    person_page,
    unit_page,
)
from processes.reads.units import UnitRow
from web.api.endpoint import Nouns
from web.api.schemas import Changed, PeopleQuery, RosterQuery, UnitsQuery, schema_of
from web.gate import PERSONAL
from web.here import execute, identity, now, product
from web.organisation import DEEDS, Deed

organisation = Nouns("organisation", "Units, people, posts and duty, and who the caller is.")


@dataclass(frozen=True)
class Units:
    """Units in the order of the tree."""

    rows: tuple[UnitRow, ...]


@dataclass(frozen=True)
class People:
    """People by name."""

    rows: tuple[PersonRow, ...]


@dataclass(frozen=True)
class Roster:
    """A week of duty, day by day."""

    days: tuple[DutyDay, ...]


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


@organisation.reads("/units/<code>", action="organisation.read", answer=schema_of(UnitPage))
def get_unit(code: str) -> UnitPage:
    """Return a unit with its people, its duty, what it has in hand and what it has been."""
    with product().engine.database.read() as connection:
        return unit_page(connection, code, now())


@organisation.reads(
    "/people", action="organisation.read", query=PeopleQuery, answer=schema_of(People)
)
def list_people(query: dict[str, Any]) -> People:
    """Return people whose name contains the words, or whose staff number they are; at most 60."""
    with product().engine.database.read() as connection:
        return People(find_people(connection, query["query"]))


@organisation.reads(
    "/people/<uuid:person_id>", action="organisation.read", answer=schema_of(PersonPage)
)
def get_person(person_id: UUID) -> PersonPage:
    """Return a person with their posts, substitutions and duty."""
    with product().engine.database.read() as connection:
        return person_page(connection, person_id, now())


@organisation.reads(
    "/roster", action="organisation.read", query=RosterQuery, answer=schema_of(Roster)
)
def get_roster(query: dict[str, Any]) -> Roster:
    """Return seven days of duty of a unit and all below it."""
    first: date = query["first"] or now().date()
    with product().engine.database.read() as connection:
        return Roster(duty_week(connection, query["unit"], first))


@organisation.reads("/me", action=PERSONAL, answer=schema_of(Caller))
def get_me() -> Caller:
    """Return the caller's name, posts and what the token allows."""
    who = identity()
    assert who is not None  # noqa: S101 - the gate saw to it
    posts = tuple(PostRow(post.role, post.unit) for post in who.actor.posts)
    return Caller(who.name, posts, who.scopes)


def offer(name: str, deed: Deed) -> None:
    """Declare the endpoint of a change."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        return execute(deed.command(body))

    change.__name__ = name.replace("-", "_")
    change.__doc__ = deed.about
    declare = organisation.writes(
        f"/organisation/{name}", action="organisation.manage", body=deed.body, answer=Changed
    )
    declare(change)


for each_name, each_deed in DEEDS.items():
    offer(each_name, each_deed)
