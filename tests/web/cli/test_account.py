"""Accounts and tokens from the command line, as the operator makes the first login."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.errors import Conflict
from engine.now import ManualClock, SystemClock
from processes.bootstrap import Product, open_product
from tests.web.conftest import Browser
from web import create_app
from web.accounts import HANDLERS
from web.cli.account import command

Run = Callable[..., Result]


@pytest.fixture
def run(product: Product, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call `shaodao account …` on the furnished home."""
    monkeypatch.setenv("SHAODAO_HOME", str(product.settings.home))
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(command, arguments, env={"LANG": "zh_CN.UTF-8"})

    return call


def login(product: Product, name: str, password: str) -> int:
    app = create_app(product)
    app.jinja_env.globals["asset"] = str
    visitor = Browser(app)
    visitor.fetch_token()
    return visitor.post("/login", {"login": name, "password": password}).status_code


def test_the_first_administrator(run: Run, product: Product, clock: ManualClock) -> None:
    clock.set(SystemClock().now() + timedelta(minutes=1))  # the command line knows no other time
    words = ("--name", "高远", "--role", "admin", "--unit", "QX", "--password", "a long password")
    made = run("create", "gao", *words)
    assert made.exit_code == 0, made.output
    assert "已开通账号 gao。" in made.output
    assert login(product, "gao", "a long password") == 303
    assert isinstance(run("create", "gao", *words).exception, Conflict)


def test_a_new_password_and_the_end(run: Run, product: Product) -> None:
    assert run("password", "grid", "--password", "a longer password").exit_code == 0
    assert login(product, "grid", "a longer password") == 303
    assert run("disable", "grid").exit_code == 0
    assert login(product, "grid", "a longer password") == 403


def test_a_token_is_shown_once_works_and_is_taken_back(run: Run, product: Product) -> None:
    made = run("token", "grid", "--name", "test", "--write", "--days", "3650")
    assert made.exit_code == 1, "nothing lives for ten years"
    made = run("token", "grid", "--name", "test", "--write")
    told, secret = made.output.strip().splitlines()
    client = create_app(product).test_client()
    headers = {"Authorization": f"Bearer {secret}"}
    answer = client.get("/api/v1/me", headers=headers)
    assert answer.json["scopes"] == ["read", "write"]
    token_id = told.split("令牌编号 ")[1].split("，")[0]
    assert run("revoke", token_id).exit_code == 0
    assert client.get("/api/v1/me", headers=headers).status_code == 401
    database = Path(product.settings.home) / "shaodao.db"
    assert secret.encode() not in database.read_bytes()
    assert open_product(product.settings, handlers=HANDLERS).engine is not product.engine
