"""The case file follows the diagram: it shows the earliest status of its own steps and its parts."""

from __future__ import annotations

from tests.processes.conftest import LIAISONS, SECRETARY, WORKER, Office


def status(office: Office, number: str) -> str:
    return str(office.case(number).status)


def test_a_case_the_community_handles_itself(office: Office) -> None:
    number = office.report()["number"]
    office.complete("community_review", "handle", SECRETARY)
    assert status(office, number) == "handling"
    office.complete("community_handle", "done", SECRETARY)
    assert status(office, number) == "checking"
    office.clock.forward(hours=1)
    office.complete("check", "pass", WORKER)
    case = office.case(number)
    assert (case.status, case.closed_at) == ("closed", office.clock.now())


def test_of_two_departments_the_slower_one_speaks_for_the_case(office: Office) -> None:
    number = office.report()["number"]
    office.complete("community_review", "whistle", SECRETARY)
    assert {unit: row.kind for unit, row in office.parts(number).items()} == {
        "SZ": "lead",
        "CG": "assist",
    }
    assert status(office, number) == "awaiting_answer"
    office.complete("answer", "answer", LIAISONS["SZ"], "SZ")
    assert office.parts(number)["SZ"].status == "handling"
    assert status(office, number) == "awaiting_answer"
    office.complete("answer", "answer", LIAISONS["CG"], "CG")
    assert status(office, number) == "handling"
    office.complete("handle", "done", LIAISONS["SZ"], "SZ")
    assert office.parts(number)["SZ"].ended_at is not None
    assert status(office, number) == "handling"
    office.complete("handle", "done", LIAISONS["CG"], "CG")
    assert status(office, number) == "checking"


def test_who_does_not_answer_is_whistled_again_and_the_leader_is_told(office: Office) -> None:
    number = office.report()["number"]
    office.complete("community_review", "whistle", SECRETARY)
    office.complete("answer", "answer", LIAISONS["SZ"], "SZ")
    office.wait(hours=4)
    parts = office.parts(number)
    assert {unit: row.round for unit, row in parts.items()} == {"SZ": 1, "CG": 2}
    (letter,) = office.letters()
    assert (letter["role"], letter["unit"], letter["message"]) == (
        "dept_leader",
        "CG",
        "second_whistle",
    )
    assert office.item("answer_second").unit == "CG"
    assert status(office, number) == "awaiting_answer"
