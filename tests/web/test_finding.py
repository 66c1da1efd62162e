"""Finding cases in the pages, narrowing lists, linking, and what looks like the same thing."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select

from processes.bootstrap import Product
from processes.privacy_tables import access_pending
from tests.web.conftest import Browser
from tests.web.test_story import REPORT, report

As = Callable[[str], Browser]


def test_the_box_finds_what_one_may_see(as_: As) -> None:
    number = report(as_("grid"))
    community = as_("community")
    assert f"/cases/{number}" in community.post("/search", {"q": "路灯"}).text
    assert "找到 1 件" in community.post("/search", {"q": number[-6:]}).text
    assert "没有找到" in as_("community-out").post("/search", {"q": "路灯"}).text
    assert "字太少" in community.post("/search", {"q": "灯"}).text
    assert community.get("/search").status_code == 200
    found = community.send("/api/v1/search", {"query": "路灯"}).json
    assert [row["number"] for row in found["rows"]] == [number]


def test_whose_phone_was_looked_up_is_recorded(as_: As, product: Product) -> None:
    number = report(as_("grid"))
    phone = REPORT["reporter_phone"]
    assert f"/cases/{number}" in as_("community").post("/search", {"q": phone}).text
    assert f"/cases/{number}" not in as_("dept").post("/search", {"q": phone}).text
    with product.engine.database.read() as connection:
        (note,) = connection.execute(select(access_pending)).all()
    assert note.fields == "reporter_phone"


def test_what_was_found_goes_on_page_by_page(as_: As) -> None:
    made = {report(as_("grid"), description=f"第 {n} 盏路灯不亮") for n in range(31)}
    first = as_("community").post("/search", {"q": "路灯"}).text
    cursor = re.search(r'name="cursor" value="([^"]+)"', first)
    assert cursor is not None
    second = as_("community").post("/search", {"q": "路灯", "cursor": cursor[1]}).text
    assert set(re.findall(r"/cases/(QY-\d{4}-\d{6})", first + second)) == made


def test_a_list_is_narrowed_and_says_so(as_: As) -> None:
    number = report(as_("grid"))
    grid = as_("grid")
    assert number in grid.get("/cases?category=streetlight&urgency=urgent&unit=QY-03").text
    assert number not in grid.get("/cases?category=litter").text
    assert number not in grid.get("/cases?until=2026-03-01").text
    assert number not in grid.get("/cases?overdue=1").text
    assert number in grid.get("/cases?since=soon&endpoint=x").text, "what is no day narrows nothing"


def test_a_report_is_told_what_was_reported_there_before(as_: As) -> None:
    number = report(as_("grid"))
    told = {"category": "streetlight", "area": "QY-03-02"}
    assert number in as_("grid").post("/report/alike", told).text
    assert number not in as_("grid").post("/report/alike", {"category": "streetlight"}).text
    assert number not in as_("grid").post("/report/alike", {**told, "area": "QY-04"}).text


def test_cases_are_linked_on_the_page(as_: As) -> None:
    first, second = report(as_("grid")), report(as_("grid"))
    community = as_("community")
    refused = community.post(f"/cases/{second}/links", {"other": "nonsense", "kind": "repeat"})
    assert refused.status_code == 404
    assert "NONSENSE" in refused.text
    answer = community.post(f"/cases/{second}/links", {"other": first, "kind": "repeat"})
    assert answer.headers["Location"] == f"/cases/{second}"
    assert f"关联：{first}" in community.get(f"/cases/{second}").text
    assert second in community.get(f"/cases/{first}").text


def test_a_place_between_two_grids_goes_to_one_and_names_the_other(as_: As) -> None:
    number = report(as_("grid"), joint_area="QY-04-01")
    assert "交界" in as_("grid").get(f"/cases/{number}").text
    assert as_("grid").get(f"/api/v1/cases/{number}").json["joint_area"] == "第一网格"
    for area in ("QY-03-02", "nowhere"):
        assert as_("grid").post("/report", {**REPORT, "joint_area": area}).status_code == 422
