"""The chain that comes with us, walked through the door from report to closing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.db.tables import incident
from engine.errors import Forbidden, Invalid, NotFound
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.trail.verify import verify
from processes.bootstrap import prepare
from processes.settings import Settings
from tests.processes.conftest import LIAISONS, SECRETARY, WORKER, Office

DISPATCHER = Actor(id=None, posts=(Post("dispatcher", "QY"),))
LEADER = Actor(id=None, posts=(Post("dept_leader", "CG"),))
ANSWER = {"leader": "周强", "phone": "13800000000"}
RESULT = {"solved": "yes", "result": "已更换灯泡"}
UNITS = [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}]


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Office]:
    settings = Settings(home=tmp_path / "home", database=database_url)
    product = prepare(settings, clock=clock, ids=ids)
    yield Office(product, clock)
    product.close()


def status(office: Office, number: str) -> str:
    return str(office.case(number).status)


def whistle(office: Office, **fields: Any) -> str:
    """Report a case and bring it to the departments."""
    number = str(office.report(**fields)["number"])
    office.complete("community_review", "whistle", SECRETARY, request="请修路灯")
    assert status(office, number) == "routing"
    office.complete("routing", "route", DISPATCHER, units=UNITS)
    return number


def test_from_report_to_closing_with_two_departments(office: Office) -> None:
    number = whistle(office)
    assert status(office, number) == "awaiting_answer"
    for unit in ("SZ", "CG"):
        office.complete("answer", "answer", LIAISONS[unit], unit, **ANSWER)
    assert status(office, number) == "handling"
    for unit in ("SZ", "CG"):
        office.complete("handle", "done", LIAISONS[unit], unit, **RESULT)
    assert status(office, number) == "checking"
    office.complete("check", "pass", WORKER)
    case = office.case(number)
    assert (case.status, case.closed_at) == ("closed", office.clock.now())
    assert all(part.ended_at for part in office.parts(number).values())
    assert office.rows(sa.select(incident)) == []
    office.product.seal()
    with office.product.engine.database.read() as connection:
        report = verify(connection, office.product.keys)
    assert report.ok
    assert report.leaves == report.instances == 3


def test_an_urgent_whistle_that_nobody_answers_goes_to_the_leader(office: Office) -> None:
    number = whistle(office, urgency="urgent")
    office.complete("answer", "answer", LIAISONS["SZ"], "SZ", **ANSWER)
    office.clock.set(office.item("answer", "CG").due_at)
    office.wait()
    assert [letter["role"] for letter in office.letters()] == ["dept_leader"]
    assert status(office, number) == "awaiting_answer"
    with pytest.raises((Forbidden, NotFound)):
        office.complete("answer_second", "answer", LIAISONS["CG"], "CG", **ANSWER)
    office.complete("answer_second", "answer", LEADER, "CG", **ANSWER)
    assert status(office, number) == "handling"


@pytest.mark.parametrize("code", ["NOPE", "QY-03"])
def test_the_whistle_calls_nobody_who_is_no_department(office: Office, code: str) -> None:
    number = str(office.report()["number"])
    office.complete("community_review", "whistle", SECRETARY, request="请修路灯")
    with pytest.raises(Invalid) as refusal:
        office.complete("routing", "route", DISPATCHER, units=[{"unit": code, "kind": "lead"}])
    assert refusal.value.code == "form.invalid"
    assert code in str(refusal.value.details["fields"]["units"])
    assert status(office, number) == "routing"


def test_a_failed_check_brings_the_case_back_to_who_handled_it(office: Office) -> None:
    number = str(office.report()["number"])
    office.complete("community_review", "handle", SECRETARY)
    office.complete("community_handle", "done", SECRETARY, result="已清扫")
    office.complete("check", "rework", WORKER, reason="仍有垃圾")
    assert status(office, number) == "handling"
    office.complete("community_handle", "done", SECRETARY, result="再次清扫")
    office.complete("check", "pass", WORKER)
    assert status(office, number) == "closed"
