"""A worker seals what has moved once a minute, however often it looks."""

from __future__ import annotations

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import log_head
from processes.chores import Sealing
from processes.privacy import record_reading
from processes.privacy_tables import access_entry, access_pending
from tests.processes.conftest import Office


def heads(office: Office) -> int:
    return len(office.rows(sa.select(log_head.c.size)))


def test_a_minute_is_sealed_once_and_a_quiet_minute_not_at_all(office: Office) -> None:
    sealing = Sealing(office.product.engine, office.product.keys)
    office.report()
    sealing()
    assert heads(office) == 1
    office.report()
    sealing()
    assert heads(office) == 1
    office.clock.forward(minutes=1)
    sealing()
    assert heads(office) == 2
    office.clock.forward(minutes=1)
    sealing()
    assert heads(office) == 2


def test_who_read_what_enters_its_chain_with_the_minute(office: Office) -> None:
    case = office.case(office.report()["number"])
    engine = office.product.engine
    with engine.database.write() as connection:
        record_reading(
            connection,
            Actor(id=case.reported_by),
            case=case.id,
            fields=("reporter_phone",),
            now=engine.clock.now(),
            ids=engine.ids,
        )
    office.product.seal()
    assert office.rows(sa.select(access_pending)) == []
    (entry,) = office.rows(sa.select(access_entry))
    assert entry.case_id == case.id
