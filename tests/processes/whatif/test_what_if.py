"""Past cases under a draft: what turns late, what turns back, and of what nothing is said."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from engine.db.tables import event, sla_clock
from engine.run.commands import DeployTables
from processes.whatif.past import Period
from processes.whatif.result import TO_LATE, TO_TIME
from tests.processes.whatif.conftest import PastOffice, limits


def test_the_rules_in_force_give_the_verdicts_that_were_given(either_office: PastOffice) -> None:
    office = either_office
    office.closed_by_community(review_hours=1)
    office.closed_by_community(review_hours=3)
    office.closed_by_departments(answer_hours=5)
    before = office.rows(sa.select(event.c.hash).order_by(event.c.instance_id, event.c.seq))
    result = office.what_if(limits())
    assert result.figures() == {
        "cases": 3,
        "clocks": 10,
        "late_then": 3,
        "late_now": 3,
        "to_late": 0,
        "to_time": 0,
        "cases_to_late": 0,
        "cases_to_time": 0,
        "left_out": 0,
        "recalled": 0,
    }
    after = office.rows(sa.select(event.c.hash).order_by(event.c.instance_id, event.c.seq))
    assert before == after  # nothing was touched


def test_limits_that_are_to_come_change_nothing_of_the_past(office: PastOffice) -> None:
    office.closed_by_community(review_hours=1)
    at = office.clock.now() + timedelta(days=30)
    draft = limits(community_review=(1, "urgent_minute"))
    office.do(DeployTables(files={"limits.dmn": draft}, effective_from=at))
    office.closed_by_community(review_hours=1)
    figures = office.what_if(limits()).figures()
    assert (figures["cases"], figures["late_then"], figures["late_now"]) == (2, 0, 0)


def test_a_shorter_limit_turns_late_what_was_in_time_and_a_longer_one_back(
    office: PastOffice,
) -> None:
    quick = office.closed_by_community(review_hours=1)
    slow = office.closed_by_community(review_hours=3)
    shorter = office.what_if(limits(community_review=(1, "urgent_hour")))
    assert (shorter.total.to_late, shorter.total.to_time) == (1, 0)
    longer = office.told(office.what_if(limits(community_review=(4, "urgent_hour"))))
    (back,) = longer["examples"][TO_TIME]
    assert (back["case_number"], back["label"]) == (slow, "研判时限")
    assert (back["then"]["late"], back["now"]["late"]) == (True, False)
    assert back["then"]["due"] == "2026-03-02T12:00"
    assert back["now"]["due"] == "2026-03-02T14:00"
    assert "时限：4 个紧急工作时" in back["now"]["steps"][0]["text"]
    (late,) = office.told(shorter)["examples"][TO_LATE]
    assert late["case_number"] == quick


def test_it_is_counted_by_department_category_month_and_clock(office: PastOffice) -> None:
    office.closed_by_community(review_hours=1, category="litter")
    office.closed_by_departments(answer_hours=1)
    told = office.told(office.what_if(limits(answer=(1, "urgent_minute"))))
    turned = {
        group: {row["name"]: row["to_late"] for row in rows if row["to_late"]}
        for group, rows in told["groups"].items()
    }
    assert turned == {
        "departments": {"市政工程处": 1, "城市管理局": 1},
        "categories": {"路灯故障": 2},
        "months": {"2026-03": 2},
        "clocks": {"应哨时限": 2},
    }
    assert (told["cases"], told["cases_to_late"]) == (2, 1)


def test_a_draft_calendar_counts_what_working_limits_count(office: PastOffice) -> None:
    office.closed_by_community(review_hours=3)  # from nine to twelve
    hours = limits(community_review=(2, "work_hour"))
    assert office.what_if(hours).total.to_time == 0
    afternoons = 'week.mon = ["14:00-18:00"]\nweek.tue = ["14:00-18:00"]\n'
    assert office.what_if(hours, calendar=afternoons).total.to_time == 1
    closed = 'week.mon = ["08:00-18:00"]\n[[days]]\ndate = 2026-03-02\nkind = "rest"\nname = "停"\n'
    assert office.what_if(hours, calendar=closed).total.to_time == 1


def test_only_cases_closed_on_the_days_asked_for_count(office: PastOffice) -> None:
    office.closed_by_community(review_hours=1)
    today = office.clock.now().date()
    assert office.what_if(limits(), period=Period(today, today)).cases == 1
    office.wait(days=3)
    assert office.what_if(limits(), period=Period(today, today)).cases == 1
    later = office.clock.now().date()
    assert office.what_if(limits(), period=Period(later, later)).cases == 0


def test_a_draft_is_asked_what_the_case_was_when_the_clock_started(office: PastOffice) -> None:
    either = (2, "urgent_hour")
    office.do_deploy(limits("case.category", streetlight=either, litter=either))
    number = office.closed_by_community(review_hours=1)
    office.rename_category(number, "litter")
    draft = limits("case.category", streetlight=(30, "urgent_minute"), litter=(9, "urgent_day"))
    result = office.what_if(draft)
    assert (result.total.to_late, result.recalled) == (2, 0)


def test_an_older_clock_is_left_out_where_its_case_changed_since(office: PastOffice) -> None:
    office.do_deploy(
        limits("case.category", streetlight=(2, "urgent_hour"), litter=(3, "urgent_hour"))
    )
    same = office.closed_by_community(review_hours=1)
    changed = office.closed_by_community(review_hours=1)
    office.forget_inputs()
    office.rename_category(changed, "litter")
    result = office.what_if(limits("case.category", streetlight=(1, "urgent_minute")))
    told = office.told(result)
    assert {each["case_number"] for each in told["examples"][TO_LATE]} == {same}
    assert [(each["code"], each["count"]) for each in told["reasons"]] == [
        ("whatif.inputs_lost", 2)
    ]


def test_an_extension_counts_only_where_the_draft_had_not_run_out_before_it(
    either_office: PastOffice,
) -> None:
    office = either_office
    office.closed_by_community(review_hours=3)
    office.extend_in_hindsight(sla_clock.c.code == "community_review", hours=1)
    assert office.what_if(limits()).figures()["late_then"] == 0
    in_time = office.what_if(limits(community_review=(2, "urgent_hour")))
    assert (in_time.total.to_late, in_time.total.clocks) == (0, 2)
    told = office.told(office.what_if(limits(community_review=(1, "urgent_hour"))))
    (late,) = told["examples"][TO_LATE]
    assert late["now"]["due"] == "2026-03-02T10:00"
    assert "extension" not in {step["kind"] for step in late["now"]["steps"]}
    assert "extension" in {step["kind"] for step in late["then"]["steps"]}


def test_a_draft_that_looks_at_what_was_not_kept_is_told_so(office: PastOffice) -> None:
    office.closed_by_community(review_hours=1)
    told = office.told(office.what_if(limits("case.weather", rain=(1, "urgent_hour"))))
    assert [(each["code"], each["count"]) for each in told["reasons"]] == [("whatif.not_kept", 2)]


def test_of_what_the_draft_has_no_answer_for_nothing_is_said(office: PastOffice) -> None:
    office.closed_by_community(review_hours=1)
    draft = limits("clock", case=(1, "natural_day")).replace(b'"community_review"', b'"nobody"')
    told = office.told(office.what_if(draft))
    assert (told["clocks"], told["left_out"]) == (1, 1)
    assert [each["code"] for each in told["reasons"]] == ["table.no_answer"]


def test_a_clock_whose_own_rule_does_not_explain_its_verdict_is_left_out(
    office: PastOffice,
) -> None:
    office.closed_by_community(review_hours=1)
    bent = sa.update(sla_clock).where(sla_clock.c.code == "case")
    with office.product.engine.database.write() as connection:
        connection.execute(bent.values(breached_at=office.clock.now()))
    told = office.told(office.what_if(limits()))
    assert [each["code"] for each in told["reasons"]] == ["whatif.unexplained"]
