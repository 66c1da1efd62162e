"""A case's page: what one actor may know of a case, at one instant."""

from __future__ import annotations

import pytest

from benchmarks.counting import statements
from engine.actor import Actor
from engine.errors import Forbidden, NotFound
from processes.reads.case import case_page
from processes.reads.rows import CasePage
from tests.processes.reads.conftest import TWO_UNITS, ReadOffice

PERSONAL = {
    "reporter_name": "陈小明",
    "reporter_phone": "138 1234 5678",
    "address": "康庄路12号3单元",
}


def page_of(
    office: ReadOffice, number: str, actor: Actor, *, reveal: bool = False, locale: str = "zh"
) -> CasePage:
    with office.read(locale) as reader:
        return case_page(reader, actor, number, keys=office.product.keys, reveal=reveal)


def test_a_page_says_what_it_is_where_it_stands_and_who_has_it(office: ReadOffice) -> None:
    number = office.to_departments()
    page = page_of(office, number, office.supervisor)
    assert (page.title, page.description) == ("路灯不亮", "路灯不亮。")
    assert (page.status, page.status_code) == ("待应哨", "awaiting_answer")
    assert (page.category, page.area, page.source) == ("路灯故障", "第二网格", "网格巡查")
    assert page.holders == ("市政工程处", "城市管理局")
    assert [(p.unit_name, p.kind, p.status) for p in page.parts] == [
        ("市政工程处", "主办", "待应哨"),
        ("城市管理局", "协办", "待应哨"),
    ]
    assert [d.code for d in page.deadlines] == ["answer", "answer", "case"]
    assert page.items == (), "a supervisor has no step here"


def test_who_may_not_read_a_case_is_told_what_an_unknown_number_is_told(
    office: ReadOffice,
) -> None:
    number = office.report()["number"]
    for actor in (office.liaison, office.outsider):
        with pytest.raises(NotFound) as hidden:
            page_of(office, number, actor)
        assert hidden.value.code == "case.unknown"
    with pytest.raises(NotFound) as missing:
        page_of(office, "QY-1999-000001", office.supervisor)
    assert missing.value.code == hidden.value.code


def test_a_step_s_form_starts_from_its_defaults_and_offers_the_departments(
    office: ReadOffice,
) -> None:
    number = office.report()["number"]
    office.step("community_review", "whistle", office.secretary)
    (item,) = page_of(office, number, office.dispatcher).items
    (units,) = item.fields
    assert (item.step, [b.label for b in item.buttons]) == ("分哨", ["派出"])
    assert units.value == TWO_UNITS["units"]
    assert dict(units.choices) == {"SZ": "市政工程处", "CG": "城市管理局"}
    assert units.required


def test_each_department_sees_only_its_own_step(office: ReadOffice) -> None:
    number = office.to_departments()
    (own,) = page_of(office, number, office.liaison).items
    assert (own.step, own.unit_name) == ("应哨", "市政工程处")
    assert [(f.name, f.label, f.required) for f in own.fields] == [
        ("leader", "带队人", True),
        ("eta", "预计到场", False),
    ]
    assert own.deadline is not None
    assert own.deadline.code == "answer"


def test_the_reporter_is_masked_until_asked_for_by_who_may(office: ReadOffice) -> None:
    number = office.report(**PERSONAL)["number"]
    masked = page_of(office, number, office.supervisor)
    assert (masked.reporter_name, masked.reporter_phone) == ("陈**", "138****5678")
    assert masked.address == "康庄路****"
    assert masked.may_reveal
    shown = page_of(office, number, office.supervisor, reveal=True)
    assert (shown.reporter_name, shown.reporter_phone) == ("陈小明", "138 1234 5678")
    assert shown.address == "康庄路12号3单元"


def test_a_department_finds_the_place_but_never_the_reporter(office: ReadOffice) -> None:
    number = office.to_departments(**PERSONAL)
    page = page_of(office, number, office.liaison)
    assert (page.reporter_name, page.address) == ("陈**", "康庄路12号3单元")
    assert not page.may_reveal
    with pytest.raises(Forbidden):
        page_of(office, number, office.liaison, reveal=True)


def test_the_time_line_tells_who_did_what_in_words_newest_first(office: ReadOffice) -> None:
    number = office.report()["number"]
    office.clock.forward(minutes=5)
    office.step("community_review", "whistle", office.secretary)
    office.clock.forward(minutes=5)
    office.step("routing", "route", office.dispatcher, data=TWO_UNITS)
    office.clock.forward(minutes=5)
    told = {"leader": "张工", "eta": "2026-03-02T10:00:00+08:00"}
    office.step("answer", "answer", office.liaison, "SZ", told)
    lines = page_of(office, number, office.supervisor).history
    assert [(line.title, line.unit_name) for line in lines] == [
        ("应哨", "市政工程处"),
        ("发起：departments", "城市管理局"),
        ("发起：departments", "市政工程处"),
        ("分哨", "清河街道"),
        ("判定单位", None),
        ("研判：申请吹哨", "春晖社区"),
        ("上报：网格巡查", "第二网格"),
    ]
    assert lines[0].detail == "带队人：张工；预计到场：03-02 10:00"
    assert lines[3].detail == "单位：市政工程处（主办）、城市管理局（协办）"
    assert lines[5].who == "社区书记 王书"
    assert {line.tone for line in lines} <= {"done", "info", "warn", "bad", "raise"}


