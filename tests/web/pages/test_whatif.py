"""The page on which a draft is tried: what it shows, and what it refuses in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from engine.now import ManualClock
from processes.bootstrap import Product
from tests.web.conftest import Browser
from web.pages import whatif

DAYS = {"from": "2026-01-01", "to": "2026-12-31"}
Login = Callable[[str], Browser]


def limits(product: Product) -> bytes:
    return (product.shipped.folder / "tables" / "limits.dmn").read_bytes()


def sent(data: bytes, name: str = "draft.dmn") -> dict[str, Any]:
    return {**DAYS, "limits": (BytesIO(data), name)}


def test_a_draft_is_tried_and_its_figures_are_shown(product: Product, as_: Login) -> None:
    admin = as_("admin")
    assert "规则试算" in admin.get("/whatif").text
    answer = admin.post("/whatif", sent(limits(product)))
    assert answer.status_code == 200
    assert "办结 0 件" in answer.text


def test_a_drawing_is_tried_with_the_labels_beside_it(product: Product, as_: Login) -> None:
    folder = product.shipped.folder / "whistle"
    names = ("whistle.bpmn", "labels.toml")
    files = [(BytesIO((folder / name).read_bytes()), name) for name in names]
    answer = as_("admin").post("/whatif", {**DAYS, "drawing": files})
    assert answer.status_code == 200
    assert "抽取 0 件重走" in answer.text


def test_a_drawing_that_cannot_be_deployed_is_refused_as_it_would_be_then(
    product: Product, as_: Login
) -> None:
    text = (product.shipped.folder / "whistle" / "whistle.bpmn").read_text(encoding="utf-8")
    bent = text.replace('targetRef="report_in"', 'targetRef="nowhere"').encode()
    answer = as_("admin").post("/whatif", {**DAYS, "drawing": (BytesIO(bent), "whistle.bpmn")})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "请选择草案流程图"),
        (b"<nonsense", "XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "DOCTYPE"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_sentence(as_: Login, data: bytes, says: str) -> None:
    answer = as_("admin").post("/whatif", sent(data) if data else DAYS)
    assert answer.status_code == 422
    assert says in answer.text


def test_more_cases_than_a_click_can_wait_for_are_the_command_line_s(
    product: Product, as_: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whatif, "MOST_CASES", -1)
    answer = as_("admin").post("/whatif", sent(limits(product)))
    assert answer.status_code == 422
    assert "shaodao whatif" in answer.text


def test_one_is_counted_at_a_time(product: Product, as_: Login, clock: ManualClock) -> None:
    admin = as_("admin")
    with whatif.ONE_AT_A_TIME:
        assert admin.post("/whatif", sent(limits(product))).status_code == 409
    assert admin.post("/whatif", sent(limits(product))).status_code == 200
