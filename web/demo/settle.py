"""Settle the district: units, people, posts and logins, each by its public command."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import SYSTEM, Actor, Post
from engine.run.engine import Engine
from processes.organisation import AddMembership, AddPerson, AddUnit
from web.accounts import CreateAccount
from web.demo.district import ADMIN, COLLEAGUES, UNITS, Colleague
from web.passwords import hash_password
from web.tables import account

EXTENSION: Final = "8000-01{:02d}"  # numbers that ring nowhere


@dataclass(frozen=True)
class Holder:
    """Whoever holds a post: name, office telephone, and who they are to the engine."""

    name: str
    phone: str
    actor: Actor


Roster = Mapping[Post, Holder]


def settled(engine: Engine) -> bool:
    """Tell whether the district stands already: its administrator can log in."""
    query = sa.select(account.c.id).where(account.c.login == ADMIN, account.c.demo)
    with engine.database.read() as connection:
        known = sa.inspect(connection).has_table(account.name)
        return known and connection.scalar(query) is not None


def settle(engine: Engine) -> Roster:
    """Create the district and return who holds which post.

    Nobody learns the demo accounts' password: they are entered by a click, on this machine only.
    """
    for unit in UNITS:
        command = AddUnit(code=unit.code, name=unit.name, kind=unit.kind, parent=unit.parent)
        engine.execute(command, SYSTEM)
    kept = hash_password(secrets.token_urlsafe())
    return {
        post: holder
        for number, colleague in enumerate(COLLEAGUES)
        for post, holder in employ(
            engine, colleague, phone=EXTENSION.format(number), password_hash=kept
        )
    }


def employ(
    engine: Engine, colleague: Colleague, *, phone: str, password_hash: str
) -> list[tuple[Post, Holder]]:
    """Register a person, give the posts and the login, and return the posts with their holder."""
    person = engine.execute(AddPerson(name=colleague.name, phone=phone), SYSTEM)
    person_id = UUID(person["id"])
    posts = tuple(Post(role, colleague.unit) for role in colleague.roles)
    for post in posts:
        given = AddMembership(person_id=person_id, role=post.role, unit=post.unit)
        engine.execute(given, SYSTEM)
    if colleague.login is not None:
        login = CreateAccount(
            person_id=person_id, login=colleague.login, password_hash=password_hash, demo=True
        )
        engine.execute(login, SYSTEM)
    holder = Holder(colleague.name, phone, Actor(id=person_id, posts=posts))
    return [(post, holder) for post in posts]
