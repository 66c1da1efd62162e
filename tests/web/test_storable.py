"""What no database can keep is refused at the threshold, with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.conftest import Browser

REPORT = {"description": "路灯不亮", "category": "streetlight", "area": "QY-03-02"}
HALF = "\ud800"  # half of a character


@pytest.mark.parametrize("field", ["description", "title", "area", "source", "reporter_name"])
@pytest.mark.parametrize("sign", ["\x00", HALF])
def test_a_report_with_such_a_sign_is_refused(
    as_: Callable[[str], Browser], field: str, sign: str
) -> None:
    answer = as_("grid").send("/api/v1/cases", {**REPORT, field: f"灯{sign}坏"})
    assert (answer.status_code, answer.json["code"]) == (422, "request.unstorable")


@pytest.mark.parametrize("body", [{"a": {HALF: 1}}, {"a": [["\x00"]]}])
def test_wherever_it_hides(as_: Callable[[str], Browser], body: Any) -> None:
    assert as_("grid").send("/api/v1/cases", body).json["code"] == "request.unstorable"


@pytest.mark.parametrize("address", ["/cases/%00", "/cases?q=%00", "/cases?status=%00"])
def test_in_an_address_too(as_: Callable[[str], Browser], address: str) -> None:
    assert as_("grid").get(address).status_code == 422


def test_in_a_form_too(as_: Callable[[str], Browser]) -> None:
    assert as_("grid").post("/report", {**REPORT, "key": "\x00"}).status_code == 422


def test_nested_deeper_than_anybody_means(as_: Callable[[str], Browser]) -> None:
    browser = as_("grid")
    answer = browser.client.post(
        "/api/v1/cases",
        data=b"[" * 200_000,
        content_type="application/json",
        headers={"X-CSRFToken": browser.csrf},
    )
    assert answer.status_code == 422


def test_emoji_and_rare_characters_pass(as_: Callable[[str], Browser]) -> None:
    assert as_("grid").send("/api/v1/cases", {**REPORT, "title": "𠮷野家🚧"}).status_code == 201
