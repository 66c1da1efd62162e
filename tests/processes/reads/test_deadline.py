"""The explanation behind a due time is the count itself, for those who may read the case."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import sla_clock
from engine.errors import NotFound
from engine.ids import CountingIds
from processes.reads.deadline import Why, explained
from tests.processes.reads.conftest import ReadOffice


def clocks(office: ReadOffice) -> list[Any]:
    return office.rows(sa.select(sla_clock).order_by(sla_clock.c.started_at, sla_clock.c.id))


def why(office: ReadOffice, number: str, clock: Any, actor: Actor, locale: str = "zh") -> Why:
    with office.read(locale) as reader:
        return explained(reader, actor, number, clock=clock)


def test_every_clock_of_a_case_is_explained_to_its_stored_due_time(office: ReadOffice) -> None:
    number = office.to_departments()
    rows = clocks(office)
    assert rows
    for row in rows:
        told = why(office, number, row.id, office.supervisor)
        assert (told.due, told.warn) == (row.due_at, row.warn_at)
        assert told.steps[0].text.startswith("时限：")
        assert told.steps[-1].text.startswith("到期时间：")
        assert sum(day.minutes for day in told.days) == told.days[-1].total > 0


def test_who_may_not_read_the_case_gets_no_explanation(office: ReadOffice) -> None:
    number = office.report()["number"]
    clock = clocks(office)[0].id
    with pytest.raises(NotFound) as hidden:
        why(office, number, clock, office.outsider)
    assert hidden.value.code == "case.unknown"
    with pytest.raises(NotFound) as unknown:
        why(office, number, CountingIds().new(), office.supervisor)
    assert unknown.value.code == "clock.unknown"
