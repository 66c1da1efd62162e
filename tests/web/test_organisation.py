"""The organisation over the web: looked at by all, changed by whoever manages it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.now import ManualClock
from tests.web.conftest import Browser

As = Callable[[str], Browser]
API = "/api/v1"


def change(admin: Browser, deed: str, **form: str) -> str:
    """Send a form and return what the page then says."""
    answer = admin.post(f"/organisation/{deed}", {"next": "/organisation", **form})
    assert answer.status_code == 303, answer.text
    return admin.get("/organisation").text


def person_id(admin: Browser, name: str) -> str:
    return str(admin.get(f"{API}/people?query={name}").json["rows"][0]["id"])


def test_everybody_looks_units_and_people_up(as_: As) -> None:
    liaison = as_("dept")
    top = liaison.get("/organisation").text
    assert "启明区" in top
    assert "清河街道" in top
    found = liaison.get("/organisation?q=春晖").text
    assert "/organisation/units/QY-03" in found
    page = liaison.get("/organisation/units/QY-03").text
    assert "李建国" in page
    assert "改名" not in page
    assert "王芳" in liaison.get("/organisation?q=王芳").text
    assert "没有找到" in liaison.get("/organisation?q=%25").text


def test_an_administrator_changes_a_unit_by_its_forms(as_: As, clock: ManualClock) -> None:
    admin = as_("admin")
    form = {"code": "QY-09", "name": "秋收社区", "kind": "community", "parent": "QY"}
    assert "已保存" in change(admin, "add-unit", **form)
    clock.forward(hours=1)
    assert "已保存" in change(admin, "rename-unit", code="QY-09", name="秋收新村")
    assert "已保存" in change(admin, "move-unit", code="QY-09", parent="QZ")
    assert "已保存" in change(admin, "merge-units", units="QY-09", into="QY-04")
    page = admin.get("/organisation/units/QY-09").text
    assert "已撤销" in page
    assert "由秋实社区承接" in page
    assert "秋收社区" in page  # what it was called


def test_a_department_is_split_by_a_form(as_: As) -> None:
    admin = as_("admin")
    for code in ("D1", "D2"):
        form = {"code": code, "name": code, "kind": "department", "parent": "QX"}
        change(admin, "add-unit", **form)
    assert "至少需要两个" in change(admin, "split-unit", code="SZ", heir="D1")
    answer = admin.client.post(
        "/organisation/split-unit",
        data={
            "csrf_token": admin.csrf,
            "next": "/organisation",
            "code": "SZ",
            "heir": ["D1", "D2"],
        },
    )
    assert answer.status_code == 303
    heirs = admin.get(f"{API}/units/SZ").json["heirs"]
    assert [each["code"] for each in heirs] == ["D1", "D2"]


@pytest.mark.parametrize(
    ("deed", "form", "sentence"),
    [
        ("rename-unit", {"code": "QY"}, "请把表单填写完整"),
        ("move-unit", {"code": "QY", "parent": "QY-03"}, "不能作为上级单位"),
        ("merge-units", {"units": "SZ", "into": "SZ"}, "不能并入它自己"),
        ("add-membership", {"person": "无此人", "role": "dept", "unit": "SZ"}, "没有找到“无此人”"),
        ("abolish-unit", {"code": "QY"}, "之下还有"),
        (
            "set-duty",
            {"unit": "QY", "role": "dept", "person": "王芳", "valid_from": "x"},
            "填写完整",
        ),
    ],
)
def test_a_refusal_is_said_on_the_page(
    as_: As, deed: str, form: dict[str, str], sentence: str
) -> None:
    assert sentence in change(as_("admin"), deed, **form)


def test_an_administrator_of_another_street_is_refused(as_: As) -> None:
    form = {"next": "/organisation", "code": "QY", "name": "x"}
    assert as_("admin-out").post("/organisation/rename-unit", form).status_code == 403
    assert "改名" not in as_("admin-out").get("/organisation/units/QY").text


def test_a_week_of_duty_is_kept_on_its_page(as_: As) -> None:
    admin = as_("admin")
    times = {"valid_from": "2026-03-04T17:30", "valid_to": "2026-03-05T08:30"}
    duty = {"unit": "SZ", "role": "dept", "person": "褚健", "note": "3301", **times}
    assert "已保存" in change(admin, "set-duty", **duty)
    page = as_("dept").get("/roster?unit=QX&week=2026-03-02").text
    assert page.count("3301") == 1  # a night is one line, on the day it begins
    assert "撤下" not in page
    (day,) = [
        each
        for each in admin.get(f"{API}/roster?unit=SZ&first=2026-03-04").json["days"]
        if each["day"] == "2026-03-04"
    ]
    assert "已保存" in change(admin, "end-duty", duty_id=day["duties"][0]["id"])
    assert "3301" not in admin.get("/roster?unit=QX&week=2026-03-02").text
    assert admin.get("/roster?week=nonsense").status_code == 200


def test_who_stands_in_sees_the_inbox_at_once(as_: As) -> None:
    admin = as_("admin")
    times = {"valid_from": "2026-03-01T00:00", "valid_to": "2026-03-09T00:00"}
    assert as_("dept-out").get(f"{API}/me").json["posts"] == [{"role": "dept", "unit": "CG"}]
    form = {"absent": person_id(admin, "周强"), "substitute": "褚健", **times}
    assert "已保存" in change(admin, "add-substitution", **form)
    posts = as_("dept-out").get(f"{API}/me").json["posts"]
    assert {"role": "dept", "unit": "SZ"} in posts
    page = admin.get(f"/organisation/people/{form['absent']}").text
    assert "褚健 顶 周强 的岗" in page


def test_programs_change_the_organisation_too(as_: As) -> None:
    admin = as_("admin")
    answer = admin.send(f"{API}/organisation/add-person", {"name": "陆远", "code": "2001"})
    assert answer.status_code == 200, answer.text
    post = {
        "person": "2001",
        "role": "dept",
        "unit": "SZ",
        "valid_from": "2026-03-02T09:00:00+08:00",
    }
    made = admin.send(f"{API}/organisation/add-membership", post).json
    page = admin.get(f"{API}/people/{answer.json['id']}").json
    assert [each["id"] for each in page["posts"]] == [made["id"]]
    again = admin.send(f"{API}/organisation/add-membership", post)
    assert (again.status_code, again.json["code"]) == (409, "membership.overlap")
    ended = admin.send(f"{API}/organisation/end-membership", {"membership_id": made["id"]})
    assert ended.status_code == 200
    assert admin.get(f"{API}/units/none").status_code == 404
