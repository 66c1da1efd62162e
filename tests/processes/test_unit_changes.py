"""Units that go on under another name, in another place: what was before stays told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.errors import Conflict, Forbidden, Invalid, NotFound, ShaodaoError
from engine.run.commands import Command
from engine.sla.calendar import OFFICE_HOURS
from processes.access import path_of
from processes.calendars.commands import SetTimetable
from processes.organisation import AddUnit
from processes.organisation_chain import verify_changes
from processes.organisation_tables import organisation_entry, unit_state
from processes.tables import case_file
from processes.unit_changes import MoveUnit, RenameUnit, SetUnitCalendar
from tests.conftest import EPOCH
from tests.processes.conftest import Office

ADMIN = Actor(id=UUID(int=9), posts=(Post("admin", "QY"),))


def states(office: Office, code: str) -> list[tuple[str, str | None, bool]]:
    query = sa.select(unit_state).where(unit_state.c.unit == code)
    rows = office.rows(query.order_by(unit_state.c.valid_from))
    return [(row.name, row.parent, row.valid_to is None) for row in rows]


def path(office: Office, code: str) -> str | None:
    with office.product.engine.database.read() as connection:
        return path_of(connection, code)


def test_a_unit_keeps_what_it_was_called(office: Office) -> None:
    office.clock.set(EPOCH + timedelta(days=1))
    office.do(RenameUnit(code="QY-03", name=" 春晖新村社区 "))
    assert states(office, "QY-03") == [
        ("春晖社区", "QY", False),
        ("春晖新村社区", "QY", True),
    ]
    again = office.do(RenameUnit(code="QY-03", name="春晖新村社区"))
    assert again == {"code": "QY-03", "changed": False}


def test_a_unit_works_by_a_calendar_of_its_own(office: Office) -> None:
    office.do(SetTimetable(code="hospital", name="医院", timetable=OFFICE_HOURS))
    office.do(SetUnitCalendar(code="SZ", calendar="hospital"))
    with pytest.raises(NotFound, match="没有代码为“nobodys”的工作日历"):
        office.do(SetUnitCalendar(code="SZ", calendar="nobodys"))
    office.do(SetUnitCalendar(code="SZ", calendar=" "))
    (row,) = office.rows(sa.select(unit_state).where(unit_state.c.unit == "SZ"))
    assert row.calendar is None


def test_a_moved_community_takes_its_grids_and_their_cases_along(office: Office) -> None:
    office.do(AddUnit(code="QZ", name="清泽街道", kind="street", parent="QX"))
    open_case = office.report()["number"]
    office.clock.set(EPOCH + timedelta(hours=1))
    office.do(MoveUnit(code="QY-03", parent="QZ"))
    office.wait(seconds=1)
    assert path(office, "QY-03-02") == "/QX/QZ/QY-03/QY-03-02/"
    assert states(office, "QY-03") == [("春晖社区", "QY", False), ("春晖社区", "QZ", True)]
    moved = office.case(open_case)
    assert (moved.path, moved.street) == ("/QX/QZ/QY-03/QY-03-02/", "QZ")


def test_a_closed_case_stays_in_the_books_of_its_street(office: Office) -> None:
    office.do(AddUnit(code="QZ", name="清泽街道", kind="street", parent="QX"))
    number = office.report()["number"]
    with office.product.engine.database.write() as connection:
        connection.execute(sa.update(case_file).values(closed_at=EPOCH))
    office.do(MoveUnit(code="QY-03", parent="QZ"))
    office.wait(seconds=1)
    assert (office.case(number).path[:6], office.case(number).street) == ("/QX/QZ", "QY")


@pytest.mark.parametrize(
    ("command", "refusal", "code"),
    [
        (MoveUnit(code="QY", parent="QY-03"), Conflict, "unit.cycle"),
        (MoveUnit(code="QY", parent="QY"), Conflict, "unit.cycle"),
        (MoveUnit(code="QY-03", parent="SZ"), Invalid, "unit.place"),
        (MoveUnit(code="QY", parent="XX"), NotFound, "unit.unknown"),
        (MoveUnit(code="XX", parent="QY"), NotFound, "unit.unknown"),
        (RenameUnit(code="QY", name=" "), Invalid, "unit.name_empty"),
        (RenameUnit(code="QY", name="长" * 101), Invalid, "unit.name_long"),
    ],
)
def test_what_cannot_be_is_said(
    office: Office, command: Command, refusal: type[ShaodaoError], code: str
) -> None:
    with pytest.raises(refusal) as refused:
        office.do(command)
    assert refused.value.code == code


def test_an_administrator_moves_nothing_out_of_or_into_foreign_hands(office: Office) -> None:
    office.do(AddUnit(code="QZ", name="清泽街道", kind="street", parent="QX"))
    for command in (MoveUnit(code="QY-03", parent="QZ"), RenameUnit(code="QZ", name="x")):
        with pytest.raises(Forbidden):
            office.do(command, ADMIN)
    office.do(RenameUnit(code="QY-03", name="春晖新村社区"), ADMIN)


def test_every_change_is_an_entry_and_a_bent_one_is_found(office: Office) -> None:
    office.do(RenameUnit(code="QY", name="清河新街道"), ADMIN)
    rows = office.rows(sa.select(organisation_entry).order_by(organisation_entry.c.seq))
    assert (rows[-1].kind, rows[-1].subject) == ("unit.renamed", "QY")
    assert str(ADMIN.id).encode() in bytes(rows[-1].body)
    with office.product.engine.database.write() as connection:
        assert verify_changes(connection).ok
        drop_guards(connection)
        connection.execute(
            sa.update(organisation_entry).where(organisation_entry.c.seq == 3).values(body=b"{}")
        )
        assert verify_changes(connection).first_bad == 3


def drop_guards(connection: sa.Connection) -> None:
    """Do what the owner of a database can."""
    guard = "organisation_entry_no_update"
    if connection.dialect.name == "postgresql":
        guard = "organisation_entry_append_only ON organisation_entry"
    connection.exec_driver_sql(f"DROP TRIGGER {guard}")


def test_a_refused_change_leaves_no_entry(office: Office) -> None:
    before = office.rows(sa.select(sa.func.count()).select_from(organisation_entry))
    with pytest.raises(Conflict):
        office.do(MoveUnit(code="QY", parent="QY-03"))
    assert office.rows(sa.select(sa.func.count()).select_from(organisation_entry)) == before
