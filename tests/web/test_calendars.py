"""Calendars on pages and through the API: who sees them, who changes them, what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Browser

As = Callable[[str], Browser]
WEEK = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-12:00 14:00-18:00")


def test_a_supervisor_reads_what_an_administrator_changes(as_: As) -> None:
    supervisor, admin = as_("supervisor"), as_("admin")
    page = supervisor.get("/calendars/standard?year=2026")
    assert "2026 年 2 月 14 日（周六） 08:00–12:00、14:00–18:00（春节" in page.text
    assert "从某天起改用新的工作时间" not in page.text
    assert supervisor.post("/calendars/timetable", {"code": "x"}).status_code == 403
    assert as_("dept").get("/calendars").status_code == 403

    summer = {"s0.from": "06-01", "s0.to": "09-30", **{f"s0.{day}": "8：00-12：00" for day in WEEK}}
    form = {"code": "market", "name": "市场所", "seasons": "0", "holidays": "1", **WEEK, **summer}
    assert admin.post("/calendars/timetable", form).status_code == 303
    page = admin.get("/calendars/market")
    assert "06-01 至 09-30：周一至周五 08:00–12:00；周六至周日 休息" in page.text
    assert "从某天起改用新的工作时间" in page.text
    answer = admin.post("/organisation/set-calendar", {"code": "SZ", "calendar": "market"})
    assert answer.status_code == 303
    assert "市政工程处" in supervisor.get("/calendars/market").text


@pytest.mark.parametrize(
    ("address", "form", "sentence"),
    [
        ("timetable", {"code": "x", "name": "x", "mon": "上午"}, "“上午”不是时段"),
        ("timetable", {"code": "x", "name": "x"}, "没有工作时间"),
        ("timetable", {"code": "x", "name": "x", "valid_from": "明天"}, "“明天”不是日期"),
        (
            "days",
            {"source": "文号", "first": "2028-01-03", "last": "2028-01-01"},
            "结束不能早于开始",
        ),
        ("days", {"source": "", "first": "2028-01-01", "name": "元旦"}, "请写明依据"),
        ("days", {"source": "文号"}, "一次录入 1 到 400 天"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    as_: As, address: str, form: dict[str, str], sentence: str
) -> None:
    said = {"last": "", "kind": "rest", "name": "假"} | form if address == "days" else form
    answer = as_("admin").post(f"/calendars/{address}", {**said, "next": "/calendars"})
    assert answer.status_code == 303
    assert sentence in as_("admin").get("/calendars").text


def test_a_notice_is_entered_and_deadlines_are_counted_again_knowingly(as_: As) -> None:
    admin = as_("admin")
    columns = {
        "first": ["2028-01-01", "2028-01-08", ""],
        "last": ["2028-01-03", "", ""],
        "kind": ["rest", "work", "rest"],
        "name": ["元旦", "元旦", ""],
    }
    entered = admin.post("/calendars/days", {"source": "国办发明电〔2027〕9号", **columns})
    assert entered.status_code == 303
    text = as_("supervisor").get("/calendars").text
    assert "国办发明电〔2027〕9号" in text
    assert "2028 年 1 月 1 日（周六） 至 2028 年 1 月 3 日（周一） 休息（元旦）" in text

    told = as_("supervisor").get("/api/v1/deadlines/recount").json
    assert (told["standing"], told["moving"]) == (0, 0)
    assert as_("supervisor").post("/deadlines/recount").status_code == 403
    assert admin.post("/deadlines/recount").status_code == 303
    assert "涉及 0 个" in admin.get("/deadlines/recount").text


def test_programs_do_what_the_pages_do(as_: As) -> None:
    admin = as_("admin")
    body = {"name": "值守", "timetable": {"week": {"mon": ["00:00-24:00"]}, "holidays": False}}
    assert admin.send("/api/v1/calendars/watch/timetables", body).status_code == 200
    days = [{"date": "2026-07-06", "kind": "rest", "name": "停电"}]
    sent = {"days": days, "source": "停电通知", "calendar": "watch"}
    assert admin.send("/api/v1/calendar-days", sent).json == {"entered": 1}
    year = as_("supervisor").get("/api/v1/calendars/watch?year=2026").json
    cells = [cell for month in year["months"] for week in month["weeks"] for cell in week if cell]
    assert {cell["kind"] for cell in cells} == {"work", "rest", "closure"}
    assert [row["code"] for row in admin.get("/api/v1/calendars").json["rows"]] == [
        "standard",
        "watch",
    ]


def test_a_case_tells_why_and_whom_it_waits_for(as_: As) -> None:
    report = {"category": "streetlight", "area": "QY-03-02", "description": "灯不亮"}
    number = as_("grid").send("/api/v1/cases", {**report, "source": "patrol"}).json["number"]
    case = as_("supervisor").get(f"/api/v1/cases/{number}").json
    clock = case["deadlines"][0]["id"]
    why = as_("supervisor").get(f"/api/v1/cases/{number}/deadlines/{clock}").json
    assert why["due"] == case["deadlines"][0]["due_at"]
    assert why["steps"][0]["text"].startswith("时限：")
    page = as_("supervisor").get(f"/cases/{number}/deadlines/{clock}").text
    assert all(step["text"] in page for step in why["steps"])
    accounts = as_("supervisor").get(f"/api/v1/cases/{number}/accounts").json
    assert sum(row["minutes"] for row in accounts["rows"]) == accounts["minutes"]
    assert "时间花在哪里" in as_("supervisor").get(f"/cases/{number}").text
    missing = as_("supervisor").get(f"/cases/{number}/diligence/SZ")
    assert missing.status_code == 404
