"""Every minute of a case is charged once; beside it each unit has a ledger of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from benchmarks.counting import statements
from processes.calendars.commands import SetTimetable
from processes.reads.account_rows import Accounts
from processes.reads.case import case_page
from processes.reads.holds import without
from processes.unit_changes import SetUnitCalendar
from processes.unit_ends import HandOver
from tests.processes.reads.conftest import ReadOffice

ANSWER = {"leader": "陈队"}


def accounts_of(office: ReadOffice, number: str, locale: str = "zh") -> Accounts:
    with office.read(locale) as reader:
        page = case_page(reader, office.supervisor, number, keys=office.product.keys)
    return page.accounts


def charged(found: Accounts) -> dict[str, int]:
    return {row.label: row.minutes for row in found.rows}


def test_time_is_charged_to_whom_the_others_wait_for(office: ReadOffice) -> None:
    number = office.report()["number"]  # nine in the morning
    office.wait(minutes=20)
    office.step("community_review", "whistle", office.secretary)
    office.wait(minutes=10)
    units = {"units": [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}]}
    office.step("routing", "route", office.dispatcher, data=units)
    office.product.worker("test").drain()
    office.wait(minutes=30)
    office.step("answer", "answer", office.liaison, "SZ", data=ANSWER)
    office.step("answer", "answer", office.rival, "CG", data=ANSWER)
    office.wait(minutes=45)
    office.step("handle", "done", office.liaison, "SZ", data={"solved": "yes"})
    office.wait(minutes=40)
    found = accounts_of(office, number)
    assert charged(found) == {
        "春晖社区": 20,
        "清河街道": 10,
        "几家同时办理": 75,
        "城市管理局": 40,
    }
    assert found.minutes == 145
    (joint,) = (row for row in found.rows if row.charged == "joint")
    assert joint.stretches[0].holders == ("城市管理局", "市政工程处")

    slow = found.ledger_of("CG")
    assert slow is not None
    assert slow.minutes == 115
    answered, handling = slow.lines
    assert (answered.label, answered.minutes, answered.late) == ("应哨时限", 30, False)
    assert (handling.limit, handling.minutes, handling.stopped_at) == ("1 个自然日", 85, None)


def test_nights_are_nobody_s_unless_the_clock_or_the_case_runs_on(office: ReadOffice) -> None:
    calm = office.report()["number"]
    office.step("community_review", "handle", office.secretary)  # no clock on community_handle
    office.wait(hours=24)
    assert charged(accounts_of(office, calm)) == {"春晖社区": 8 * 60, "无人当班": 16 * 60}

    pressing = office.report(urgency="urgent")["number"]
    office.wait(hours=24)
    assert charged(accounts_of(office, pressing)) == {"春晖社区": 24 * 60}


def test_what_came_late_from_its_source_is_the_reporter_s_time(office: ReadOffice) -> None:
    earlier = office.clock.now() - timedelta(hours=2)
    number = office.report(reported_at=earlier)["number"]
    office.wait(minutes=5)
    assert charged(accounts_of(office, number)) == {"诉求人": 120, "春晖社区": 5}
    assert charged(accounts_of(office, number, "en"))["春晖社区"] == 5


def test_a_unit_with_its_own_hours_is_charged_by_them(office: ReadOffice) -> None:
    short = {"week": {"mon": ["09:00-10:00"], "tue": ["09:00-10:00"]}}
    office.do(SetTimetable(code="short", name="半日", timetable=short))
    office.do(SetUnitCalendar(code="QY-03", calendar="short"))
    number = office.report()["number"]
    office.step("community_review", "handle", office.secretary)
    office.wait(hours=24)
    assert charged(accounts_of(office, number))["春晖社区"] == 60


def test_more_units_and_calendars_cost_no_more_statements(office: ReadOffice) -> None:
    young = office.report()["number"]
    accounts_of(office, young)
    with statements() as few:
        accounts_of(office, young)
    always = {"week": {"mon": ["00:00-24:00"]}}
    for unit in ("SZ", "CG"):
        office.do(SetTimetable(code=unit.lower(), name=unit, timetable=always))
        office.do(SetUnitCalendar(code=unit, calendar=unit.lower()))
    office.step("community_review", "handle", office.secretary)
    old = office.to_departments()
    accounts_of(office, old)
    with statements() as many:
        accounts_of(office, old)
    assert len(many) == len(few)


def test_before_a_hand_over_the_time_was_the_other_unit_s(office: ReadOffice) -> None:
    number = office.to_departments()
    office.step("answer", "answer", office.rival, "CG", data=ANSWER)
    office.step("handle", "done", office.rival, "CG", data={"solved": "yes"})
    office.wait(minutes=20)
    office.do(HandOver(unit="SZ", successor="CG"))
    office.wait(minutes=35)
    found = charged(accounts_of(office, number))
    assert (found["市政工程处"], found["城市管理局"]) == (20, 35)


def test_a_pause_is_taken_out_of_the_step_under_it() -> None:
    start = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    hour = [start + timedelta(hours=n) for n in range(6)]
    rests = [(hour[1], hour[2]), (hour[3], hour[4])]
    assert list(without(hour[0], hour[5], rests)) == [
        (hour[0], hour[1]),
        (hour[2], hour[3]),
        (hour[4], hour[5]),
    ]
    assert list(without(hour[1], hour[2], rests)) == []
