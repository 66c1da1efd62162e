"""The time of closed cases by unit and month: what a worker stores of them adds up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from benchmarks.counting import statements
from engine.actor import Actor, Post
from engine.ids import CountingIds
from engine.now import ManualClock
from processes.reads.charged import ChargedMonth, charged_month
from processes.tables import case_charge
from tests.processes.whatif.conftest import PastOffice, opened

MARCH = date(2026, 3, 1)


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[PastOffice]:
    with opened(tmp_path, database_url, clock, ids) as found:
        yield found


def supervisor_sees(office: PastOffice, month: date = MARCH, unit: str = "QX") -> ChargedMonth:
    """Read a month as the supervisor of a unit."""
    actor = Actor(id=UUID(int=7), posts=(Post("supervisor", unit),))
    with office.read() as reader:
        return charged_month(reader, actor, month)


def let_worker_charge(office: PastOffice) -> None:
    office.product.worker("test").do_chores()


def test_a_month_has_each_minute_of_its_cases_once(office: PastOffice) -> None:
    begun = office.clock.now()
    office.closed_by_departments(answer_hours=1)
    let_worker_charge(office)
    month = supervisor_sees(office)
    assert month.whole.sum == (office.clock.now() - begun).total_seconds() // 60
    both = {row.holder: row.minutes for row in month.rows if row.holder in ("SZ", "CG")}
    assert both["SZ"]["joint"] == both["CG"]["joint"] == month.whole.minutes["joint"] == 60


def test_a_case_is_charged_when_it_closes_and_once(office: PastOffice) -> None:
    office.closed_by_community(review_hours=2)
    assert supervisor_sees(office).rows == ()
    let_worker_charge(office)
    stored = office.rows(sa.select(case_charge))
    assert stored
    office.report()
    office.wait(minutes=2)
    let_worker_charge(office)
    assert office.rows(sa.select(case_charge)) == stored


def test_units_out_of_reach_and_other_months_are_left_out(office: PastOffice) -> None:
    office.closed_by_departments(answer_hours=1)
    let_worker_charge(office)
    own = supervisor_sees(office, unit="SZ")
    assert [row.holder for row in own.rows] == ["SZ"]
    assert own.whole.sum == 0  # the case lies in a street that is not theirs
    assert supervisor_sees(office, date(2026, 4, 1)).rows == ()


def test_a_month_is_two_statements_however_many_cases(office: PastOffice) -> None:
    office.closed_by_departments(answer_hours=1)
    office.closed_by_community(review_hours=2)
    let_worker_charge(office)
    with statements() as sent:
        supervisor_sees(office)
    assert len([each for each in sent if each.startswith("SELECT")]) == 2
