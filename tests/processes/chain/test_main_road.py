"""The sixteen steps, one after the other, and what each of them may bring instead."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.errors import Conflict
from processes.tables import rating
from tests.processes.street import DONE, LEAD, REQUESTER, TWO, Street


def test_a_patrol_find_goes_from_report_to_closing_with_one_department(street: Street) -> None:
    street.report()
    assert street.status == "community_review"
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    assert street.status == "street_review"
    street.do("street_review", "issue")
    assert street.stopped() == []
    assert street.status == "awaiting_answer"
    assert (street.case.whistle_type, street.case.first_receiver) == ("request", "SZ")
    street.answered()
    assert street.status == "handling"
    street.do("handle", "done", **DONE)
    assert street.status == "awaiting_release"
    street.do("release", "release")
    assert street.status == "checking"
    street.do("check", "pass")
    assert street.status == "rating"
    street.rated()
    assert street.status == "closed"
    assert street.stopped() == []


def test_what_a_resident_reports_is_accepted_verified_and_called_back(street: Street) -> None:
    street.report(**REQUESTER)
    assert street.status == "reported"
    street.do("accept", "accept")
    assert street.status == "verifying"
    street.do("verify", "confirm", by=street.person("grid_worker", "QY-03-02"))
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    street.do("street_review", "issue")
    street.answered()
    assert {"contact", "handle"} <= street.steps()
    street.do("contact", "reached", contacted_at="2026-05-06T10:00", how="phone")
    street.do("handle", "done", **DONE)
    street.do("release", "release")
    street.do("check", "pass", by=street.person("grid_worker", "QY-03"))
    assert street.status == "callback"
    street.do("callback", "satisfied")
    street.rated()
    assert street.status == "closed"


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("answer", "answered"), ("refuse", "not_accepted"), ("self_handled", "closed")],
)
def test_the_desk_may_end_a_matter_itself(street: Street, outcome: str, status: str) -> None:
    street.report(**REQUESTER)
    street.do("accept", outcome, reason="已当面答复。")
    assert street.status == status


def test_what_is_not_true_is_void_and_what_is_unclear_goes_back_to_the_desk(street: Street) -> None:
    street.report(**REQUESTER)
    street.do("accept", "accept")
    street.do("verify", "supplement", reason="地址不清。")
    assert street.status == "reported"
    street.do("accept", "accept")
    street.do("verify", "deny", reason="灯是好的。")
    assert street.status == "void"


def test_the_community_answers_or_handles_it_and_does_it_again(street: Street) -> None:
    street.report()
    street.do("community_review", "answer", reply="已列入改造计划。")
    assert street.status == "answered"
    street.report()
    street.do("community_review", "handle")
    street.do("community_handle", "done", result="已清理。")
    street.do("check", "rework", reason="还剩一半。")
    assert street.status == "handling"
    street.do("community_handle", "done", result="全部清理。")
    street.do("check", "pass")
    assert street.status == "closed"


def test_the_street_handles_it_with_its_own_people(street: Street) -> None:
    street.report()
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    street.do("street_review", "street")
    street.do("street_handle", "done", result="街道工程队已修复。")
    street.do("check", "rework", reason="灯罩没有装回。")
    assert "street_handle" in street.steps()
    street.do("street_handle", "done", result="灯罩已装回。")
    street.do("check", "pass")
    assert street.status == "closed"


def test_a_trivial_whistle_goes_back_to_the_community_with_advice(street: Street) -> None:
    """E-33."""
    street.report()
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    street.do("street_review", "back", advice="先请物业换灯泡。")
    assert street.status == "community_review"
    street.do("community_review", "handle")
    assert "community_handle" in street.steps()


def test_what_the_duty_list_gives_to_the_street_is_not_whistled_for(street: Street) -> None:
    """E-36."""
    street.report(category="pollution", standard="graffiti_ads")
    street.do("community_review", "whistle", whistle_type="request", request="请城管清洗。")
    with pytest.raises(Conflict) as refusal:
        street.do("street_review", "issue")
    assert refusal.value.code == "outcome.not_now"
    street.do("street_review", "street")
    assert "street_handle" in street.steps()


def test_a_street_that_never_signs_is_overruled_by_the_leader_on_duty(street: Street) -> None:
    street.report()
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    street.overdue("street_review")
    assert street.steps() == {"duty_review"}
    street.office.wait(days=3)
    assert street.steps() == {"duty_review"}, "nothing is approved by keeping silent"
    street.do("duty_review", "issue")
    assert street.status == "awaiting_answer"


def test_two_departments_are_routed_and_both_are_rated(street: Street) -> None:
    street.routed(route={"units": TWO})
    assert street.status == "awaiting_answer"
    street.answered("SZ", "CG")
    for unit in ("CG", "SZ"):
        street.do("handle", "done", unit, **DONE)
    street.do("release", "release")
    street.do("check", "pass")
    street.rated("SZ", "CG")
    assert street.status == "closed"
    rows = street.office.rows(sa.select(rating))
    assert {(row.unit, row.by) for row in rows} == {
        (unit, by) for unit in ("SZ", "CG") for by in ("blower", "unit")
    }


def test_who_rates_nothing_is_not_counted(street: Street) -> None:
    street.handled()
    street.do("release", "release")
    street.do("check", "pass")
    street.do("rate_whistle", "give", "SZ", should=2, accurate=2, material=1)
    assert street.office.rows(sa.select(rating)) == []
    street.overdue("rate_unit")
    assert {row.by for row in street.office.rows(sa.select(rating))} == {"unit"}
    assert street.status == "closed"


def test_who_is_only_told_has_nothing_to_do(street: Street) -> None:
    street.routed(route={"units": [*LEAD, {"unit": "CG", "kind": "notify"}]})
    assert ("dept", "informed") in street.told()
    assert street.part("CG").ended_at is not None
    assert street.open("answer").unit == "SZ"
