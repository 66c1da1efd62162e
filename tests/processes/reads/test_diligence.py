"""The diligence record of a unit: what it did when, whom it waited for, for whom it is theirs."""

from __future__ import annotations

import pytest

from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from processes.reads.case import case_page
from processes.reads.diligence import Sheet, diligence
from tests.processes.reads.conftest import ReadOffice


def sheet_of(office: ReadOffice, number: str, unit: str, actor: Actor) -> Sheet:
    with office.read() as reader:
        return diligence(reader, actor, number, unit)


@pytest.fixture
def number(office: ReadOffice) -> str:
    """One department signs after six minutes and is done after fifty; the other never moves."""
    found = office.to_departments()
    office.wait(minutes=6)
    office.step("answer", "answer", office.liaison, "SZ", data={"leader": "陈队"})
    office.wait(minutes=44)
    office.step("handle", "done", office.liaison, "SZ", data={"solved": "yes", "result": "换灯"})
    office.wait(minutes=30)
    return found


def test_it_says_when_a_unit_signed_and_was_done(office: ReadOffice, number: str) -> None:
    sheet = sheet_of(office, number, "SZ", office.liaison)
    assert (sheet.unit_name, sheet.kind, sheet.ended_at is not None) == ("市政工程处", "主办", True)
    assert (sheet.signed, sheet.arrived, sheet.handled) == (6, None, 50)
    assert [(step.step, step.minutes, step.outcome) for step in sheet.steps] == [
        ("应哨", 6, "应哨"),
        ("办理并反馈", 44, "办理完毕"),
    ]
    assert [(row.label, row.minutes) for row in sheet.waits] == [("几家同时办理", 50)]
    assert sheet.own is not None
    assert [(line.label, line.minutes, line.late) for line in sheet.own.lines] == [
        ("应哨时限", 6, False),
        ("办理时限", 44, False),
    ]
    assert any("换灯" in line.detail for line in sheet.past)


def test_an_open_part_is_not_done_and_all_now_wait_for_it(office: ReadOffice, number: str) -> None:
    sheet = sheet_of(office, number, "CG", office.supervisor)
    assert (sheet.signed, sheet.handled, sheet.ended_at) == (None, None, None)
    assert sheet.charged == 30
    (step,) = sheet.steps
    assert (step.status, step.closed_at, step.minutes) == ("open", None, 80)


def test_it_is_for_the_unit_itself_and_who_supervises_it(office: ReadOffice, number: str) -> None:
    assert sheet_of(office, number, "SZ", office.leader).signed == 6
    for actor in (office.rival, office.secretary):
        with pytest.raises(Forbidden):
            sheet_of(office, number, "SZ", actor)
    with pytest.raises(NotFound) as hidden:
        sheet_of(office, number, "SZ", office.outsider)
    assert hidden.value.code == "case.unknown"
    with pytest.raises(NotFound) as none:
        sheet_of(office, number, "QY", office.supervisor)
    assert none.value.code == "diligence.no_part"


def test_the_case_page_leads_each_to_the_records_they_may_print(
    office: ReadOffice, number: str
) -> None:
    with office.read() as reader:
        offered = {
            name: case_page(reader, actor, number, keys=office.product.keys).sheets
            for name, actor in (
                ("supervisor", office.supervisor),
                ("liaison", office.liaison),
                ("secretary", office.secretary),
            )
        }
    assert offered == {"supervisor": ("SZ", "CG"), "liaison": ("SZ",), "secretary": ()}
