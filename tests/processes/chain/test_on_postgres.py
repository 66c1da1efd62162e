"""The whole chain on the database that districts grow to: the same story, the same end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.tables import instance
from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import prepare
from processes.organisation import AddUnit
from processes.settings import Settings
from processes.tables import rating
from tests.balance import assert_balanced
from tests.processes.chain.conftest import MORE_UNITS
from tests.processes.conftest import Office
from tests.processes.street import DONE, REQUESTER, TEAM, TWO, Street


@pytest.fixture
def district(
    postgres_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Street]:
    """Prepare a district on PostgreSQL."""
    settings = Settings(home=tmp_path / "home", database=postgres_url)
    product = prepare(settings, clock=clock, ids=ids)
    office = Office(product, clock)
    for code, name, kind, parent in MORE_UNITS:
        office.do(AddUnit(code=code, name=name, kind=kind, parent=parent))
    yield Street(office)
    assert_balanced(product)
    product.close()


def test_a_request_goes_all_its_steps_and_what_is_late_is_appealed(district: Street) -> None:
    district.routed(route={"units": TWO}, category="road", **REQUESTER)
    district.answered("SZ")
    district.overdue("answer", "CG")
    district.do("answer_second", "answer", "CG", **TEAM)
    district.do("contact", "reached", contacted_at="2026-03-03T10:00", how="phone")
    district.do("handle", "done", "CG", **DONE)
    district.overdue("handle", "SZ")
    district.do("supervise", "issue", paper="督〔2026〕3 号", demand="两日内办结。")
    district.do("handle", "done", "SZ", **DONE)
    district.do("release", "release")
    district.do("check", "pass", by=district.person("grid_worker", "QY-03"))
    district.do("callback", "satisfied")
    district.rated("SZ", "CG")
    assert (district.status, district.stopped()) == ("closed", [])

    district.take("appeal_timeout", "SZ", reason="暴雨停工两日。")
    district.do("review_timeout", "grant", advice="属实。")
    district.do("final_timeout", "grant", advice="同意初审意见。")
    district.take("appeal_rating", "CG", reason="并非配合不力。")
    district.do("review_rating", "grant", advice="属实。")
    district.office.wait(days=3)
    left = district.office.rows(sa.select(rating).where(rating.c.excluded_at.is_not(None)))
    assert {(row.unit, row.by) for row in left} == {("CG", "blower")}
    states = district.office.rows(
        sa.select(instance.c.status).where(instance.c.root_id == district.case.id)
    )
    assert {row.status for row in states} == {"completed"}
