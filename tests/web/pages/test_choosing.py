"""At a step one chooses what is to be done, and is then asked for what belongs to that only."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.web.conftest import Browser
from tests.web.test_story import TEAM, WHISTLE, do, report, step, whistled

As = Callable[[str], Browser]

CHOICE = re.compile(r'type="radio"[^>]* name="outcome" value="(\w+)"( checked)?')
ASKED = re.compile(r'class="acts__row asked ([\w\- ]+)">(.*?)</div>', re.DOTALL)
CLAUSE = "职责清单第三条"


def chosen(page: str) -> list[str]:
    """Return the outcomes that stand chosen on a page."""
    return [outcome for outcome, checked in CHOICE.findall(page) if checked]


def asked(page: str, place: int) -> set[str]:
    """Return the names of the fields that show when the outcome at a place is chosen."""
    shown = (body for classes, body in ASKED.findall(page) if f"asked--{place}" in classes.split())
    return {name for body in shown for name in re.findall(r' name="(\w+)"', body)}


def test_a_judgement_is_never_made_beforehand(as_: As) -> None:
    number = report(as_("grid"), category="manhole")
    review = as_("community").get(f"/cases/{number}").text
    assert [outcome for outcome, _checked in CHOICE.findall(review)] == [
        "whistle",
        "handle",
        "answer",
    ]
    assert chosen(review) == []
    assert [asked(review, place) for place in (1, 2, 3)] == [
        {"whistle_type", "request", "tried", "photos"},
        set(),
        {"reply"},
    ]
    do(as_("community"), number, "whistle", **WHISTLE)
    assert chosen(as_("approver").get(f"/cases/{number}").text) == []


def test_who_chooses_nothing_is_told_so_and_loses_no_word(as_: As) -> None:
    number = report(as_("grid"))
    address = step(as_("community"), number)
    answer = as_("community").post(address, {"back": number, "tried": "已经劝说三次"})
    assert answer.status_code == 422
    assert "请先选好怎么办，再提交。" in answer.text
    assert "已经劝说三次" in answer.text
    assert chosen(answer.text) == []


@pytest.fixture
def number(as_: As) -> str:
    """A case that waits for two departments to answer."""
    return whistled(as_)


def test_a_step_opens_with_what_is_usual(as_: As, number: str) -> None:
    page = as_("dept").get(f"/cases/{number}").text
    assert chosen(page) == ["answer"]
    assert asked(page, 1) == {"leader", "phone", "eta"}


def test_a_refused_choice_stays_chosen(as_: As, number: str) -> None:
    address = step(as_("dept"), number, "object")
    answer = as_("dept").post(address, {"outcome": "object", "back": number, "clause": CLAUSE})
    assert answer.status_code == 422
    assert chosen(answer.text) == ["object"]
    assert f'value="{CLAUSE}"' in answer.text


def test_what_was_typed_for_another_outcome_is_not_sent(as_: As, number: str) -> None:
    do(as_("dept"), number, "answer", **TEAM, clause=CLAUSE)
    page = as_("dept").get(f"/cases/{number}").text
    assert "刘队" in page
    assert CLAUSE not in page


def test_a_number_that_cannot_be_joined_is_said_beside_it(as_: As) -> None:
    number = report(as_("grid"))
    do(as_("community"), number, "whistle", **WHISTLE)
    address = step(as_("approver"), number)
    told = {"outcome": "join", "joined_to": number, "back": number}
    page = as_("approver").post(address, told)
    assert page.status_code == 422
    assert "这就是本件的编号，请填要并入的那一件。" in page.text
    assert chosen(page.text) == ["join"]
    data = {"outcome": "join", "data": {"joined_to": "QY-2026-999999"}}
    answer = as_("approver").send(f"/api/v1{address}/complete", data)
    assert answer.status_code == 422
    assert answer.json["fields"] == {
        "joined_to": "没有编号为 QY-2026-999999 的事项，或您无权查看。"
    }


def test_who_reviews_an_objection_reads_its_reasons_beside_the_choice(as_: As, number: str) -> None:
    told = {"clause": CLAUSE, "suggested_unit": "水务局", "reason": "是雨水井"}
    do(as_("dept"), number, "object", **told)
    said = as_("dispatcher").get(f"/cases/{number}").text.partition('class="todo__said"')[2]
    assert CLAUSE in said.partition("<form")[0]
