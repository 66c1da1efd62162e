"""A report travels from the grid to its closing, through pages and through the API alike."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select

from processes.bootstrap import Product
from processes.privacy_tables import access_pending
from tests.web.conftest import Browser

As = Callable[[str], Browser]

REPORT = {
    "category": "streetlight",
    "area": "QY-03-02",
    "description": "春晖路口三盏路灯不亮，夜里行人看不清路。",
    "address": "春晖路 12 号门前",
    "urgency": "urgent",
    "reporter_name": "林小满",
    "reporter_phone": "13812345678",
}
PATROL = {**REPORT, "source": "patrol"}
FORM = re.compile(r'action="(/work-items/[0-9a-f-]{36})".*?</form>', re.DOTALL)
WHISTLE = {"whistle_type": "request", "request": "请尽快修复路灯"}
TEAM = {"leader": "刘队", "phone": "13800000000"}
MENDED = {"solved": "yes", "result": "已更换灯泡"}
MARKS = {"response": 5, "arrival": 5, "handling": 5, "cooperation": 5}
MARKS_BACK = {"should": 5, "accurate": 5, "material": 4}


def photo() -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "navy").save(file, "JPEG")
    file.seek(0)
    return file, "lamp.jpg"


def report(grid: Browser, **changes: Any) -> str:
    """Report on the page and return the case's number."""
    answer = grid.post("/report", {**REPORT, **changes})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].rpartition("/")[2]


def step(person: Browser, number: str, outcome: str = "") -> str:
    """Return the address that the person's step on a case's page is sent to."""
    for form in FORM.finditer(person.get(f"/cases/{number}").text):
        if f'value="{outcome}"' in form[0] or not outcome:
            return form[1]
    raise AssertionError(f"no step with the outcome {outcome!r}")


def do(person: Browser, number: str, outcome: str, **fields: Any) -> None:
    """Finish the person's step that has this outcome, on a case's page."""
    form = {"outcome": outcome, "back": number, **fields}
    answer = person.post(step(person, number, outcome), form)
    assert answer.status_code == 303, answer.text


def whistled(as_: As) -> str:
    """Bring a case to two departments, of which a person has chosen both."""
    number = report(as_("grid"), category="manhole")
    do(as_("community"), number, "whistle", **WHISTLE)
    do(as_("approver"), number, "issue")
    units = {"units.unit": ["SZ", "CG"], "units.kind": ["lead", "assist"], "place": "online"}
    do(as_("dispatcher"), number, "route", **units)
    return number


def test_a_case_is_carried_to_its_closing_on_the_pages(as_: As) -> None:
    number = whistled(as_)
    for login in ("dept", "dept-out"):
        do(as_(login), number, "answer", **TEAM)
    do(as_("dept"), number, "reached", contacted_at="2026-03-02T09:00", how="phone")
    for login in ("dept", "dept-out"):
        do(as_(login), number, "done", **MENDED)
    do(as_("community"), number, "release")
    do(as_("grid-2"), number, "pass")
    do(as_("callback"), number, "satisfied")
    for login in ("dept", "dept-out"):
        do(as_("community"), number, "give", **MARKS)
        do(as_(login), number, "give", **MARKS_BACK)
    page = as_("supervisor").get(f"/cases/{number}").text
    assert "已结案" in page
    assert "林小满" not in page
    assert "138****5678" in page


def test_after_a_step_one_is_back_at_the_inbox_unless_it_was_done_on_the_case(as_: As) -> None:
    number = report(as_("grid"))
    address = step(as_("community"), number)
    answer = as_("community").post(address, {"outcome": "whistle", **WHISTLE})
    assert answer.headers["Location"] == "/inbox"
    assert "已提交。" in as_("community").get("/inbox").text


def test_what_is_wrong_with_a_form_is_said_at_its_field_and_nothing_typed_is_lost(as_: As) -> None:
    number = report(as_("grid"))
    address = step(as_("community"), number)
    answer = as_("community").post(
        address, {"outcome": "whistle", "back": number, "request": "", "tried": "已经劝说三次"}
    )
    assert answer.status_code == 422
    assert "已经劝说三次" in answer.text
    assert 'aria-invalid="true"' in answer.text
    do(as_("community"), number, "whistle", **WHISTLE)


