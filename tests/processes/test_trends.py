"""Trends: what stands in the daily roll-ups, and today, is what counting from zero would say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.actor import SYSTEM, Actor, Post
from engine.errors import NotFound
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.sla.iso import ZONE
from processes.facts import counted, midnight
from processes.intake import ReportCase
from processes.organisation import AddUnit
from processes.reads.trends import Trends, runs, trends
from processes.tables import trend_day
from processes.unit_changes import MoveUnit
from tests.conftest import EPOCH
from tests.processes.whatif.conftest import PastOffice, opened

MONDAY = date(2026, 3, 2)
DAYS = 14


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[PastOffice]:
    with opened(tmp_path, sqlite_url, clock, ids) as found:
        yield found


@pytest.fixture
def either_office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[PastOffice]:
    with opened(tmp_path, database_url, clock, ids) as found:
        yield found


def trend(office: PastOffice, actor: Actor | None = None, unit: str = "") -> Trends:
    """Read the last two weeks as the supervisor does, unless told who."""
    with office.read() as reader:
        return trends(reader, actor or office.supervisor, unit=unit, length=DAYS)


def from_zero(office: PastOffice, unit: str) -> dict[date, dict[str, int]]:
    """Count everything live, whatever is rolled up."""
    today = office.clock.now().astimezone(ZONE).date()
    since, until = midnight(today - timedelta(days=DAYS - 1)), midnight(today + timedelta(days=1))
    found: dict[date, Counter[str]] = {}
    with office.read() as reader:
        for fact in counted(reader.connection, since, until):
            if unit in fact.units:
                found.setdefault(fact.day, Counter())[fact.measure] += 1
    return {day: dict(sums) for day, sums in found.items()}


def night(office: PastOffice, days: int = 1) -> None:
    """Let days end; the worker lists them, and rolls them up a minute later."""
    office.wait(days=days)
    for _n in range(2):
        office.product.worker("night").do_chores()
        office.clock.forward(minutes=1)


def rolled(office: PastOffice) -> set[date]:
    return {row.day for row in office.rows(sa.select(trend_day.c.day).where(trend_day.c.rolled))}


def by_day(found: Trends) -> dict[date, dict[str, int]]:
    return {day: dict(sums.counts) for day, sums in found.days if sums.counts}


def test_a_day_is_rolled_up_when_it_has_ended(office: PastOffice) -> None:
    office.closed_by_community(review_hours=1)
    office.product.worker("day").do_chores()
    assert rolled(office) == set(), "it may still change"
    today = by_day(trend(office))
    assert today[MONDAY]["reported"] == today[MONDAY]["closed"] == 1
    night(office)
    assert rolled(office) == {MONDAY}
    assert by_day(trend(office)) == today


def test_every_unit_above_has_it_in_its_books_once(office: PastOffice) -> None:
    office.closed_by_departments(answer_hours=1)
    office.report(category="litter")
    night(office)
    district = trend(office)
    assert (district.unit, district.above) == ("QX", None)
    assert district.whole.counts["reported"] == 2
    assert {line.code: line.sums.counts["reported"] for line in district.units} == {
        "QY": 2,
        "SZ": 0,
        "CG": 0,
    }
    on_time = {line.code: line.sums.counts["on_time"] for line in district.units}
    assert on_time["SZ"] == on_time["CG"] > 0
    assert [line.code for line in district.categories] == ["litter", "streetlight"]
    street = trend(office, unit="QY")
    assert (street.above, street.whole.counts["reported"]) == ("QX", 2)


def test_a_unit_sees_its_own_and_those_below_only(office: PastOffice) -> None:
    office.closed_by_departments(answer_hours=1)
    leader = Actor(id=office.leader.id, posts=(Post("dept_leader", "SZ"),))
    own = trend(office, leader)
    assert (own.unit, own.above, own.whole.counts["reported"]) == ("SZ", None, 0)
    assert own.whole.on_time_rate == 1.0
    for unit in ("QX", "CG", "nowhere"):
        with pytest.raises(NotFound):
            trend(office, leader, unit)
    with pytest.raises(NotFound):
        trend(office, office.worker)


def test_lateness_counts_on_the_day_it_began(office: PastOffice) -> None:
    office.report()
    night(office)
    found = trend(office).whole
    assert (found.counts["late"], found.counts["on_time"], found.on_time_rate) == (1, 0, 0.0)


def test_a_report_that_comes_late_changes_its_day(either_office: PastOffice) -> None:
    office = either_office
    office.report()
    night(office, days=2)
    assert MONDAY in rolled(office)
    told = {"description": "井盖松动。", "category": "litter", "area": "QY-03-02"}
    office.do(ReportCase(**told, reported_at=EPOCH + timedelta(hours=1), source="hotline"), SYSTEM)
    assert MONDAY not in rolled(office)
    assert by_day(trend(office))[MONDAY]["reported"] == 2, "counted live meanwhile"
    office.clock.forward(minutes=1)
    office.product.worker("night").do_chores()
    assert MONDAY in rolled(office)
    assert by_day(trend(office))[MONDAY]["reported"] == 2


def test_a_unit_that_moves_takes_its_past_along(office: PastOffice) -> None:
    office.report()
    night(office)
    office.do(AddUnit(code="QZ", name="清泉街道", kind="street", parent="QX"))
    office.do(MoveUnit(code="QY-03", parent="QZ"), SYSTEM)
    office.wait(minutes=2)
    office.product.worker("night").do_chores()
    assert trend(office, unit="QZ").whole.counts["reported"] == 1
    assert trend(office, unit="QY").whole.counts["reported"] == 0


def test_a_code_is_itself_only(office: PastOffice) -> None:
    office.do(AddUnit(code="qy-03", name="别处", kind="community", parent="QY"))
    office.report()
    assert trend(office, unit="QY-03").whole.counts["reported"] == 1
    assert trend(office, unit="qy-03").whole.counts["reported"] == 0


def test_what_is_not_rolled_up_is_counted_a_month_at_a_time() -> None:
    days = [MONDAY + timedelta(days=n) for n in (0, 1, *range(10, 43))]
    runs_of = [(first - MONDAY).days for run in runs(days) for first in run]
    assert runs_of == [0, 1, 10, 40, 41, 42]


EACH_LEVEL = ("QX", "QY", "QY-03", "QY-03-02", "SZ")
ACTS = st.lists(
    st.sampled_from(["at once", "late", "backdated", "departments", "late departments", "night"]),
    min_size=1,
    max_size=4,
)


def act(office: PastOffice, what: str) -> None:
    """Let a case of some kind go by, or a night."""
    long_ago = office.clock.now() - timedelta(days=2)
    {
        "at once": lambda: office.closed_by_community(review_hours=1, category="litter"),
        "late": lambda: office.closed_by_community(review_hours=20),
        "backdated": lambda: office.closed_by_community(review_hours=1, reported_at=long_ago),
        "departments": lambda: office.closed_by_departments(answer_hours=1),
        "late departments": lambda: office.closed_by_departments(answer_hours=5),
        "night": lambda: night(office),
    }[what]()


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_roll_ups_and_today_are_what_counting_from_zero_says(
    acts: list[str], office: PastOffice
) -> None:
    """One office lives through all examples: whatever came before, the sums hold."""
    for what in acts:
        act(office, what)
        for unit in EACH_LEVEL:
            assert by_day(trend(office, unit=unit)) == from_zero(office, unit)
