"""What is entered into calendars is provable: the chain has it, and rows are compared with it."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from engine.sla.calendar import OFFICE_HOURS, ROUND_THE_CLOCK
from engine.sla.holidays import DayKind, SpecialDay
from processes.calendars.commands import EnterDays, SetTimetable
from processes.calendars.entered import compare_calendars
from processes.organisation_chain import verify_changes
from processes.organisation_tables import organisation_entry
from processes.tables import calendar, calendar_day
from tests.processes.conftest import Office

NOTICE = "国办发明电〔2026〕7 号"
DAYS = tuple(
    SpecialDay(date(2027, 1, day), kind, "元旦", "")
    for day, kind in ((1, DayKind.REST), (2, DayKind.REST), (3, DayKind.WORK))
)


@pytest.fixture
def dated(office: Office) -> Office:
    """An office with a timetable, a notice and a closure of its own."""
    office.do(SetTimetable(code="market", name="早市", timetable=ROUND_THE_CLOCK))
    office.do(EnterDays(days=DAYS, source=NOTICE))
    office.do(EnterDays(days=DAYS[:1], source="停业通知", calendar="market"))
    return office


def differing(office: Office) -> tuple[str, ...]:
    with office.product.engine.database.read() as connection:
        assert verify_changes(connection).ok
        return compare_calendars(connection).differing


def bend(office: Office, statement: sa.Executable) -> None:
    with office.product.engine.database.write() as connection:
        connection.execute(statement)


def test_each_entry_stands_in_the_chain_and_its_rows_agree(dated: Office) -> None:
    kinds = dated.rows(
        sa.select(organisation_entry.c.kind, organisation_entry.c.subject)
        .where(organisation_entry.c.kind.like("calendar.%"))
        .order_by(organisation_entry.c.seq)
    )
    assert [tuple(row) for row in kinds] == [
        ("calendar.timetable", "market"),
        ("calendar.days", "*"),
        ("calendar.days", "market"),
    ]
    assert differing(dated) == ()


def test_a_holiday_made_a_working_day_is_found(dated: Office) -> None:
    second = calendar_day.c.date == date(2027, 1, 2)
    bend(dated, sa.update(calendar_day).where(second).values(kind="work"))
    assert differing(dated) == ("* 2027-01-02",)


def test_a_day_taken_out_and_one_put_in_are_found(dated: Office) -> None:
    gone = sa.delete(calendar_day).where(calendar_day.c.calendar == "market")
    bend(dated, gone)
    moved = calendar_day.c.date == date(2027, 1, 3)
    bend(dated, sa.update(calendar_day).where(moved).values(date=date(2027, 1, 9)))
    assert differing(dated) == ("* 2027-01-03", "* 2027-01-09", "market 2027-01-01")


def test_other_hours_put_under_a_timetable_are_found(dated: Office) -> None:
    bend(dated, sa.update(calendar).values(timetable=OFFICE_HOURS))
    (found,) = differing(dated)
    assert found.startswith("market 2026-")


def test_a_calendar_that_nobody_entered_is_found(dated: Office) -> None:
    (row,) = dated.rows(sa.select(calendar))
    older = {**row._mapping, "code": "older", "name": "旧"}
    bend(dated, sa.insert(calendar).values(older))
    assert differing(dated) != ()  # the chain knows calendars, and nobody entered this one


def test_an_older_database_is_compared_from_its_next_entry_on(office: Office) -> None:
    at = office.clock.now()
    row = {"code": "older", "valid_from": at, "name": "旧", "timetable": dict(OFFICE_HOURS)}
    bend(office, sa.insert(calendar).values({**row, "entered_at": at}))
    assert differing(office) == ()
    office.do(EnterDays(days=DAYS, source=NOTICE))
    assert differing(office) == ()
    bend(office, sa.update(calendar).values(name="新"))
    assert len(differing(office)) == 1