def test_a_colleague_was_first(as_: As) -> None:
    number = report(as_("grid"))
    address = step(as_("community"), number)
    do(as_("community"), number, "whistle", **WHISTLE)
    again = as_("community").post(address, {"outcome": "handle", "back": number})
    assert again.status_code == 409
    assert "刚刚已由同事办理" in again.text
    one_tap = as_("community").post(address, {"outcome": "handle"}, headers={"HX-Request": "true"})
    assert one_tap.status_code == 409
    assert "<html" not in one_tap.text


def test_an_outcome_that_is_not_drawn_is_refused(as_: As) -> None:
    number = report(as_("grid"))
    answer = as_("community").post(
        step(as_("community"), number), {"outcome": "explode", "back": number}
    )
    assert answer.status_code == 422
    assert "explode" in answer.text


def test_a_report_brings_its_photos_and_a_double_click_is_one_report(
    as_: As, product: Product
) -> None:
    grid = as_("grid")
    key = re.search(r'name="key" value="([^"]+)"', grid.get("/report").text)
    assert key is not None
    first = report(grid, photos=[photo(), photo()], key=key[1])
    assert report(grid, photos=[photo(), photo()], key=key[1]) == first
    shown = re.findall(rf"/cases/{first}/photos/[0-9a-f-]+", grid.get(f"/cases/{first}").text)
    assert len(set(shown)) == 2
    answer = grid.get(shown[0])
    assert answer.mimetype == "image/jpeg"
    assert Image.open(io.BytesIO(answer.data)).size == (64, 48)
    assert as_("grid-out").get(shown[0]).status_code == 404


def test_a_photo_that_is_none_is_refused_at_its_field(as_: As) -> None:
    fake = (io.BytesIO(b"MZ this is no photo"), "photo.jpg")
    answer = as_("grid").post("/report", {**REPORT, "photos": [fake]})
    assert answer.status_code == 422
    assert "不是可用的照片" in answer.text
    assert REPORT["description"] in answer.text


def test_the_reporter_is_shown_in_clear_to_whom_it_is_due_and_that_is_recorded(
    as_: As, product: Product
) -> None:
    number = report(as_("grid"))
    assert "林小满" not in as_("community").get(f"/cases/{number}").text
    assert "林小满" in as_("community").post(f"/cases/{number}/reveal").text
    assert as_("dept").post(f"/cases/{number}/reveal").status_code == 404
    assert as_("admin").post(f"/cases/{number}/reveal").status_code == 403
    assert as_("community-out").post(f"/cases/{number}/reveal").status_code == 404
    with product.engine.database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(access_pending)) == 1


def test_the_pulse_beats_when_something_new_waits(as_: As) -> None:
    community = as_("community")
    version = community.get("/pulse").json["v"]
    assert community.get(f"/pulse?v={version}").status_code == 204
    report(as_("grid"))
    assert community.get(f"/pulse?v={version}").json["v"] != version


def test_everybody_starts_at_the_first_page_of_their_menu(as_: As) -> None:
    assert as_("grid").get("/").headers["Location"] == "/inbox"
    supervisor = as_("supervisor").get("/")
    assert supervisor.status_code == 302
    assert as_("supervisor").get(supervisor.headers["Location"]).status_code == 200


@pytest.mark.parametrize("address", ["/inbox", "/report", "/cases", "/overdue"])
def test_every_page_opens_in_both_languages(as_: As, address: str) -> None:
    whistled(as_)
    for login in ("community", "dispatcher", "dept", "supervisor"):
        for language in ("zh", "en"):
            answer = as_(login).get(address, headers={"Accept-Language": language})
            assert answer.status_code in (200, 403), answer.text


