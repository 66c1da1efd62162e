"""Refusals: a problem for programs, a page for people, in the language they read."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from engine.errors import Broken, Conflict, Forbidden, Invalid, NotFound
from engine.i18n import _
from tests.web.conftest import Browser
from web.errors import status_of


def test_each_kind_of_refusal_has_its_status() -> None:
    text = _("没有这个页面，可能链接有误或内容已移走。")
    kinds = {NotFound: 404, Forbidden: 403, Conflict: 409, Invalid: 422, Broken: 503}
    assert {kind: status_of(kind("noun.reason", text)) for kind in kinds} == kinds


def test_programs_get_a_problem(as_: Callable[[str], Browser]) -> None:
    answer = as_("grid").send("/api/v1/cases", {"area": "QY-03-02", "limit": 1})
    assert answer.mimetype == "application/problem+json"
    assert answer.status_code == 422
    body = answer.json
    assert body["type"] == "urn:shaodao:error:request.invalid"
    assert body["status"] == 422
    assert body["fields"] == {
        "category": "必须填写。",
        "description": "必须填写。",
        "limit": "没有这一项。",
    }


def test_people_get_a_page_and_htmx_a_fragment(visitor: Browser) -> None:
    page = visitor.get("/no/such/page")
    assert page.status_code == 404
    assert "没有这个页面" in page.text
    assert "<html" in page.text
    fragment = visitor.get("/no/such/page", headers={"HX-Request": "true"})
    assert "没有这个页面" in fragment.text
    assert "<html" not in fragment.text


def test_the_sentence_is_in_the_language_of_the_reader(visitor: Browser) -> None:
    english = visitor.get("/api/v1/me", headers={"Accept-Language": "en-GB,en;q=0.9"})
    chinese = visitor.get("/api/v1/me", headers={"Accept-Language": "fr"})
    assert chinese.json["detail"] == "请先登录；接口请带上有效的令牌。"
    assert english.json["code"] == chinese.json["code"] == "login.required"


def test_a_chosen_language_stays(visitor: Browser) -> None:
    visitor.fetch_token()
    answer = visitor.post("/language", {"language": "en", "next": "/login"})
    assert answer.headers["Location"] == "/login"
    assert '<html lang="en"' in visitor.get("/login").text
    visitor.post("/language", {"language": "xx"})
    assert '<html lang="en"' in visitor.get("/login").text


def test_a_bug_is_one_sentence_and_no_traceback(app: Flask, visitor: Browser) -> None:
    def broken() -> str:
        raise RuntimeError("secret inner life")

    app.view_functions["pages.login"] = broken
    broken.shaodao_action = "public"  # type: ignore[attr-defined]
    answer = visitor.get("/login")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "secret" not in answer.text
