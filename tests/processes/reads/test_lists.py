"""The lists: the cases one may read, and the clocks that ran out or soon will."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from benchmarks.counting import statements
from engine.actor import Actor, Post
from engine.errors import Invalid
from processes.reads.cases import cases
from processes.reads.filters import Filters
from processes.reads.overdue import overdue
from processes.reads.rows import Cases, Overdue
from processes.reads.scope import readable_cases, scope_of
from processes.reads.way import Way
from processes.reads.ways import NEWEST_FIRST
from processes.tables import case_file, case_part
from tests.processes.reads.conftest import ReadOffice


def list_cases(
    office: ReadOffice,
    actor: Actor,
    *,
    cursor: str | None = None,
    limit: int = 30,
    **narrowed: Any,
) -> Cases:
    with office.read() as reader:
        return cases(reader, actor, filters=Filters(**narrowed), cursor=cursor, limit=limit)


def list_overdue(
    office: ReadOffice, actor: Actor, *, cursor: str | None = None, limit: int = 30
) -> Overdue:
    with office.read() as reader:
        return overdue(reader, actor, cursor=cursor, limit=limit)


def numbers(page: Cases) -> list[str]:
    return [row.number for row in page.rows]


def test_a_case_in_the_list_says_where_it_stands_and_who_has_it(office: ReadOffice) -> None:
    number = office.to_departments()
    (row,) = list_cases(office, office.supervisor).rows
    assert (row.number, row.title, row.category) == (number, "路灯不亮", "路灯故障")
    assert (row.area, row.status, row.status_code) == ("第二网格", "待应哨", "awaiting_answer")
    assert row.holders == ("市政工程处", "城市管理局")
    assert row.deadline is not None
    assert row.deadline.code == "answer"


def test_a_case_is_read_above_its_area_by_its_parts_and_by_who_reported_it(
    office: ReadOffice,
) -> None:
    number = office.to_departments()
    kept = office.report()["number"]
    assert numbers(list_cases(office, office.supervisor)) == [kept, number]
    assert numbers(list_cases(office, office.secretary)) == [kept, number]
    assert numbers(list_cases(office, office.worker)) == [kept, number]
    assert numbers(list_cases(office, office.liaison)) == [number]
    assert numbers(list_cases(office, office.outsider)) == []
    elsewhere = Actor(id=office.worker.id, posts=(Post("grid_worker", "QY-04"),))
    assert numbers(list_cases(office, elsewhere)) == [kept, number], "it is one's own report"
    unposted = Actor(id=office.worker.id)
    assert numbers(list_cases(office, unposted)) == []


def test_units_whose_codes_begin_alike_do_not_see_each_other_s_cases(office: ReadOffice) -> None:
    office.report()
    alike = Actor(id=office.outsider.id, posts=(Post("community_secretary", "QY-0"),))
    assert numbers(list_cases(office, alike)) == []


def test_the_list_is_narrowed_by_what_codes_and_days_say(office: ReadOffice) -> None:
    whistled = office.to_departments(description="路灯不亮", urgency="urgent")
    plain = office.report(description="楼道堆物", category="litter")["number"]
    everything = [plain, whistled]
    for narrowed, expected in (
        ({"status": "community_review"}, [plain]),
        ({"status": "closed"}, []),
        ({"category": "streetlight"}, [whistled]),
        ({"urgency": "urgent"}, [whistled]),
        ({"urgency": "hurried"}, []),
        ({"unit": "SZ"}, [whistled]),
        ({"unit": "QY-03-02"}, everything),
        ({"unit": "QY"}, everything),
        ({"unit": "QY-04"}, []),
        ({"since": date(2026, 3, 2), "until": date(2026, 3, 2)}, everything),
        ({"since": date(2026, 3, 3)}, []),
        ({"until": date(2026, 3, 1)}, []),
        ({"until": date.max}, everything),
        ({"overdue": True}, []),
        ({"status": "community_review", "category": "streetlight"}, []),
    ):
        for actor in (office.supervisor, office.secretary):
            assert numbers(list_cases(office, actor, **narrowed)) == expected, narrowed
    office.clock.forward(hours=3)
    assert numbers(list_cases(office, office.supervisor, overdue=True)) == [plain]
    assert numbers(list_cases(office, office.liaison, overdue=True)) == []


def test_every_way_finds_what_a_person_may_read_and_nothing_else(office: ReadOffice) -> None:
    """Lists are walked in indexes; one condition on each case says the same more slowly."""
    office.to_departments(urgency="urgent")
    for urgency, category in (("normal", "litter"), ("danger", "streetlight")):
        for _n in range(2):
            office.report(urgency=urgency, category=category)
            office.clock.forward(days=1)
    closed = sa.update(case_file).where(case_file.c.number.like("%3"))
    with office.product.engine.database.write() as connection:
        connection.execute(closed.values(status="closed", closed_at=office.clock.now()))
    people = (office.supervisor, office.secretary, office.worker, office.liaison, office.outsider)
    narrowings: list[dict[str, Any]] = [
        {**unit, **other}
        for unit in ({}, {"unit": "QX"}, {"unit": "QY-03-02"}, {"unit": "SZ"}, {"unit": "CG"})
        for other in (
            {},
            {"status": "closed", "category": "litter"},
            {"status": "awaiting_answer", "urgency": "urgent"},
            {"overdue": True},
        )
    ]
    for actor in people:
        for narrowed in narrowings:
            told = numbers(list_cases(office, actor, **narrowed))
            assert told == one_by_one(office, actor, **narrowed), narrowed


def one_by_one(office: ReadOffice, actor: Actor, **narrowed: Any) -> list[str]:
    """Return the numbers of the cases that an actor may read, each case looked at by itself."""
    unit = narrowed.pop("unit", "")
    part = sa.select(case_part.c.case_id).where(case_part.c.unit == unit)
    columns = (case_file.c.area, case_file.c.grid, case_file.c.community, case_file.c.street)
    in_unit = sa.or_(*(column == unit for column in columns), case_file.c.id.in_(part))
    with office.read() as reader:
        scope = scope_of(reader.connection, actor, "case.read")
        wanted = Filters(**narrowed).conditions(Way(sa.true()), reader.now)
        query = sa.select(case_file.c.number).where(readable_cases(scope), *wanted)
        query = query.where(in_unit) if unit else query
        return list(reader.connection.scalars(query.order_by(*NEWEST_FIRST)))


def test_pages_of_cases_are_newest_first_and_lose_none(office: ReadOffice) -> None:
    made = []
    for _n in range(5):
        made.append(office.report()["number"])
        office.clock.forward(minutes=1)
    first = list_cases(office, office.supervisor, limit=3)
    rest = list_cases(office, office.supervisor, limit=3, cursor=first.next_cursor)
    assert numbers(first) + numbers(rest) == made[::-1]
    assert rest.next_cursor is None


def test_the_longest_overdue_comes_first_and_the_soon_late_after(office: ReadOffice) -> None:
    office.report()
    office.clock.forward(minutes=100)
    later = office.report()["number"]
    office.clock.forward(minutes=95)
    late, soon = list_overdue(office, office.supervisor).rows
    assert (late.step, late.unit_name, late.area) == ("研判", "春晖社区", "第二网格")
    assert late.deadline.lamp(office.clock.now()) == "red"
    assert soon.case_number == later
    assert soon.deadline.lamp(office.clock.now()) == "yellow"


def test_overdue_is_seen_where_the_case_is_and_where_the_clock_is_held(office: ReadOffice) -> None:
    office.to_departments()
    office.wait(hours=3, minutes=59)
    assert {row.unit_name for row in list_overdue(office, office.supervisor).rows} == {
        "市政工程处",
        "城市管理局",
    }
    assert [row.unit_name for row in list_overdue(office, office.liaison).rows] == ["市政工程处"]
    assert list_overdue(office, office.outsider).rows == ()
    assert list_overdue(office, office.worker).rows == (), "no supervision by grid workers"


def test_a_step_that_was_done_is_not_overdue_any_more(office: ReadOffice) -> None:
    office.report()
    office.clock.forward(hours=3)
    assert len(list_overdue(office, office.supervisor).rows) == 1
    office.step("community_review", "handle", office.secretary)
    assert list_overdue(office, office.supervisor).rows == ()


def test_pages_of_overdue_clocks_lose_none(office: ReadOffice) -> None:
    made = [office.report()["number"] for _n in range(5)]
    office.clock.forward(hours=3)
    first = list_overdue(office, office.supervisor, limit=2)
    second = list_overdue(office, office.supervisor, limit=2, cursor=first.next_cursor)
    third = list_overdue(office, office.supervisor, limit=2, cursor=second.next_cursor)
    seen = [row.case_number for page in (first, second, third) for row in page.rows]
    assert sorted(seen) == made
    assert third.next_cursor is None


def test_cursors_of_another_list_are_refused(office: ReadOffice) -> None:
    for _n in range(2):
        office.report()
    office.clock.forward(hours=3)
    page = list_overdue(office, office.supervisor, limit=1)
    with pytest.raises(Invalid):
        list_cases(office, office.supervisor, cursor="WzEsMiwzXQ")
    assert page.next_cursor is not None


def test_lists_cost_the_same_however_many_rows(office: ReadOffice) -> None:
    for _n in range(12):
        office.to_departments()
    office.clock.forward(hours=3, minutes=30)
    costs: dict[str, set[int]] = {"cases": set(), "overdue": set()}
    for limit in (3, 12):
        with statements() as sent:
            assert len(list_cases(office, office.supervisor, limit=limit).rows) == limit
        costs["cases"].add(len(sent))
        with statements() as sent:
            assert len(list_overdue(office, office.supervisor, limit=limit).rows) == limit
        costs["overdue"].add(len(sent))
    assert {name: len(counted) for name, counted in costs.items()} == {"cases": 1, "overdue": 1}
