"""Two parts of a case that move at the same moment pass one after the other, in no circle."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.ids import CountingIds
from engine.now import ManualClock
from processes.bootstrap import prepare
from processes.projector import roll_up
from processes.settings import Settings
from processes.tables import case_part
from tests.processes.conftest import Office
from tests.processes.thin import thin_chain


@pytest.fixture
def office(postgres_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds) -> Office:
    settings = Settings(home=tmp_path / "home", database=postgres_url)
    return Office(
        prepare(settings, clock=clock, ids=ids, shipped=thin_chain(tmp_path / "shipped")), clock
    )


def test_a_part_that_begins_does_not_hinder_another_that_rolls_up(office: Office) -> None:
    case = office.case(office.report()["number"])
    database = office.product.engine.database
    begun = {
        "instance_id": UUID(int=7),
        "case_id": case.id,
        "kind": "lead",
        "round": 1,
        "status": "handling",
        "started_at": office.clock.now(),
    }

    def other() -> None:
        with database.write() as connection:
            connection.execute(sa.text("SET LOCAL lock_timeout = '200ms'"))
            roll_up(connection, case.id)

    with database.write() as connection, ThreadPoolExecutor(1) as pool:
        connection.execute(case_part.insert(), begun)
        pool.submit(other).result()
    office.product.close()
