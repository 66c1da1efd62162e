"""`shaodao account …`: logins and tokens, for whoever sits at the server."""

from __future__ import annotations

import secrets
from uuid import UUID

import click

from engine.actor import SYSTEM
from engine.i18n import _
from engine.run.commands import Command
from processes.cli.common import language, opened, say
from processes.organisation import AddMembership, AddPerson
from processes.permissions import ROLES
from web.accounts import (
    HANDLERS,
    ChangePassword,
    CreateAccount,
    CreateToken,
    DisableAccount,
    RevokeToken,
    token_hash,
)
from web.passwords import hash_password

TOKEN_PREFIX = "shaodao_"  # noqa: S105 - lets scanners of repositories recognise a leaked one
PASSWORD = click.password_option(help=_("密码；不写则在终端询问。").to(language()))


def do(wanted: Command) -> dict[str, str]:
    """Run a command as the system and return its answer."""
    with opened(handlers=HANDLERS) as product:
        return product.engine.execute(wanted, SYSTEM)


@click.group("account", help=_("登录账号与接口令牌。").to(language()))
def command() -> None:
    """Group the commands about accounts."""


@command.command("create", help=_("登记人员和岗位，并开通登录账号。").to(language()))
@click.argument("login")
@click.option("--name", required=True, help=_("姓名").to(language()))
@click.option("--role", required=True, type=click.Choice(ROLES), help=_("岗位角色").to(language()))
@click.option("--unit", required=True, help=_("单位代码").to(language()))
@PASSWORD
def create(login: str, *, name: str, role: str, unit: str, password: str) -> None:
    """Register a person with a post and a login."""
    kept = hash_password(password)
    with opened(handlers=HANDLERS) as product:
        person = product.engine.execute(AddPerson(name=name), SYSTEM)
        person_id = UUID(person["id"])
        post = AddMembership(person_id=person_id, role=role, unit=unit)
        product.engine.execute(post, SYSTEM)
        login_for = CreateAccount(person_id=person_id, login=login, password_hash=kept)
        product.engine.execute(login_for, SYSTEM)
    say(_("已开通账号 {login}。", login=login))


@command.command("password", help=_("设置新密码；已登录的会话随即失效。").to(language()))
@click.argument("login")
@PASSWORD
def password(login: str, *, password: str) -> None:
    """Set a new password."""
    do(ChangePassword(login=login, password_hash=hash_password(password)))
    say(_("账号 {login} 的密码已更新。", login=login))


@command.command("disable", help=_("停用账号及其令牌。").to(language()))
@click.argument("login")
def disable(login: str) -> None:
    """Let an account in no more."""
    do(DisableAccount(login=login))
    say(_("账号 {login} 已停用。", login=login))


@command.command("token", help=_("生成接口令牌；只显示这一次。").to(language()))
@click.argument("login")
@click.option("--name", required=True, help=_("用途").to(language()))
@click.option("--write", is_flag=True, help=_("允许提交；不写则只能读取").to(language()))
@click.option("--days", default=90, show_default=True, help=_("有效天数").to(language()))
def token(login: str, *, name: str, write: bool, days: int) -> None:
    """Make a token; its last line of output is the token itself."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    answer = do(
        CreateToken(
            login=login,
            name=name,
            secret_hash=token_hash(secret),
            scopes=("read", "write") if write else ("read",),
            days=days,
        )
    )
    say(_("令牌编号 {id}，有效期至 {until}：", id=answer["token"], until=answer["expires_at"]))
    click.echo(secret)


@command.command("revoke", help=_("收回接口令牌。").to(language()))
@click.argument("token_id", type=click.UUID)
def revoke(token_id: UUID) -> None:
    """Take a token back."""
    do(RevokeToken(token_id=token_id))
    say(_("令牌已收回。"))
