"""Units that end: what they had in hand goes on elsewhere, and nothing is lost on the way."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.db.tables import event, work_item
from engine.errors import Conflict, Invalid, ShaodaoError
from engine.run import own_jobs
from engine.run.commands import Command
from processes.access import path_of
from processes.handing_over import Share
from processes.organisation import AddMembership, AddPerson, AddUnit, actor_of, strangers
from processes.organisation_tables import unit_successor
from processes.reads.units import units
from processes.tables import membership
from processes.unit_ends import AbolishUnit, HandOver, MergeUnits, SplitUnit
from tests.conftest import EPOCH
from tests.processes.conftest import SECRETARY, Office

WATER = Actor(id=UUID(int=31), posts=(Post("dept", "SW"),))


@pytest.fixture
def busy(office: Office) -> Office:
    """An office where the departments SZ and CG have a part of a case in hand."""
    office.do(AddUnit(code="SW", name="水务局", kind="department", parent="QX"))
    office.report()
    office.complete("community_review", "whistle", SECRETARY)
    office.clock.set(EPOCH + timedelta(hours=1))
    return office


def addressed(office: Office) -> set[str | None]:
    query = sa.select(work_item.c.unit).where(work_item.c.status == "open")
    return {row.unit for row in office.rows(query)}


def test_an_abolished_department_hands_its_steps_to_its_successor(busy: Office) -> None:
    answer = busy.do(AbolishUnit(code="SZ", successor="SW"))
    assert answer == {"code": "SZ", "handed_over": 2}
    busy.wait(seconds=1)
    assert addressed(busy) == {"SW", "CG"}
    (told,) = busy.rows(sa.select(event).where(event.c.kind == "unit.handed_over"))
    assert b'"after":"SW","before":"SZ"' in bytes(told.body)
    number = "QY-2026-000001"
    assert set(busy.parts(number)) == {"SW", "CG"}
    busy.complete("answer", "answer", WATER, unit="SW")


def test_what_a_diagram_opens_later_for_an_abolished_unit_is_the_heirs(busy: Office) -> None:
    busy.do(AbolishUnit(code="SZ", successor="SW"))
    busy.wait(seconds=1)
    busy.complete("answer", "answer", WATER, unit="SW")
    assert busy.item("handle", "SZ").unit == "SZ"  # the diagram's data still says so
    busy.complete("handle", "done", WATER, unit="SZ")
    with busy.product.engine.database.read() as connection:
        assert strangers(connection, ["SZ"]) == frozenset()
        assert "SZ" not in {unit.code for unit in units(connection)}


def test_who_holds_cases_is_not_abolished_without_a_successor(busy: Office) -> None:
    with pytest.raises(Conflict) as refused:
        busy.do(AbolishUnit(code="SZ"))
    assert refused.value.code == "unit.holds_cases"
    assert "1 个待办、1 件在办事项" in str(refused.value)
    busy.do(HandOver(unit="SZ", successor="SW"))
    busy.wait(seconds=1)
    busy.do(AbolishUnit(code="SZ"))
    with busy.product.engine.database.read() as connection:
        assert strangers(connection, ["SZ"]) == {"SZ"}


def test_merged_communities_become_one_with_their_grids_people_and_cases(office: Office) -> None:
    for code, name in (("QY-04", "秋实社区"), ("QY-05", "合并社区")):
        office.do(AddUnit(code=code, name=name, kind="community", parent="QY"))
    anna = UUID(office.do(AddPerson(name="安娜"))["id"])
    office.do(AddMembership(person_id=anna, role="community_secretary", unit="QY-03"))
    number = office.report()["number"]
    office.clock.set(EPOCH + timedelta(hours=1))
    office.do(MergeUnits(units=("QY-03", "QY-04"), into="QY-05"))
    office.wait(seconds=1)
    assert addressed(office) == {"QY-05"}
    assert office.case(number).community == "QY-05"
    with office.product.engine.database.read() as connection:
        assert path_of(connection, "QY-03-02") == "/QX/QY/QY-05/QY-03-02/"
        assert path_of(connection, "QY-03") == "/QX/QY/QY-05/QY-03/"
        posts = actor_of(connection, anna, office.clock.now()).posts
    assert posts == (Post("community_secretary", "QY-05"),)
    past = office.rows(sa.select(membership).where(membership.c.unit == "QY-03"))
    assert [row.valid_to for row in past] == [EPOCH + timedelta(hours=1)]
    successors = office.rows(sa.select(unit_successor).order_by(unit_successor.c.unit))
    assert [(row.unit, row.successor, row.kind) for row in successors] == [
        ("QY-03", "QY-05", "merged"),
        ("QY-04", "QY-05", "merged"),
    ]


def test_a_split_department_shares_its_cases_by_area(busy: Office) -> None:
    busy.do(AddUnit(code="SE", name="市政东所", kind="department", parent="QX"))
    shares = (Share("SW"), Share("SE", areas=("QY-03",)))
    busy.do(SplitUnit(code="SZ", shares=shares))
    busy.wait(seconds=1)
    assert addressed(busy) == {"SE", "CG"}


def test_a_split_community_shares_its_grids(office: Office) -> None:
    office.do(AddUnit(code="QY-03-09", name="第九网格", kind="grid", parent="QY-03"))
    for code in ("QY-06", "QY-07"):
        office.do(AddUnit(code=code, name=code, kind="community", parent="QY"))
    shares = (Share("QY-06"), Share("QY-07", areas=("QY-03-02",)))
    office.do(SplitUnit(code="QY-03", shares=shares))
    with office.product.engine.database.read() as connection:
        assert path_of(connection, "QY-03-02") == "/QX/QY/QY-07/QY-03-02/"
        assert path_of(connection, "QY-03-09") == "/QX/QY/QY-06/QY-03-09/"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (MergeUnits(units=("SZ", "CG"), into="SZ"), "unit.merge_self"),
        (MergeUnits(units=(), into="SZ"), "unit.merge_nothing"),
        (MergeUnits(units=("SZ",), into="QY"), "unit.kinds_differ"),
        (AbolishUnit(code="QY"), "unit.has_children"),
        (AbolishUnit(code="QY", successor="QY"), "unit.cycle"),
        (HandOver(unit="SZ", successor="SZ"), "unit.hand_over_self"),
        (HandOver(unit="SZ", successor="QY"), "unit.kinds_differ"),
        (SplitUnit(code="SZ", shares=(Share("CG"),)), "unit.split_one"),
        (
            SplitUnit(code="SZ", shares=(Share("CG", ("QY",)), Share("CG", ("QY",)))),
            "unit.split_twice",
        ),
    ],
)
def test_an_end_that_cannot_be_is_said(office: Office, command: Command, code: str) -> None:
    with pytest.raises((Conflict, Invalid)) as refused:
        office.do(command)
    assert refused.value.code == code


def test_an_ended_unit_takes_nothing_new_and_names_its_heir(office: Office) -> None:
    office.do(AddUnit(code="SW", name="水务局", kind="department", parent="QX"))
    office.do(MergeUnits(units=("SZ",), into="SW"))
    anna = UUID(office.do(AddPerson(name="安娜"))["id"])
    with pytest.raises(Conflict) as refused:
        office.do(AddMembership(person_id=anna, role="dept", unit="SZ"))
    assert "请改用“水务局”" in str(refused.value)
    with pytest.raises(Conflict):
        office.do(AddUnit(code="SZ", name="市政工程处", kind="department", parent="QX"))


def test_a_report_from_an_abolished_grid_is_told_to_choose_another(office: Office) -> None:
    office.do(AbolishUnit(code="QY-03-02"))
    with pytest.raises(ShaodaoError) as refused:
        office.report()
    assert refused.value.code == "case.area_abolished"


def test_handing_over_costs_the_command_the_same_however_much_there_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_jobs, "MOST", 0)  # what follows is the worker's
    for code in ("QY-08", "QY-09"):
        office.do(AddUnit(code=code, name=code, kind="community", parent="QY"))
    office.report()
    few = statements_of(office, HandOver(unit="QY-03", successor="QY-08"))
    office.wait(seconds=1)
    for _each in range(3):
        office.report()
    office.do(HandOver(unit="QY-03", successor="QY-08"))
    office.wait(seconds=1)
    assert statements_of(office, HandOver(unit="QY-08", successor="QY-09")) == few
    office.wait(seconds=1)
    assert addressed(office) == {"QY-09"}


def statements_of(office: Office, command: Command) -> int:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        sent.append(text)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        office.do(command)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(sent)