def test_what_the_system_decides_is_not_laid_to_whom_it_followed(office: ReadOffice) -> None:
    number = office.report()["number"]
    office.step("community_review", "whistle", office.secretary)
    (line,) = (
        line
        for line in page_of(office, number, office.supervisor).history
        if line.kind == "decision.made"
    )
    assert (line.title, line.who, line.unit_name) == ("判定单位", "系统", None)
    assert (line.detail, line.ruling and line.ruling.rows) == ("SZ CG", (1,))


def test_the_time_line_is_told_in_english_too(office: ReadOffice) -> None:
    number = office.to_departments()
    lines = page_of(office, number, office.supervisor, locale="en").history
    assert any("Blow the whistle" in line.title for line in lines)
    assert any("Dispatcher" in line.who for line in lines)


def test_a_breach_and_the_second_whistle_it_brings_are_told(office: ReadOffice) -> None:
    number = office.to_departments()
    office.wait(hours=4)
    lines = page_of(office, number, office.supervisor).history
    told = [(line.tone, line.title) for line in lines if line.unit_name == "市政工程处"]
    assert ("bad", "超期：应哨时限") in told
    assert ("raise", "二次吹哨") in told
    assert ("warn", "临期提醒") in told
    assert all(line.who == "系统" for line in lines if line.title == "二次吹哨")


def test_departments_do_not_learn_who_found_the_problem(office: ReadOffice) -> None:
    number = office.to_departments()
    seen = {line.who for line in page_of(office, number, office.liaison).history}
    known = {line.who for line in page_of(office, number, office.supervisor).history}
    assert not any("李格" in who for who in seen)
    assert any("李格" in who for who in known)


def test_a_finder_stays_unnamed_whatever_post_the_finder_holds_now(office: ReadOffice) -> None:
    office.worker = Actor(id=office.secretary.id, posts=office.worker.posts)
    number = office.to_departments()
    line = page_of(office, number, office.liaison).history[-1]
    assert (line.kind, line.who) == ("case.reported", "社区书记")


def test_the_diagrams_show_the_way_walked_and_where_it_stands(office: ReadOffice) -> None:
    number = office.to_departments()
    office.step("answer", "answer", office.liaison, "SZ", {"leader": "张工"})
    case, part = page_of(office, number, office.supervisor).diagrams
    assert (case.process, case.title, part.title) == ("whistle", "吹哨报到", "部门报到")
    assert {"reported", "community_review", "way", "routing"} <= set(case.done)
    assert {"community_review_way", "way_find_units"} <= set(case.flows)
    assert "way_community_handle" not in case.flows
    (waiting,) = case.active
    assert (waiting["id"], waiting["late"], waiting["label"]) == (
        "departments",
        False,
        "0/2 已完成",
    )
    assert {mark["id"]: mark["label"] for mark in part.active} == {
        "handle": "市政工程处",
        "answer": "城市管理局",
    }
    assert "<bpmn:process" in part.xml


def test_a_late_step_is_late_on_the_drawing_and_on_its_caller_s(office: ReadOffice) -> None:
    number = office.report()["number"]
    office.clock.forward(hours=3)
    (mark,) = page_of(office, number, office.supervisor).diagrams[0].active
    assert (mark["id"], mark["late"]) == ("community_review", True)


def test_after_rework_each_unit_stands_once_with_its_latest_part(office: ReadOffice) -> None:
    number = office.to_departments()
    for actor, unit in ((office.liaison, "SZ"), (office.rival, "CG")):
        office.step("answer", "answer", actor, unit, {"leader": "张工"})
        office.step("handle", "done", actor, unit, {"solved": "yes", "result": "换了灯泡"})
    done = page_of(office, number, office.supervisor)
    assert [part.status for part in done.parts] == ["已完成", "已完成"]
    office.clock.forward(minutes=1)
    office.step("check", "rework", office.worker)
    office.step("routing", "route", office.dispatcher, data=TWO_UNITS)
    again = page_of(office, number, office.supervisor)
    assert [(part.unit, part.status) for part in again.parts] == [
        ("SZ", "待应哨"),
        ("CG", "待应哨"),
    ]
    (sent_back,) = (line for line in again.history if line.title == "现场核查：返工")
    assert (sent_back.tone, sent_back.who) == ("warn", "网格员 李格")
    assert any(line.detail == "是否解决：已解决；办理情况：换了灯泡" for line in again.history)
    (mark,) = again.diagrams[0].active
    assert (mark["id"], mark["label"]) == ("departments", "0/2 已完成")


def test_a_closed_case_says_so_and_waits_for_nobody(office: ReadOffice) -> None:
    number = office.report()["number"]
    office.step("community_review", "handle", office.secretary)
    office.step("community_handle", "done", office.secretary)
    office.clock.forward(minutes=30)
    office.step("check", "pass", office.worker)
    page = page_of(office, number, office.secretary)
    assert (page.status, page.closed_at) == ("已结案", office.clock.now())
    assert (page.holders, page.items, page.parts) == ((), (), ())
    assert page.history[0].title == "已结案"
    assert [d.code for d in page.deadlines] == ["case"]
    assert page.diagrams[0].active == ()
    assert "closed" in page.diagrams[0].done


def test_a_page_costs_the_same_for_a_young_and_an_old_case(office: ReadOffice) -> None:
    old = office.to_departments()
    office.wait(hours=5)
    young = office.report()["number"]
    counts = []
    for number in (young, old):
        page_of(office, number, office.supervisor)
        with statements() as sent:
            page_of(office, number, office.supervisor)
        counts.append(len(sent))
    assert counts[0] == counts[1]
