"""The chain that comes with us, on both databases; its many stories are in tests/processes/chain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.tables import instance
from engine.errors import Invalid
from engine.ids import CountingIds
from engine.now import ManualClock
from processes.audit import verify
from processes.bootstrap import prepare
from processes.settings import Settings
from tests.processes.conftest import Office
from tests.processes.street import DONE, REQUESTER, ROUTE, TWO, Street


@pytest.fixture
def street(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Street]:
    settings = Settings(home=tmp_path / "home", database=database_url)
    product = prepare(settings, clock=clock, ids=ids)
    yield Street(Office(product, clock))
    product.close()


def test_from_a_call_to_the_hotline_to_closing_with_two_departments(street: Street) -> None:
    street.whistled(category="manhole", **REQUESTER)
    street.do("routing", "route", units=TWO, place="on_site", convener="community")
    street.answered("SZ", "CG")
    for unit in ("SZ", "CG"):
        street.arrived(unit)
    street.do("on_site_meeting", "divide", tasks="市政换井盖，城管维持秩序。")
    street.do("contact", "reached", contacted_at="2026-03-02T10:00", how="phone")
    for unit in ("SZ", "CG"):
        street.do("handle", "done", unit, **DONE)
    street.do("release", "release")
    street.do("check", "pass", by=street.person("grid_worker", "QY-03"))
    street.do("callback", "satisfied")
    street.rated("SZ", "CG")
    case = street.case
    assert (case.status, case.closed_at) == ("closed", street.office.clock.now())
    street.office.wait(days=4)  # who would appeal against a rating has had two working days
    assert street.case.closed_at == case.closed_at
    assert street.stopped() == []
    product = street.office.product
    product.seal()
    (running,) = street.office.rows(
        sa.select(sa.func.count()).where(instance.c.status == "active").select_from(instance)
    )[0]
    assert running == 0
    with product.engine.database.read() as connection:
        assert verify(connection, product.keys).ok


@pytest.mark.parametrize("code", ["NOPE", "QY-03"])
def test_the_whistle_calls_nobody_who_is_no_department(street: Street, code: str) -> None:
    street.whistled(category="manhole")
    with pytest.raises(Invalid) as refusal:
        street.do("routing", "route", **{**ROUTE, "units": [{"unit": code, "kind": "lead"}]})
    assert refusal.value.code == "form.invalid"
    assert code in str(refusal.value.details["fields"]["units"])
    assert street.status == "routing"
