"""One unit that was whistled for: answers, objections, arrival, results, and what silence brings."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Forbidden
from tests.processes.street import DONE, GOES_TO_CG, LEAD, NOT_OURS, REQUESTER, TEAM, TWO, Street

ON_SITE = {"place": "on_site", "convener": "community"}


def test_silence_brings_the_second_and_the_third_whistle_and_then_a_signature(
    street: Street,
) -> None:
    """E-3, E-32: each whistle goes to a higher addressee; the last resort is marked."""
    street.routed(category="road")
    street.overdue("answer")
    assert (street.part("SZ").round, street.steps()) == (2, {"answer_second"})
    assert ("dept_leader", "second_whistle") in street.told()
    street.overdue("answer_second")
    assert (street.part("SZ").round, street.steps()) == (3, {"answer_third"})
    assert ("dept_head", "third_whistle") in street.told()
    assert ("supervisor", "third_whistle") in street.told()
    street.overdue("answer_third")
    assert street.part("SZ").silent
    assert "handle" in street.steps()
    assert ("supervisor", "silent") in street.told()


@pytest.mark.parametrize("late", ["answer_second", "answer_third"])
def test_a_leader_answers_for_a_silent_liaison(street: Street, late: str) -> None:
    street.routed()
    street.overdue("answer")
    if late == "answer_third":
        street.overdue("answer_second")
    street.do(late, "answer", **TEAM)
    assert "handle" in street.steps()
    assert not street.part("SZ").silent


def test_an_objection_that_is_upheld_brings_the_unit_that_it_is_for(street: Street) -> None:
    """E-1: clause and suggested unit; the handling clock of the new unit starts anew."""
    street.routed()
    street.do("answer", "object", **NOT_OURS)
    assert street.status == "objection_review"
    street.do("objection_review", "agree", units=GOES_TO_CG)
    assert street.part("SZ").ended_at is not None
    assert street.open("answer").unit == "CG"
    assert (street.case.objections, street.case.first_receiver) == (1, "SZ")


def test_an_objection_that_is_refused_changes_nothing(street: Street) -> None:
    street.routed()
    street.do("answer", "object", **NOT_OURS)
    street.do("objection_review", "refuse", advice="清单写明由市政负责。")
    assert "handle" in street.steps()
    assert street.part("SZ").ended_at is None


def test_two_units_that_both_object_meet_and_the_one_designated_cannot_object(
    street: Street,
) -> None:
    """E-2."""
    street.routed()
    street.do("answer", "object", **NOT_OURS)
    street.do("objection_review", "agree", units=GOES_TO_CG)
    street.do("answer", "object", "CG", **NOT_OURS)
    street.do("objection_review", "agree", units=LEAD)
    assert street.status == "joint_meeting"
    street.do("joint_meeting", "designate", units=LEAD)
    with pytest.raises(Conflict) as refusal:
        street.do("answer", "object", "SZ", **NOT_OURS)
    assert refusal.value.code == "outcome.not_now"
    street.answered()
    assert "handle" in street.steps()


def test_in_an_emergency_units_arrive_first_and_object_later(street: Street) -> None:
    street.report(urgency="danger", category="manhole")
    street.do("routing", "route", units=LEAD, **ON_SITE)
    with pytest.raises(Conflict):
        street.do("answer", "object", **NOT_OURS)
    street.do("answer", "answer", "SZ", **TEAM)
    street.do("arrive", "arrived")
    street.do("on_site_meeting", "divide", tasks="市政围挡，水务抽水。")
    street.do("handle", "object", **NOT_OURS)
    street.do("late_objection_review", "agree", units=GOES_TO_CG)
    assert street.open("answer").unit == "CG"


def test_the_convener_confirms_who_came_and_tells_of_who_did_not(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.answered()
    assert street.status == "awaiting_arrival"
    street.do("arrive", "wrong_people", note="来的是外包工人，无权处置。")
    assert street.part("SZ").no_show == "wrong_people"
    assert ("supervisor", "wrong_people") in street.told()
    street.do("arrive_late", "not_come", note="仍未到场。")
    assert street.part("SZ").no_show == "not_come"
    street.do("arrive_late", "arrived")
    assert "handle" in street.steps()


def test_who_comes_without_answering_has_come(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.do("arrive", "arrived")
    street.overdue("answer")
    street.do("answer_second", "answer", **TEAM)
    assert "handle" in street.steps()


def test_a_late_arrival_is_told_once_and_still_waited_for(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.answered()
    street.overdue("arrive")
    assert street.told().count(("supervisor", "arrive_due")) == 1
    street.do("arrive", "arrived")
    assert "handle" in street.steps()


def test_progress_is_told_as_often_as_one_likes(street: Street) -> None:
    street.routed()
    street.answered()
    for _each in range(3):
        street.do("handle", "report", result="已订货。")
    assert street.steps() == {"handle"}


def test_a_department_is_urged_then_supervised(street: Street) -> None:
    street.routed(category="road")
    street.answered()
    due = street.open("handle").due_at
    street.office.wait(days=4)
    assert ("dept", "urge") in street.told()
    street.office.clock.set(due)
    street.office.wait()
    assert street.steps() == {"handle", "supervise"}
    street.do("supervise", "issue", paper="督〔2026〕3 号", demand="两日内办结。")
    street.do("supervision_reply", "reply", reply="明日完工。")
    street.do("handle", "done", **DONE)
    assert street.status == "awaiting_release"


def test_where_a_leader_must_sign_the_result_waits_for_it(street: Street) -> None:
    street.practice(signoff="yes")
    street.handled()
    assert street.status == "department_signoff"
    street.do("department_signoff", "back", advice="照片不全。")
    assert street.status == "rework"
    street.do("mend", "done", **DONE)
    street.do("department_signoff", "sign")
    assert street.status == "awaiting_release"


def test_a_late_assistant_does_not_hold_up_the_lead(street: Street) -> None:
    """E-5."""
    street.routed(route={"units": TWO})
    street.answered("SZ", "CG")
    street.do("handle", "done", "SZ", **DONE)
    assert "release" in street.steps()
    street.do("release", "release")
    street.do("check", "pass")
    assert street.steps() == {"handle"}
    street.do("handle", "done", "CG", **DONE)
    assert street.status == "rating"


def test_an_assistant_that_never_answers_is_struck_off(street: Street) -> None:
    street.routed(route={"units": TWO})
    street.answered("SZ")
    street.do("handle", "done", "SZ", **DONE)
    street.do("release", "release")
    street.do("check", "pass")
    street.take("strike_assistants", reason="主办已独力办结。")
    assert street.part("CG").ended_at is not None
    street.rated("SZ")
    assert street.status == "closed"


def test_more_time_is_asked_for_and_given_or_not(street: Street) -> None:
    """E-7."""
    street.routed(category="road")
    street.answered()
    due = street.open("handle").due_at
    street.do("handle", "extend", ask_reason="等材料。")
    street.do("extension_review", "refuse", advice="材料已到。")
    assert street.open("handle").due_at == due
    street.do("handle", "extend", ask_reason="连日下雨。")
    assert street.status == "extension_review"
    street.do("extension_review", "approve")
    assert street.open("handle").due_at > due


def test_who_must_speak_with_the_requester_sees_the_telephone_while_it_is_to_be_done(
    street: Street,
) -> None:
    """users.md step 10; E-24."""
    street.routed(route={"units": TWO}, **REQUESTER)
    liaison, helper = street.person("dept", "SZ"), street.person("dept", "CG")
    with pytest.raises(Forbidden):
        street.page(liaison, reveal=True)
    street.answered("SZ", "CG")
    assert street.page(liaison).reporter_phone != REQUESTER["reporter_phone"], "masked until asked"
    assert street.page(liaison, reveal=True).reporter_phone == REQUESTER["reporter_phone"]
    assert not street.page(helper).may_reveal, "an assisting unit has nobody to call"
    street.do("contact", "reached", contacted_at="2026-05-06T10:00", how="phone")
    with pytest.raises(Forbidden):
        street.page(liaison, reveal=True)


def test_time_that_may_not_be_given_is_refused_in_words_and_uses_no_turn(street: Street) -> None:
    """E-7: at most two extensions, none when late; the liaison reads why."""
    street.routed(category="road")
    street.answered()
    for _turn in range(3):
        street.do("handle", "extend", ask_reason="连日下雨。")
        street.do("extension_review", "approve")
    due = street.open("handle").due_at
    assert street.refusals() == [("extend_clock", "clock.extended_twice")]
    assert street.told().count(("dept", "time_refused")) == 1
    street.office.clock.set(due)
    street.do("handle", "suspend", ask_reason="等资金。")
    street.do("suspension_review", "approve", until="2026-12-31")
    assert street.refusals()[1:] == [("pause_clock", "clock.already_late")]
    assert street.open("handle").due_at == due
    assert street.stopped() == []


def test_what_is_urgent_does_not_rest(street: Street) -> None:
    """E-10."""
    street.routed(category="manhole", urgency="urgent")
    street.answered()
    street.do("handle", "suspend", ask_reason="等资金。")
    street.do("suspension_review", "approve", until="2026-03-10")
    assert street.refusals() == [("pause_clock", "clock.urgent_not_paused")]
    assert street.steps() == {"handle"}


def test_what_must_rest_rests_until_its_day_or_until_it_is_taken_up_again(street: Street) -> None:
    """E-9."""
    street.routed(category="road")
    street.answered()
    due = street.open("handle").due_at
    for early in (True, False):
        street.do("handle", "suspend", ask_reason="等资金。")
        street.do("suspension_review", "approve", until="2026-03-10" if early else "2026-03-12")
        assert (street.steps(), street.status) == (set(), "suspended")
        if early:
            street.take("resume")
        else:
            street.office.wait(days=11)
        assert (street.steps(), street.status) == ({"handle"}, "handling")
    assert street.open("handle").due_at > due
