"""The designer's desk: tables with their doubts, deployed now or for later; processes as tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from engine.actor import SYSTEM
from engine.decision import read_dmn
from engine.decision.sheet import Line, sheet_of, write_dmn
from engine.now import ManualClock
from processes.bootstrap import Product
from processes.trial_results import KeepTrials
from tests.web.conftest import Browser

Login = Callable[[str], Browser]
NOTIFIES = Line(('"flooding"', "-", "-", "-", '"CG"', '"notify"', '"PH-04"'))
CLASHES = Line(('"arcade"', "-", "-", "-", '"SZ"', '"lead"', '"PH-11"'))


def dispatch(product: Product, *more: Line, without: str = "") -> bytes:
    (table,) = read_dmn((product.shipped.folder / "tables" / "dispatch.dmn").read_bytes())
    sheet = sheet_of(table)
    kept = [line for line in sheet.lines if not without or without not in line.cells[0]]
    return write_dmn(replace(sheet, lines=(*more, *kept)))


def sent(data: bytes, do: str = "deploy", **fields: str) -> dict[str, Any]:
    return {"do": do, **fields, "table": (BytesIO(data), "dispatch.dmn")}


def test_a_designer_begins_at_the_rules(as_: Login) -> None:
    designer = as_("designer")
    assert designer.get("/").location == "/definitions"
    page = designer.get("/definitions").text
    assert "分哨判定" in page
    assert "部署" in page
    assert "/definitions" not in as_("grid").get("/report").text
    assert "检查或部署一张表" not in as_("supervisor").get("/definitions").text


def test_a_table_is_shown_in_words_with_its_rows_to_link_to(as_: Login) -> None:
    page = as_("designer").get("/tables/dispatch").text
    assert 'id="row-51"' in page
    assert "市政工程处" in page
    assert "权属待确认" in page
    assert "case.category" not in page


@pytest.mark.parametrize("key", ["dispatch", "duty_items", "limits", "standards"])
def test_what_a_shipped_table_and_its_columns_are_called_is_known_in_english(
    key: str, as_: Login
) -> None:
    page = as_("designer").get(f"/tables/{key}", headers={"Accept-Language": "en"}).text
    titles = re.findall(r"<(?:h1|th)\b[^>]*>([^<]+)<", page)
    assert len(titles) > 5
    assert not [each for each in titles if re.search(r"[\u3400-\u9fff]", each)]


def test_a_draft_is_checked_without_deploying_it(product: Product, as_: Login) -> None:
    designer = as_("designer")
    answer = designer.post("/tables", sent(dispatch(product, CLASHES), "check"))
    assert answer.status_code == 200
    assert "不能部署" in answer.text
    assert "占道经营" in answer.text
    assert 'href="#row-1"' in answer.text
    assert len(designer.get("/api/v1/tables/dispatch").json["versions"]) == 1


@pytest.mark.parametrize("wrong", [{"without": "tree"}, {}])
def test_a_table_that_does_not_answer_is_refused_and_shown(
    wrong: dict[str, str], product: Product, as_: Login
) -> None:
    data = dispatch(product, *(() if wrong else (CLASHES,)), **wrong)
    if wrong:  # without the row for everything else
        (table,) = read_dmn(data)
        data = write_dmn(replace(sheet_of(table), lines=sheet_of(table).lines[:-1]))
    answer = as_("designer").post("/tables", sent(data))
    assert answer.status_code == 422
    assert "没有部署" in answer.text
    assert len(as_("designer").get("/api/v1/tables/dispatch").json["versions"]) == 1


def test_a_table_for_later_takes_effect_by_itself(
    product: Product, as_: Login, clock: ManualClock
) -> None:
    designer = as_("designer")
    day = clock.now().date().replace(year=clock.now().year + 1).isoformat()
    data = dispatch(product, NOTIFIES)
    made = designer.post("/tables", sent(data, effective_from=day, basis="区编办〔2026〕9号"))
    assert made.status_code == 303
    page = designer.get("/definitions").text
    assert f"{day} 00:00 起改用新的版本" in page
    (row,) = [r for r in designer.get("/api/v1/tables").json["rows"] if r["key"] == "dispatch"]
    assert (row["rows"], row["coming"]["basis"]) == (51, "区编办〔2026〕9号")
    assert row["coming"]["deployed_by"] == "顾宁"
    clock.forward(days=367)
    designer = Browser(designer.client.application).login("designer")
    found = designer.get("/api/v1/tables/dispatch").json
    assert (found["total"], found["version"]["state"]) == (52, "in_force")
    assert [each["state"] for each in found["versions"]] == ["in_force", "past"]


def test_a_table_for_later_can_be_taken_back(
    product: Product, as_: Login, clock: ManualClock
) -> None:
    designer = as_("designer")
    day = clock.now().date().replace(year=clock.now().year + 1).isoformat()
    designer.post("/tables", sent(dispatch(product, NOTIFIES), effective_from=day))
    coming = designer.get("/api/v1/tables/dispatch").json["versions"][0]
    assert "撤下" in designer.get("/tables/dispatch").text
    assert designer.post("/tables/withdraw", {"version": coming["id"]}).status_code == 303
    states = [e["state"] for e in designer.get("/api/v1/tables/dispatch").json["versions"]]
    assert states == ["withdrawn", "in_force"]
    designer.post("/tables/withdraw", {"version": coming["id"]})
    assert "已经撤下" in designer.get("/definitions").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"effective_from": "2020-01-01"}, "生效时间已经过去"),
        ({"effective_from": "明天"}, "不"),
        ({"table": (BytesIO(b""), "")}, "请选择决策表文件"),
        ({"table": (BytesIO(b"<no/>"), "x.dmn")}, "没有决策表"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(
    fields: dict[str, Any], sentence: str, product: Product, as_: Login
) -> None:
    form = {**sent(dispatch(product, NOTIFIES)), **fields}
    assert as_("designer").post("/tables", form).status_code == 303
    assert sentence in as_("designer").get("/definitions").text


def test_a_program_checks_and_deploys_in_json(product: Product, as_: Login) -> None:
    designer = as_("designer")
    body = {"files": {"dispatch.dmn": dispatch(product, CLASHES).decode()}}
    judged = designer.send("/api/v1/tables/check", body).json
    assert judged["ok"] is False
    (doubt,) = [d for d in judged["tables"][0]["doubts"] if d["severity"] == "error"]
    assert (doubt["code"], doubt["rows"][0]) == ("dispatch.leads", 1)
    assert doubt["example"]["case.category"] == "arcade"
    refused = designer.send("/api/v1/tables", body)
    assert (refused.status_code, refused.json["code"]) == (422, "table.refused")
    body["files"]["dispatch.dmn"] = dispatch(product, NOTIFIES).decode()
    assert designer.send("/api/v1/tables", body).json["tables"] == ["dispatch"]
    assert as_("supervisor").send("/api/v1/tables", body).status_code == 403


def test_what_trials_walked_is_drawn_on_the_version(product: Product, as_: Login) -> None:
    designer = as_("designer")
    (version,) = designer.get("/api/v1/definitions").json["rows"]
    address = f"/definitions/{version['id']}"
    assert "testgen whistle --store" in designer.get(address).text
    walked = ["reported", "verify", "callback_reached"]
    report = {
        "derived": 40,
        "run": 8,
        "broken": [],
        "coverage": {"rating": {"walked": walked, "not_walked": []}},
    }
    product.engine.execute(KeepTrials(hash=version["hash"], report=report), SYSTEM)
    found = designer.get(f"/api/v1{address}").json
    assert (found["trials"]["derived"], found["trials"]["run"]) == (40, 8)
    assert {each["process"] for each in found["trials"]["unreached"]} == {"rating"}
    reasons = [each["reason"] for each in found["trials"]["unreached"]]
    assert any(re.search("没有走到", each) for each in reasons)
    assert all(reasons)
    (rating,) = [each for each in found["diagrams"] if each["process"] == "rating"]
    assert {mark["id"] for mark in rating["active"]} == {
        each["element"] for each in found["trials"]["unreached"]
    }
    page = designer.get(address).text
    assert "试验没有走到" in page
    assert designer.get("/definitions/00000000-0000-0000-0000-000000000001").status_code == 404
