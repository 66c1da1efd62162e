"""Units, people and posts: dated, through the door, and what a post then reaches."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from engine.actor import Actor, Post
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.run.commands import CompleteWorkItem
from processes.access import Reach, reach
from processes.organisation import (
    AddMembership,
    AddPerson,
    AddSubstitution,
    AddUnit,
    actor_of,
)
from processes.tables import person
from tests.conftest import EPOCH
from tests.processes.conftest import Office

ADMIN = Actor(id=UUID(int=9), posts=(Post("admin", "QY"),))


def hire(office: Office, name: str, *posts: tuple[str, str]) -> UUID:
    person_id = UUID(office.do(AddPerson(name=name, phone="13800000000"))["id"])
    for role, unit in posts:
        office.do(AddMembership(person_id=person_id, role=role, unit=unit))
    return person_id


def acting(office: Office, person_id: UUID) -> Actor:
    with office.product.engine.database.read() as connection:
        return actor_of(connection, person_id, office.clock.now())


def test_a_person_acts_in_the_posts_held_today(office: Office) -> None:
    anna = hire(office, "安娜", ("grid_worker", "QY-03-02"))
    until = EPOCH + timedelta(days=2)
    office.do(
        AddMembership(person_id=anna, role="community_secretary", unit="QY-03", valid_to=until)
    )
    assert set(acting(office, anna).posts) == {
        Post("grid_worker", "QY-03-02"),
        Post("community_secretary", "QY-03"),
    }
    office.clock.set(until)
    assert acting(office, anna).posts == (Post("grid_worker", "QY-03-02"),)


def test_who_stands_in_acts_in_the_posts_of_the_absent_for_that_time(office: Office) -> None:
    anna = hire(office, "安娜", ("dept", "SZ"))
    boris = hire(office, "鲍里斯", ("dept", "CG"))
    tomorrow = EPOCH + timedelta(days=1)
    office.do(
        AddSubstitution(
            absent_id=anna,
            substitute_id=boris,
            valid_from=tomorrow,
            valid_to=tomorrow + timedelta(days=1),
        )
    )
    assert acting(office, boris).posts == (Post("dept", "CG"),)
    office.clock.set(tomorrow)
    assert set(acting(office, boris).posts) == {Post("dept", "CG"), Post("dept", "SZ")}


def test_a_post_reaches_its_unit_and_all_below(office: Office) -> None:
    actor = Actor(id=UUID(int=3), posts=(Post("supervisor", "QX"), Post("dispatcher", "QY")))
    with office.product.engine.database.read() as connection:
        found = reach(connection, actor)
        assert reach(connection, Actor(id=UUID(int=4))) == []
    assert [(each.role, set(each.units)) for each in found] == [
        ("supervisor", {"QX", "QY", "QY-03", "QY-03-02", "SZ", "CG"}),
        ("dispatcher", {"QY", "QY-03", "QY-03-02"}),
    ]
    assert isinstance(found[0], Reach)


def test_a_step_belongs_to_its_lane_at_its_unit_or_above(office: Office) -> None:
    office.report()
    item = office.item("community_review")
    command = CompleteWorkItem(item_id=item.id, outcome="handle")
    for post in (Post("community_secretary", "QY-03-02"), Post("grid_worker", "QY-03")):
        with pytest.raises((Forbidden, NotFound)):
            office.do(command, Actor(id=UUID(int=5), posts=(post,)))
    office.do(command, Actor(id=UUID(int=5), posts=(Post("community_secretary", "QY"),)))


def test_phones_of_people_are_sealed(office: Office) -> None:
    hire(office, "安娜")
    (row,) = office.rows(person.select())
    assert b"138" not in bytes(row.phone)


def test_an_identical_unit_is_the_same_unit_and_another_is_a_conflict(office: Office) -> None:
    same = AddUnit(code="QY", name="清河街道", kind="street", parent="QX")
    assert office.do(same) == {"code": "QY", "created": False}
    with pytest.raises(Conflict) as refused:
        office.do(AddUnit(code="QY", name="别的街道", kind="street", parent="QX"))
    assert refused.value.code == "unit.exists"


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (AddUnit(code="Q Y", name="x", kind="grid", parent="QY"), Invalid),
        (AddUnit(code="Q/Y", name="x", kind="grid", parent="QY"), Invalid),
        (AddUnit(code="QZ", name="x", kind="kingdom", parent="QX"), Invalid),
        (AddUnit(code="QZ", name=" ", kind="grid", parent="QX"), Invalid),
        (AddUnit(code="QZ", name="x", kind="grid", parent="QW"), NotFound),
        (AddPerson(name="  "), Invalid),
        (AddMembership(person_id=UUID(int=404), role="dept", unit="SZ"), NotFound),
        (AddMembership(person_id=UUID(int=404), role="king", unit="SZ"), Invalid),
    ],
)
def test_what_the_organisation_cannot_hold_is_refused(
    office: Office, command: AddUnit, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        office.do(command)


def test_an_administrator_manages_below_the_own_post_only(office: Office) -> None:
    office.do(AddUnit(code="QY-04", name="秋实社区", kind="community", parent="QY"), ADMIN)
    for command in (
        AddUnit(code="QZ", name="清泽街道", kind="street", parent="QX"),
        AddUnit(code="QW", name="另一个区", kind="district"),
    ):
        with pytest.raises(Forbidden):
            office.do(command, ADMIN)


def test_a_post_that_ends_before_it_begins_is_refused(office: Office) -> None:
    anna = hire(office, "安娜")
    with pytest.raises(Invalid) as refused:
        office.do(AddMembership(person_id=anna, role="dept", unit="SZ", valid_to=EPOCH))
    assert refused.value.code == "period.reversed"
