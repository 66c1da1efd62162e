"""Commands about accounts and tokens: they take the one road, like every other change.

Each stands in the chain of organisation changes, under the person's id: no login, no secret.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.organisation_chain import changing, note
from processes.permissions import require
from processes.posts import known_person
from processes.tables import membership, org_unit
from web.tables import account, api_token

if TYPE_CHECKING:
    from engine.run.context import Context

LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
SCOPES = ("read", "write")
LONGEST_DAYS = 366


@dataclass(frozen=True, kw_only=True)
class CreateAccount(Command):
    """Let a person log in. `password_hash` comes from `web.passwords.hash_password`."""

    person_id: UUID
    login: str
    password_hash: str = field(repr=False)
    demo: bool = False


@dataclass(frozen=True, kw_only=True)
class ChangePassword(Command):
    """Set a new password: every open session of the account ends, a lock is lifted."""

    login: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class DisableAccount(Command):
    """Let an account log in no more; its sessions and tokens end."""

    login: str


@dataclass(frozen=True, kw_only=True)
class CreateToken(Command):
    """Let a program speak for an account. `secret_hash` is `token_hash` of what it will show."""

    login: str
    name: str
    secret_hash: bytes = field(repr=False)
    scopes: tuple[str, ...] = ("read",)
    days: int = 90


@dataclass(frozen=True, kw_only=True)
class RevokeToken(Command):
    """Take a token back."""

    token_id: UUID


def token_hash(secret: str) -> bytes:
    """Return what is kept of a token. Its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def create_account(context: Context, command: CreateAccount) -> dict[str, Any]:
    """Handle CreateAccount. Answers {"account": id}."""
    manager_only(context, command.person_id)
    login = command.login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise Invalid(
            "account.login_invalid",
            _("登录名“{login}”应以小写字母开头，由字母、数字、点和横线组成。", login=command.login),
        )
    known_person(context.connection, command.person_id)
    if find(context, login) is not None:
        raise Conflict("account.exists", _("登录名“{login}”已有人使用。", login=login))

    row = {
        "id": context.ids.new(),
        "person_id": command.person_id,
        "login": login,
        "password_hash": command.password_hash,
        "demo": command.demo,
        "epoch": 1,
        "failures": 0,
        "created_at": context.now,
    }
    context.connection.execute(sa.insert(account), row)
    note(context, "account.created", command.person_id, account=row["id"])
    return {"account": str(row["id"])}


def change_password(context: Context, command: ChangePassword) -> dict[str, Any]:
    """Handle ChangePassword: by a manager, or by the account's own person."""
    row = known(context, command.login)
    if row.person_id != context.actor.id:
        manager_only(context, row.person_id)

    change = {"password_hash": command.password_hash, "failures": 0, "locked_until": None}
    context.connection.execute(
        sa.update(account).where(account.c.id == row.id).values(epoch=account.c.epoch + 1, **change)
    )
    note(context, "account.password_changed", row.person_id, account=row.id)
    return {"account": str(row.id)}


def disable_account(context: Context, command: DisableAccount) -> dict[str, Any]:
    """Handle DisableAccount."""
    row = known(context, command.login)
    manager_only(context, row.person_id)

    context.connection.execute(
        sa.update(account).where(account.c.id == row.id).values(disabled_at=context.now)
    )
    note(context, "account.disabled", row.person_id, account=row.id)
    return {"account": str(row.id)}


def create_token(context: Context, command: CreateToken) -> dict[str, Any]:
    """Handle CreateToken. Answers {"token": id, "expires_at": instant}."""
    row = known(context, command.login)
    if row.person_id != context.actor.id:
        manager_only(context, row.person_id)
    check_token(command)

    expires = context.now + timedelta(days=command.days)
    values = {
        "id": context.ids.new(),
        "account_id": row.id,
        "name": command.name.strip(),
        "hash": command.secret_hash,
        "scopes": " ".join(command.scopes),
        "created_at": context.now,
        "expires_at": expires,
    }
    context.connection.execute(sa.insert(api_token), values)
    scopes = values["scopes"]
    note(context, "token.created", row.person_id, token=values["id"], scopes=scopes, until=expires)
    return {"token": str(values["id"]), "expires_at": expires.isoformat()}


def revoke_token(context: Context, command: RevokeToken) -> dict[str, Any]:
    """Handle RevokeToken: by a manager, or by the account's own person."""
    row = context.connection.execute(
        sa.select(account.c.person_id)
        .join(api_token, api_token.c.account_id == account.c.id)
        .where(api_token.c.id == command.token_id)
    ).one_or_none()
    if row is None:
        raise NotFound("token.unknown", _("没有这个接口令牌。"))
    if row.person_id != context.actor.id:
        manager_only(context, row.person_id)

    context.connection.execute(
        sa.update(api_token)
        .where(api_token.c.id == command.token_id)
        .values(revoked_at=context.now)
    )
    note(context, "token.revoked", row.person_id, token=command.token_id)
    return {"token": str(command.token_id)}


def check_token(command: CreateToken) -> None:
    """Refuse scopes we do not know, and tokens that would live for ever."""
    if not command.scopes or not set(command.scopes) <= set(SCOPES):
        raise Invalid(
            "token.scope_unknown", _("令牌的权限只能是 {known}。", known="、".join(SCOPES))
        )
    if not 1 <= command.days <= LONGEST_DAYS:
        raise Invalid(
            "token.life_invalid", _("令牌的有效期应为 1 到 {most} 天。", most=LONGEST_DAYS)
        )


def manager_only(context: Context, person_id: UUID) -> None:
    """Refuse all but those who manage accounts where the person's posts are."""
    paths = context.connection.scalars(
        sa.select(org_unit.c.path)
        .join(membership, membership.c.unit == org_unit.c.code)
        .where(membership.c.person_id == person_id)
    )
    require(context.actor, "account.manage", paths=tuple(paths))


def find(context: Context, login: str) -> sa.Row[Any] | None:
    """Return the account of a login in lower case."""
    query = sa.select(account).where(account.c.login == login)
    row: sa.Row[Any] | None = context.connection.execute(query).one_or_none()
    return row


def known(context: Context, login: str) -> sa.Row[Any]:
    """Return the account of a login, or refuse."""
    row = find(context, login.strip().lower())
    if row is None:
        raise NotFound("account.unknown", _("没有登录名为“{login}”的账号。", login=login))
    return row


HANDLERS: Mapping[type[Command], Handler] = {
    CreateAccount: changing(create_account),
    ChangePassword: changing(change_password),
    DisableAccount: changing(disable_account),
    CreateToken: changing(create_token),
    RevokeToken: changing(revoke_token),
}
