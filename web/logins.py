"""Checking logins and tokens against the database. Wrong passwords are counted and slowed down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.db.connect import Database
from engine.i18n import _
from processes.organisation import actor_of
from processes.reads.units import unit_names
from processes.tables import person
from web.accounts import SCOPES, token_hash
from web.passwords import matches
from web.refusals import LoginRefused
from web.tables import account, api_token

TRIES = 5  # wrong passwords in a row before a pause
PAUSE = timedelta(minutes=5)


@dataclass(frozen=True)
class Identity:
    """Somebody who is logged in. Flask-Login asks for the four properties and `get_id`."""

    account_id: UUID
    epoch: int
    name: str
    demo: bool
    actor: Actor
    scopes: tuple[str, ...] = SCOPES

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session keeps: with another password the epoch grows and it is void."""
        return f"{self.account_id}:{self.epoch}"


@dataclass(frozen=True)
class DemoLogin:
    """A demo login as the login page lists it: the person's name, and their first post.

    `role` is a code, `unit` the unit's name.
    """

    login: str
    name: str
    role: str
    unit: str


class Logins:
    """Who may come in. Raises LoginRefused with one sentence that does not say what was wrong."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def by_password(self, login: str, password: str, *, now: datetime, demo: bool) -> Identity:
        """Return who a login and password belong to. `demo`: demo accounts may come in here."""
        with self.database.read() as connection:
            row = account_row(connection, account.c.login == login.strip().lower())
        right = matches(password, row.password_hash if row else None)
        if row is None:
            raise wrong()
        if row.locked_until is not None and row.locked_until > now:
            raise LoginRefused("login.locked", _("密码多次输错，请 5 分钟后再试。"))
        if not right:
            self.count_failure(row.id, now)
            raise wrong()
        if row.failures:
            self.forget_failures(row.id)
        return self.admitted(row, now=now, demo=demo)

    def by_demo(self, login: str, *, now: datetime, demo: bool) -> Identity:
        """Return a demo account without a password."""
        with self.database.read() as connection:
            row = account_row(connection, account.c.login == login, account.c.demo)
        if row is None:
            raise wrong()
        return self.admitted(row, now=now, demo=demo)

    def by_session(self, kept: str, *, now: datetime, demo: bool) -> Identity | None:
        """Return who a session belongs to, None where it is void."""
        account_id, _colon, epoch = kept.partition(":")
        with self.database.read() as connection:
            row = account_row(connection, account.c.id == UUID(account_id))
            if row is None or str(row.epoch) != epoch or (row.demo and not demo):
                return None
            return identity(connection, row, now)

    def by_token(self, secret: str, *, now: datetime, demo: bool) -> Identity | None:
        """Return who a token speaks for, None where it is unknown, expired or revoked."""
        valid = (
            api_token.c.hash == token_hash(secret),
            api_token.c.revoked_at.is_(None),
            api_token.c.expires_at > now,
        )
        with self.database.read() as connection:
            token = connection.execute(
                sa.select(api_token.c.account_id, api_token.c.scopes).where(*valid)
            ).one_or_none()
            if token is None:
                return None
            row = account_row(connection, account.c.id == token.account_id)
            if row is None or (row.demo and not demo):
                return None
            return identity(connection, row, now, scopes=tuple(token.scopes.split()))

    def demo_logins(self, now: datetime) -> tuple[DemoLogin, ...]:
        """Return the demo logins, oldest first. They are a handful."""
        with self.database.read() as connection:
            rows = connection.execute(
                accounts().where(account.c.demo).order_by(account.c.created_at, account.c.id)
            ).all()
            found = []
            for row in rows:
                posts = actor_of(connection, row.person_id, now).posts
                if posts:
                    found.append(DemoLogin(row.login, row.name, posts[0].role, posts[0].unit))
            names = unit_names(connection, {each.unit for each in found})
        return tuple(replace(each, unit=names.get(each.unit, each.unit)) for each in found)

    def admitted(self, row: sa.Row[Any], *, now: datetime, demo: bool) -> Identity:
        """Return the identity of a row whose owner proved to be who they say."""
        if row.demo and not demo:
            raise LoginRefused(
                "login.demo_not_here", _("演示账号只能在本机直接访问时使用，请使用正式账号登录。")
            )
        with self.database.read() as connection:
            who = identity(connection, row, now)
        if not who.actor.posts:
            raise no_post()
        return who

    def count_failure(self, account_id: UUID, now: datetime) -> None:
        """Count a wrong password; after each `TRIES` in a row the account rests."""
        mine = account.c.id == account_id
        with self.database.write() as connection:
            connection.execute(
                sa.update(account).where(mine).values(failures=account.c.failures + 1)
            )
            connection.execute(
                sa.update(account)
                .where(mine, account.c.failures >= TRIES)
                .values(failures=0, locked_until=now + PAUSE)
            )

    def forget_failures(self, account_id: UUID) -> None:
        """Start counting anew after a right password."""
        with self.database.write() as connection:
            connection.execute(
                sa.update(account).where(account.c.id == account_id).values(failures=0)
            )


def wrong() -> LoginRefused:
    """Return the one refusal for an unknown login, a wrong password and a disabled account."""
    return LoginRefused("login.wrong", _("登录名或密码不正确。"))


def no_post() -> LoginRefused:
    """Return the refusal of somebody who holds no post today."""
    return LoginRefused("login.no_post", _("您的账号没有在任岗位，请联系管理员。"))


def accounts() -> sa.Select[Any]:
    """Select the accounts that are not disabled, with the person's name."""
    return (
        sa.select(account, person.c.name)
        .join(person, person.c.id == account.c.person_id)
        .where(account.c.disabled_at.is_(None))
    )


def account_row(connection: Connection, *conditions: sa.ColumnElement[bool]) -> sa.Row[Any] | None:
    """Return the one account that meets the conditions."""
    return connection.execute(accounts().where(*conditions)).one_or_none()


def identity(
    connection: Connection,
    row: sa.Row[Any],
    now: datetime,
    *,
    scopes: tuple[str, ...] = SCOPES,
) -> Identity:
    """Return who an account is today: posts are read afresh with every request."""
    who = actor_of(connection, row.person_id, now)
    return Identity(row.id, row.epoch, row.name, row.demo, who, scopes)
