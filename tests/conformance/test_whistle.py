"""The shipped whistle, walked through the door by those who live with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from engine.actor import Actor, Post
from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import prepare
from processes.settings import Settings
from tests.processes.conftest import LIAISONS, SECRETARY, WORKER, Office

DISPATCHER = Actor(id=UUID(int=3), posts=(Post("dispatcher", "QY"),))
LEADER = Actor(id=UUID(int=20), posts=(Post("dept_leader", "SZ"),))
TEAM = {"leader": "周强", "phone": "0511-8541 2345"}
DONE = {"solved": "yes", "result": "已更换灯头，恢复照明。"}
ONE = [{"unit": "SZ", "kind": "lead"}]
TWO = [*ONE, {"unit": "CG", "kind": "assist"}]


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Office]:
    """Open a product with the folders that ship."""
    settings = Settings(home=tmp_path / "home", database=sqlite_url)
    product = prepare(settings, clock=clock, ids=ids)
    yield Office(product, clock)
    product.close()


def whistled(office: Office, units: list[dict[str, str]], **report: str) -> str:
    """Report, whistle and route a case; return its number."""
    number = str(office.report(**report)["number"])
    office.complete("community_review", "whistle", SECRETARY, request="请市政换灯。")
    office.complete("routing", "route", DISPATCHER, units=units)
    return number


def test_what_the_community_can_do_it_does_and_does_again(office: Office) -> None:
    number = office.report()["number"]
    assert office.case(number).status == "community_review"
    office.complete("community_review", "handle", SECRETARY)
    office.complete("community_handle", "done", SECRETARY, result="已清理。")
    office.complete("check", "rework", WORKER, reason="还剩一半。")
    assert office.case(number).status == "handling"
    office.complete("community_handle", "done", SECRETARY, result="全部清理。")
    office.complete("check", "pass", WORKER)
    assert office.case(number).status == "closed"


def test_two_departments_answer_handle_and_are_checked_together(office: Office) -> None:
    number = whistled(office, TWO)
    for unit, liaison in LIAISONS.items():
        office.complete("answer", "answer", liaison, unit, **TEAM)
        assert office.parts(number)[unit].status == "handling"
        office.complete("handle", "done", liaison, unit, **DONE)
    assert office.case(number).status == "checking"
    office.complete("check", "pass", WORKER)
    assert office.case(number).status == "closed"


def test_rework_is_routed_anew_and_its_results_are_new(office: Office) -> None:
    number = whistled(office, ONE)
    office.complete("answer", "answer", LIAISONS["SZ"], **TEAM)
    office.complete("handle", "done", LIAISONS["SZ"], **DONE)
    office.complete("check", "rework", WORKER, reason="又灭了。")
    assert office.case(number).status == "routing"
    office.complete("routing", "route", DISPATCHER, units=ONE)
    office.complete("answer", "answer", LIAISONS["SZ"], **TEAM)
    office.complete("handle", "done", LIAISONS["SZ"], **DONE)
    office.complete("check", "pass", WORKER)
    assert office.case(number).status == "closed"


def test_silence_brings_a_second_whistle_to_the_leader(office: Office) -> None:
    number = whistled(office, ONE)
    office.wait(hours=4)
    assert office.parts(number)["SZ"].round == 2
    assert [(each["role"], each["message"]) for each in office.letters()] == [
        ("dept_leader", "second_whistle")
    ]
    office.complete("answer_second", "answer", LEADER, **TEAM)
    assert office.parts(number)["SZ"].status == "handling"


def test_a_department_is_urged_once_before_its_time_is_up_and_goes_on(office: Office) -> None:
    number = whistled(office, ONE)
    office.complete("answer", "answer", LIAISONS["SZ"], **TEAM)
    office.wait(hours=39)  # a street light has two days: four fifths are 38.4 hours
    assert [(each["role"], each["message"]) for each in office.letters()] == [("dept", "urge")]
    office.wait(hours=8)
    assert len(office.letters()) == 1
    office.complete("handle", "done", LIAISONS["SZ"], **DONE)
    assert office.case(number).status == "checking"


def test_who_is_only_told_has_nothing_to_do(office: Office) -> None:
    number = whistled(office, [*ONE, {"unit": "CG", "kind": "notify"}])
    assert office.parts(number)["CG"].ended_at is not None
    assert [(each["unit"], each["message"]) for each in office.letters()] == [("CG", "informed")]
    assert office.item("answer").unit == "SZ"


def test_danger_shortens_the_time_to_answer(office: Office) -> None:
    number = whistled(office, ONE, urgency="danger")
    office.wait(hours=1)
    assert office.parts(number)["SZ"].round == 2
