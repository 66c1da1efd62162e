"""Coming in: by password, by one click on this machine, by token, and being kept out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from engine.actor import SYSTEM
from engine.now import ManualClock
from processes.bootstrap import Product
from processes.organisation import AddMembership, AddPerson
from tests.web.conftest import Browser
from tests.web.office import PASSWORD
from web.accounts import (
    ChangePassword,
    CreateAccount,
    CreateToken,
    DisableAccount,
    RevokeToken,
    token_hash,
)
from web.passwords import hash_password

SECRET = "shaodao_" + "x" * 43


def with_password(visitor: Browser, login: str, password: str = PASSWORD, **headers: str) -> Any:
    visitor.fetch_token()
    return visitor.post(
        "/login",
        {"login": login, "password": password},
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def me(visitor: Browser, **headers: str) -> Any:
    return visitor.get("/api/v1/me", headers=headers)


def make_token(product: Product, login: str, **options: Any) -> str:
    command = CreateToken(login=login, name="test", secret_hash=token_hash(SECRET), **options)
    answer = product.engine.execute(command, SYSTEM)
    return str(answer["token"])


def test_the_right_password_lets_in_and_says_who_it_is(visitor: Browser) -> None:
    assert with_password(visitor, "Grid ").status_code == 303
    assert me(visitor).json["name"] == "王芳"
    assert me(visitor).json["posts"] == [{"role": "grid_worker", "unit": "QY-03-02"}]


@pytest.mark.parametrize(("login", "password"), [("grid", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_a_wrong_login_and_a_wrong_password_sound_alike(
    visitor: Browser, login: str, password: str
) -> None:
    answer = with_password(visitor, login, password)
    assert answer.status_code == 403
    assert "登录名或密码不正确。" in answer.text
    assert me(visitor).status_code == 401


def test_after_five_wrong_passwords_even_the_right_one_waits(
    visitor: Browser, clock: ManualClock
) -> None:
    for _try in range(5):
        with_password(visitor, "grid", "wrong")
    assert "5 分钟后再试" in with_password(visitor, "grid").text
    clock.forward(minutes=5, seconds=1)
    assert with_password(visitor, "grid").status_code == 303


def test_a_demo_login_needs_one_click_on_this_machine(visitor: Browser) -> None:
    visitor.fetch_token()
    assert "王芳" in visitor.get("/login").text
    assert visitor.post("/login", {"demo": "grid"}).status_code == 303
    assert me(visitor).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_through_a_proxy_demo_accounts_do_not_work_at_all(visitor: Browser, header: str) -> None:
    passed_on = {header: "10.0.0.1"}
    visitor.fetch_token()
    assert "王芳" not in visitor.get("/login", headers=passed_on).text
    clicked = visitor.post("/login", {"demo": "grid"}, headers=passed_on)
    assert clicked.status_code == 403
    assert "只能在本机" in clicked.text
    assert with_password(visitor, "grid", **{header: "10.0.0.1"}).status_code == 403
    visitor.login("grid")
    assert me(visitor, **passed_on).status_code == 401, "nor does a session made here"


def test_a_new_password_ends_open_sessions(product: Product, as_: Callable[[str], Browser]) -> None:
    grid = as_("grid")
    assert me(grid).status_code == 200
    change = ChangePassword(login="grid", password_hash=hash_password("another long one"))
    product.engine.execute(change, SYSTEM)
    assert me(grid).status_code == 401


def test_a_disabled_account_is_out_at_once(product: Product, as_: Callable[[str], Browser]) -> None:
    grid = as_("grid")
    make_token(product, "grid")
    product.engine.execute(DisableAccount(login="grid"), SYSTEM)
    assert me(grid).status_code == 401
    assert me(grid, Authorization=f"Bearer {SECRET}").status_code == 401


def test_a_token_speaks_for_its_account_until_it_ends(
    product: Product, visitor: Browser, clock: ManualClock
) -> None:
    bearer = {"Authorization": f"Bearer {SECRET}"}
    token_id = make_token(product, "dept", days=10)
    answer = me(visitor, **bearer)
    assert (answer.json["name"], answer.json["scopes"]) == ("周强", ["read"])
    clock.forward(days=10)
    assert me(visitor, **bearer).status_code == 401
    clock.forward(days=-5)
    assert me(visitor, **bearer).status_code == 200
    product.engine.execute(RevokeToken(token_id=UUID(token_id)), SYSTEM)
    assert me(visitor, **bearer).status_code == 401


def test_a_reading_token_changes_nothing(product: Product, app: Flask) -> None:
    make_token(product, "grid")
    answer = app.test_client().post(
        "/api/v1/cases", json={}, headers={"Authorization": f"Bearer {SECRET}"}
    )
    assert (answer.status_code, answer.json["code"]) == (403, "token.read_only")


def test_a_bad_token_is_not_covered_by_a_good_session(as_: Callable[[str], Browser]) -> None:
    assert me(as_("grid"), Authorization="Bearer guess").status_code == 401


def test_a_session_needs_the_forgery_token_for_every_change(as_: Callable[[str], Browser]) -> None:
    grid = as_("grid")
    forged = grid.client.post("/logout")
    assert forged.status_code == 400
    assert "页面已过期" in forged.text
    assert grid.client.post("/api/v1/cases", json={}).json["code"] == "request.forged"
    assert me(grid).status_code == 200
    assert grid.post("/logout").status_code == 303
    assert me(grid).status_code == 401


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",  # browsers drop tabs and line ends from an address
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
    ],
)
def test_logging_in_leads_to_no_other_site(visitor: Browser, target: str) -> None:
    visitor.fetch_token()
    answer = visitor.post("/login", {"demo": "grid", "next": target})
    assert answer.headers["Location"] == "/"


def test_pages_lead_to_the_login_and_back(visitor: Browser) -> None:
    answer = visitor.get("/overdue?cursor=abc")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/overdue?cursor%3Dabc"


def test_somebody_whose_last_post_ended_is_told_so(
    product: Product, as_: Callable[[str], Browser], clock: ManualClock
) -> None:
    person = UUID(product.engine.execute(AddPerson(name="许愿"), SYSTEM)["id"])
    until = clock.now() + timedelta(hours=1)
    post = AddMembership(person_id=person, role="dept", unit="SZ", valid_to=until)
    product.engine.execute(post, SYSTEM)
    kept = hash_password(PASSWORD)
    account = CreateAccount(person_id=person, login="xu", password_hash=kept, demo=True)
    product.engine.execute(account, SYSTEM)
    browser = as_("xu")
    assert browser.get("/").status_code == 302
    clock.forward(hours=2)
    answer = browser.get("/")
    assert answer.status_code == 403
    assert "没有在任岗位" in answer.text
