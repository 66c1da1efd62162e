"""The report page: by which channel a report came, and what it refuses without losing a word."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from processes.bootstrap import Product
from processes.tables import case_file
from tests.web.conftest import Browser

As = Callable[[str], Browser]

REPORT = {
    "category": "streetlight",
    "area": "QY-03-02",
    "description": "路灯不亮。",
    "urgency": "normal",
}
CHANNEL = re.compile(r'name="source" value="(\w+)"( checked)?')


@pytest.mark.parametrize(
    ("login", "offered"),
    [
        ("grid", ["patrol", "resident", "hotline"]),
        ("dispatcher", ["resident", "hotline"]),
        ("dept", ["department"]),
    ],
)
def test_a_report_comes_by_the_channels_that_a_person_hears_of_things_by(
    as_: As, product: Product, login: str, offered: list[str]
) -> None:
    person = as_(login)
    found = CHANNEL.findall(person.get("/report").text)
    assert [code for code, _checked in found] == offered
    answer = person.post("/report", REPORT)  # nothing chosen: the usual channel
    assert answer.status_code == 303
    with product.engine.database.read() as connection:
        assert (
            connection.scalar(case_file.select().with_only_columns(case_file.c.source))
            == (offered[0])
        )


def test_a_call_to_the_hotline_is_registered_once_and_nothing_typed_is_lost(as_: As) -> None:
    desk = as_("dispatcher")
    call = {**REPORT, "source": "hotline", "external_ref": "RX-7"}
    number = desk.post("/report", call).headers["Location"].rpartition("/")[2]
    assert "12345 热线" in desk.get(f"/cases/{number}").text
    again = desk.post("/report", {**call, "description": "还是那盏路灯。"})
    assert again.status_code == 409
    assert f"来源编号 RX-7 已登记为 {number}" in again.text
    assert "还是那盏路灯。" in again.text
    assert CHANNEL.findall(again.text) == [("resident", ""), ("hotline", " checked")]