def test_the_same_road_through_the_api(as_: As) -> None:
    number = as_("grid").send("/api/v1/cases", PATROL).json["number"]
    complete(as_("community"), "whistle", **WHISTLE)
    complete(as_("approver"), "issue")  # the table knows one unit: nobody has to route
    complete(as_("dept"), "answer", **TEAM)
    complete(as_("dept"), "reached", contacted_at="2026-03-02T09:00", how="phone")
    complete(as_("dept"), "done", **MENDED)
    complete(as_("community"), "release")
    complete(as_("grid-2"), "pass")
    complete(as_("callback"), "satisfied")
    complete(as_("community"), "give", **MARKS)
    complete(as_("dept"), "give", **MARKS_BACK)
    case = as_("grid").get(f"/api/v1/cases/{number}").json
    assert case["status_code"] == "closed"
    history = as_("grid").get(f"/api/v1/cases/{number}/history").json["rows"]
    kinds = [line["kind"] for line in history]
    assert kinds[-1] == "case.reported"
    assert kinds.count("work_item.completed") == 10


def complete(person: Browser, outcome: str, **data: Any) -> None:
    """Finish the one step in the inbox that has this outcome."""
    rows = person.get("/api/v1/work-items").json["rows"]
    items = [person.get(f"/api/v1/work-items/{row['item_id']}").json for row in rows]
    (item,) = [i for i in items if outcome in [button["outcome"] for button in i["buttons"]]]
    address = f"/api/v1/work-items/{item['item_id']}/complete"
    answer = person.send(address, {"outcome": outcome, "data": data})
    assert answer.status_code == 200, answer.json


def test_the_same_key_gets_the_same_answer_and_another_body_none(as_: As) -> None:
    grid = as_("grid")
    first = grid.send("/api/v1/cases", REPORT, Idempotency_Key="k1")
    assert first.status_code == 201
    assert grid.send("/api/v1/cases", REPORT, Idempotency_Key="k1").json == first.json
    other = grid.send("/api/v1/cases", {**REPORT, "urgency": "danger"}, Idempotency_Key="k1")
    assert (other.status_code, other.json["code"]) == (409, "idempotency.other_request")
    assert len(grid.get("/api/v1/cases").json["rows"]) == 1


def test_a_list_is_turned_page_by_page(as_: As) -> None:
    numbers = {report(as_("grid"), description=f"第 {n} 盏路灯不亮") for n in range(5)}
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        address = (
            f"/api/v1/work-items?limit=2&cursor={cursor}"
            if cursor
            else "/api/v1/work-items?limit=2"
        )
        page = as_("community").get(address).json
        seen += [row["case_number"] for row in page["rows"]]
        cursor = page["next_cursor"]
    assert len(seen) == 5
    assert set(seen) == numbers
    bad = as_("community").get("/api/v1/work-items?cursor=nonsense")
    assert (bad.status_code, bad.json["code"]) == (422, "cursor.malformed")


def test_photos_come_through_the_api_in_base64(as_: As) -> None:
    good = base64.b64encode(photo()[0].read()).decode()
    answer = as_("grid").send("/api/v1/cases", {**REPORT, "photos": [good]})
    assert answer.status_code == 201
    bad = as_("grid").send("/api/v1/cases", {**REPORT, "photos": ["!!"]})
    assert bad.json["fields"] == {"photos": "照片须用 base64 编码。"}


def test_definitions_units_and_health_can_be_read(as_: As, visitor: Browser) -> None:
    admin = as_("admin")
    (definition,) = admin.get("/api/v1/definitions").json["rows"]
    assert (definition["key"], definition["latest"]) == ("whistle", True)
    xml = admin.get(f"/api/v1/definitions/{definition['id']}/diagrams/whistle.bpmn")
    assert xml.mimetype == "application/xml"
    assert "<bpmn:" in xml.text
    lost = admin.get(f"/api/v1/definitions/{definition['id']}/diagrams/labels.toml")
    assert lost.json["code"] == "definition.unknown"
    grids = admin.get("/api/v1/units?kind=grid").json["rows"]
    assert [unit["code"] for unit in grids] == ["QY-03-02", "QY-04-01"]
    assert visitor.get("/api/v1/health/ready").json == {"status": "ok"}
    assert visitor.get("/api/v1/health/live").json == {"status": "ok"}
