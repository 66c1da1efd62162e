"""A whistle at work: release, rework, meetings, units added, withdrawn, joined; danger and war."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Invalid, ShaodaoError
from tests.processes.street import DONE, GOES_TO_CG, LEAD, REQUESTER, ROUTE, TEAM, Street

ON_SITE = {"place": "on_site", "convener": "community"}


def test_the_blower_sends_it_back_and_it_is_mended(street: Street) -> None:
    """E-21."""
    street.handled()
    street.do("release", "rework", reason="没有恢复路面。")
    assert street.status == "rework"
    street.do("mend", "done", **DONE)
    street.do("release", "release")
    street.do("check", "rework", reason="路面又塌。")
    assert street.status == "rework"
    street.do("mend", "done", **DONE)
    street.do("release", "release")
    street.do("check", "pass")
    street.rated()
    assert street.status == "closed"


def test_a_blower_who_does_not_release_is_overruled_by_the_street(street: Street) -> None:
    street.handled()
    street.overdue("release")
    assert street.steps() == {"release_street"}
    street.do("release_street", "release")
    assert street.status == "checking"


def test_what_must_wait_is_promised_for_a_day_and_looked_at_then(street: Street) -> None:
    street.handled()
    street.do("release", "pledge", promised="2026-03-20", told="三月二十日前完成。")
    waits = street.page(street.person("supervisor", "QX")).waits
    assert waits is not None
    assert (waits.event, waits.until.isoformat()) == ("承诺日到", "2026-03-20T01:00:00+00:00")
    assert street.status == "awaiting_release"
    assert street.steps() == set()
    street.office.wait(days=18, hours=2)
    street.do("release", "release")
    assert street.status == "checking"


def test_an_unhappy_requester_has_it_handled_again_once_then_the_supervisor_looks(
    street: Street,
) -> None:
    """E-19."""
    street.handled(**REQUESTER)
    for again in (False, True):
        street.do("release", "release")
        street.do("check", "pass", by=street.person("grid_worker", "QY-03"))
        street.do("callback", "unsatisfied", reason="第二天又不亮。")
        if not again:
            assert street.status == "rehandling"
            street.do("handle_again", "done", **DONE)
    street.do("quality_review", "rehandle")
    street.do("handle_again", "done", **DONE)
    street.do("release", "release")
    street.do("check", "pass", by=street.person("grid_worker", "QY-03"))
    street.do("callback", "unsatisfied", reason="还是不亮。")
    street.do("quality_review", "close")
    street.rated()
    assert street.status == "closed"


def test_who_cannot_be_reached_is_tried_three_times(street: Street) -> None:
    """E-15."""
    street.handled(**REQUESTER)
    street.do("release", "release")
    street.do("check", "pass", by=street.person("grid_worker", "QY-03"))
    for _each in range(2):
        street.do("callback", "unreachable")
        street.office.wait(days=1)
    street.do("callback", "unreachable")
    assert street.status == "rating"


@pytest.mark.parametrize(("ruling", "status"), [("exclude", "rating"), ("rehandle", "rehandling")])
def test_what_is_out_of_scope_is_looked_at_by_the_supervisor(
    street: Street, ruling: str, status: str
) -> None:
    """E-17."""
    street.handled(**REQUESTER)
    street.do("release", "release")
    street.do("check", "pass", by=street.person("grid_worker", "QY-03"))
    street.do("callback", "unreasonable", reason="要求给每户换灯。")
    street.do("scope_review", ruling)
    assert street.status == status


def test_nobody_verifies_or_checks_what_they_reported(street: Street) -> None:
    worker = street.person("grid_worker", "QY-03-02")
    street.report(by=worker, **REQUESTER)
    street.do("accept", "accept")
    with pytest.raises(ShaodaoError) as refusal:
        street.do("verify", "confirm", by=worker)
    assert refusal.value.code == "work_item.separation"
    street.do("verify", "confirm", by=street.person("grid_worker", "QY-03"))


def test_nobody_to_check_is_told_to_the_community(street: Street) -> None:
    """E-22."""
    street.handled()
    street.do("release", "release")
    street.overdue("check")
    assert ("community_secretary", "check_due") in street.told()
    street.do("check", "pass")
    assert street.status == "rating"


def test_the_meeting_on_site_names_another_lead(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.do("on_site_meeting", "change_lead", units=GOES_TO_CG)
    assert street.part("SZ").ended_at is not None
    assert street.open("answer").unit == "CG"
    with pytest.raises(Conflict):
        street.do("answer", "object", "CG", clause="一", suggested_unit="SZ", reason="不归我们。")


def test_the_meeting_calls_a_joint_meeting(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.do("on_site_meeting", "joint_meeting", reason="权属有争议。")
    street.do("conference", "designate", units=GOES_TO_CG)
    assert street.open("answer").unit == "CG"


def test_the_meeting_refers_it_up_and_the_district_decides(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.do("on_site_meeting", "refer_up", reason="需区里协调资金。")
    street.do("referred_up", "decided", decision="资金由区里安排，仍由市政主办。")
    assert street.open("answer").unit == "SZ"


def test_a_lead_that_has_finished_is_not_changed_any_more(street: Street) -> None:
    street.routed(route=ON_SITE)
    street.answered()
    street.do("arrive", "arrived")
    street.do("handle", "done", **DONE)
    with pytest.raises(Conflict) as refusal:
        street.do("on_site_meeting", "change_lead", units=GOES_TO_CG)
    assert refusal.value.code == "outcome.not_now"
    street.do("on_site_meeting", "divide", tasks="无")
    street.do("release", "release")
    street.do("check", "pass")
    assert street.status == "rating"


def test_units_are_added_on_the_way(street: Street) -> None:
    """E-4, E-6."""
    street.routed()
    street.answered()
    street.take("add_units", units=[{"unit": "HB", "kind": "assist"}], reason="有油污。")
    street.answered("HB")
    street.do("handle", "done", "HB", **DONE)
    assert street.part("HB").ended_at is not None
    street.do("handle", "done", "SZ", **DONE)
    assert street.status == "awaiting_release"


def test_a_whistle_is_withdrawn_and_blown_again(street: Street) -> None:
    street.routed()
    street.take("withdraw_whistle", advice="物业已修好。")
    assert street.status == "community_review"
    assert street.part("SZ").ended_at is not None
    street.do("community_review", "handle")
    street.do("community_handle", "done", result="物业已修好。")
    street.do("check", "pass")
    assert street.status == "closed"


def test_a_released_whistle_is_neither_withdrawn_nor_given_more_units(street: Street) -> None:
    street.handled()
    street.do("release", "release")
    with pytest.raises(Conflict, match="已经销哨"):
        street.take("withdraw_whistle", advice="物业已修好。")
    with pytest.raises(Conflict, match="不能再加派"):
        street.take("add_units", units=[{"unit": "CG", "kind": "assist"}])
    street.do("check", "pass")
    street.rated()
    assert street.status == "closed"


def test_a_whistle_blown_twice_joins_the_first(street: Street) -> None:
    """E-11."""
    first = street.report()
    street.routed()
    with pytest.raises(Invalid, match="没有编号为 QY-2026-999999 的事项"):
        street.take("join_whistle", joined_to="QY-2026-999999")
    assert street.status == "awaiting_answer", "a number that nobody has joins nothing"
    with pytest.raises(Invalid, match="这就是本件的编号"):
        street.take("join_whistle", joined_to=street.number)
    street.take("join_whistle", joined_to=first.lower())
    assert street.status == "merged"
    assert street.part("SZ").ended_at is not None


def test_the_street_joins_a_whistle_before_it_is_blown(street: Street) -> None:
    withdrawn = street.report(**REQUESTER)
    street.take("withdraw_request")
    first = street.report()
    street.report()
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    with pytest.raises(Invalid, match="已经结案，不能再并入"):
        street.do("street_review", "join", joined_to=withdrawn)
    assert street.status == "street_review"
    street.do("street_review", "join", joined_to=first)
    assert street.status == "merged"


def test_a_resident_withdraws_until_the_whistle_is_blown(street: Street) -> None:
    """E-14."""
    street.report(**REQUESTER)
    street.take("withdraw_request")
    assert street.status == "withdrawn"
    street.routed()
    with pytest.raises(ShaodaoError):
        street.take("withdraw_request")
    assert street.status == "awaiting_answer"


def test_a_grid_worker_takes_back_a_report_until_the_whistle_is_blown(street: Street) -> None:
    """E-14: her own find or what she was told, not what came over the hotline."""
    street.report(**REQUESTER)
    with pytest.raises(Conflict) as refusal:
        street.take("withdraw_report")
    assert refusal.value.code == "outcome.not_now"
    street.take("withdraw_request")
    street.report()
    street.take("withdraw_report", advice="看错了，灯已亮。")
    assert street.status == "withdrawn"


def test_a_leader_who_does_not_confirm_in_time_is_reported(street: Street) -> None:
    street.report(urgency="danger", category="manhole")
    street.overdue("confirm_issue")
    assert {("duty_leader", "confirm_due"), ("supervisor", "confirm_due")} <= set(street.told())
    street.do("confirm_issue", "confirm")
    assert street.steps() == {"routing"}


def test_danger_is_whistled_at_once_and_confirmed_afterwards(street: Street) -> None:
    """E-28."""
    street.report(urgency="danger", category="manhole")
    assert ("duty_leader", "alarm") in street.told()
    assert street.steps() == {"confirm_issue", "routing"}
    street.do("routing", "route", units=LEAD, **ON_SITE)
    assert {("dept_leader", "emergency"), ("dept_head", "emergency")} <= set(street.told())
    assert street.case.whistle_type == "emergency"
    street.do("answer", "answer", "SZ", **TEAM)
    street.do("arrive", "arrived")
    street.do("on_site_meeting", "divide", tasks="市政围挡。")
    street.do("handle", "done", **DONE)
    street.do("release", "release")
    street.do("check", "pass")
    street.rated()
    assert street.status != "closed", "the leader has not confirmed yet"
    street.do("confirm_issue", "confirm")
    assert street.status == "closed"


def test_a_department_whistles_too_and_the_street_decides(street: Street) -> None:
    street.report(source="department")
    assert street.steps() == {"street_review"}
    street.do("street_review", "issue")
    assert street.status == "awaiting_answer"


def test_where_the_community_blows_itself_the_street_is_not_asked(street: Street) -> None:
    street.practice(blow_right="community")
    street.report()
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    assert street.status == "awaiting_answer"


def test_where_the_centre_blows_the_community_asks_it_and_it_may_say_no(street: Street) -> None:
    street.practice(blow_right="centre")
    street.report()
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    street.do("routing", "back", advice="先请物业换灯泡。")
    assert street.status == "community_review"
    street.do("community_review", "whistle", whistle_type="request", request="物业换过，仍不亮。")
    street.do("routing", "route", **ROUTE)
    assert street.status == "awaiting_answer"


def test_where_the_centre_blows_it_does_so_when_a_request_comes_in(street: Street) -> None:
    street.report(**REQUESTER)
    with pytest.raises(Conflict) as refusal:
        street.do("accept", "whistle")
    assert refusal.value.code == "outcome.not_now"
    street.practice(blow_right="centre")
    street.do("accept", "whistle")
    assert street.status == "awaiting_answer"
