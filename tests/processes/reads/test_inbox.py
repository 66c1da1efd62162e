"""The inbox: mine and nobody else's, danger first, then least time left, with exact tabs."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.counting import statements
from engine.actor import Actor, Post
from engine.errors import Invalid
from engine.run.commands import DeployFolder
from processes.reads.inbox import inbox
from processes.reads.rows import Inbox
from tests.engine.run import draw
from tests.processes.reads.conftest import ReadOffice


def look(
    office: ReadOffice,
    actor: Actor,
    *,
    tab: str = "all",
    cursor: str | None = None,
    limit: int = 30,
    locale: str = "zh",
) -> Inbox:
    with office.read(locale) as reader:
        return inbox(reader, actor, tab=tab, cursor=cursor, limit=limit)


def tabs(page: Inbox) -> dict[str, int]:
    return {tab.code: tab.count for tab in page.tabs}


def test_a_step_is_shown_with_its_case_its_clock_and_its_buttons(office: ReadOffice) -> None:
    number = office.report()["number"]
    (row,) = look(office, office.secretary).rows
    assert (row.case_number, row.title) == (number, "路灯不亮")
    assert (row.step, row.step_code, row.status) == ("研判", "community_review", "社区研判")
    assert (row.category, row.area, row.unit_name) == ("路灯故障", "第二网格", "春晖社区")
    assert [(b.outcome, b.label, b.primary) for b in row.buttons] == [
        ("whistle", "申请吹哨", True),
        ("handle", "社区自行办理", False),
    ]
    assert row.deadline is not None
    assert (row.deadline.label, row.deadline.lamp(office.clock.now())) == ("研判时限", "green")
    assert not row.has_form


def test_words_follow_the_reader_s_language(office: ReadOffice) -> None:
    office.report()
    page = look(office, office.secretary, locale="en")
    assert page.rows[0].step == "Review"
    assert page.rows[0].buttons[0].label == "Blow the whistle"


def test_a_department_sees_its_own_whistles_only(office: ReadOffice) -> None:
    office.to_departments()
    assert [row.unit_name for row in look(office, office.liaison).rows] == ["市政工程处"]
    assert [row.unit_name for row in look(office, office.rival).rows] == ["城市管理局"]
    for nobody in (office.leader, office.secretary, office.worker, office.supervisor):
        assert look(office, nobody).rows == ()


def test_danger_to_life_comes_first_then_the_least_time_left(office: ReadOffice) -> None:
    first = office.report()["number"]
    office.clock.forward(minutes=10)
    second = office.report()["number"]
    danger = office.report(urgency="danger")["number"]
    rows = look(office, office.secretary).rows
    assert [row.case_number for row in rows] == [danger, first, second]


def test_tabs_count_exactly_and_narrow_to_what_they_count(office: ReadOffice) -> None:
    office.report()
    office.clock.forward(minutes=100)
    soon = office.report()["number"]
    office.clock.forward(minutes=30)
    page = look(office, office.secretary)
    assert tabs(page) == {"all": 2, "overdue": 1, "soon": 0, "community_review": 2}
    office.clock.forward(minutes=70)
    page = look(office, office.secretary, tab="soon")
    assert tabs(page) == {"all": 2, "overdue": 1, "soon": 1, "community_review": 2}
    assert [row.case_number for row in page.rows] == [soon]
    assert len(look(office, office.secretary, tab="overdue").rows) == 1
    assert len(look(office, office.secretary, tab="community_review").rows) == 2
    assert look(office, office.secretary, tab="handling").rows == ()


@pytest.mark.parametrize("folder", ["patrol", "whistle"])
def test_a_step_of_no_case_is_neither_listed_nor_counted(office: ReadOffice, folder: str) -> None:
    number = office.report()["number"]
    drawn = draw.process(
        "patrol",
        draw.node("startEvent", "morning", draw.timer("PT1H")),
        draw.user("walk", unit='"QY-03"'),
        draw.end(),
        draw.flows("morning > walk", "walk > finish"),
        lanes={"community_secretary": "morning walk finish"},
    )
    labels = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'
    files = {"patrol.bpmn": drawn.encode(), "labels.toml": labels.encode()}
    office.do(DeployFolder(folder=folder, files=files))
    office.clock.forward(hours=1)
    office.product.worker("test").drain()
    assert office.item("walk").unit == "QY-03"
    for limit in (1, 30):
        page = look(office, office.secretary, limit=limit)
        assert tabs(page) == {"all": 1, "overdue": 0, "soon": 0, "community_review": 1}
        assert [row.case_number for row in page.rows] == [number]
        assert page.next_cursor is None


def test_posts_of_one_role_at_several_units_are_one_inbox(office: ReadOffice) -> None:
    office.to_departments()
    posts = (Post("dept", "SZ"), Post("dept", "CG"), Post("dept", "NOWHERE"), Post("admin", "QX"))
    page = look(office, Actor(id=office.liaison.id, posts=posts))
    assert tabs(page)["all"] == len(page.rows) == 2


def test_pages_follow_one_another_without_loss_or_repeat(office: ReadOffice) -> None:
    numbers = {office.report(urgency=u)["number"] for u in ("normal", "danger", "normal") * 2}
    seen: list[str] = []
    cursor: str | None = None
    for _page in range(4):
        page = look(office, office.secretary, cursor=cursor, limit=2)
        seen += [row.case_number for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(numbers)
    assert set(seen) == numbers


@pytest.mark.parametrize("cursor", ["x", "bm9wZQ", "W10", "WzEsMiwzXQ", "漢字", "A" * 999])
def test_a_cursor_that_was_made_up_is_refused(office: ReadOffice, cursor: str) -> None:
    with pytest.raises(Invalid) as refusal:
        look(office, office.secretary, cursor=cursor)
    assert refusal.value.code == "cursor.malformed"


def test_a_step_in_a_sub_process_takes_the_status_of_the_sub_process(office: ReadOffice) -> None:
    office.to_departments()
    office.step("answer", "answer", office.liaison, "SZ", {"leader": "张工"})
    page = look(office, office.liaison, tab="handling")
    assert [(row.step, row.status, row.has_form) for row in page.rows] == [
        ("办理并反馈", "办理中", True)
    ]


def test_a_step_in_a_sub_process_is_due_when_the_sub_process_is(office: ReadOffice) -> None:
    office.to_departments()
    office.step("answer", "answer", office.liaison, "SZ", {"leader": "张工"})
    (row,) = look(office, office.liaison).rows
    assert row.deadline is not None
    assert row.deadline.code == "handle"
    office.clock.forward(hours=25)
    assert tabs(look(office, office.liaison))["overdue"] == 1


def test_a_page_costs_the_same_however_many_rows(office: ReadOffice) -> None:
    def cost(rows: int) -> int:
        look(office, office.secretary, limit=rows)
        with statements() as sent:
            found: Any = look(office, office.secretary, limit=rows)
        assert len(found.rows) == rows
        return len(sent)

    for _n in range(20):
        office.report()
    assert cost(3) == cost(20)
