"""Posts that end, change hands or must not be left empty, and duty that counts as a post."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.run.commands import CompleteWorkItem
from processes.duty import EndDuty, SetDuty, on_duty
from processes.organisation import AddMembership, AddPerson, AddSubstitution, actor_of
from processes.post_moves import EndMembership, EndSubstitution, HandOverPosts
from processes.tables import membership, substitution
from tests.conftest import EPOCH
from tests.processes.conftest import Office

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADMIN_ELSEWHERE = Actor(id=UUID(int=9), posts=(Post("admin", "QY-03"),))


def hire(office: Office, name: str, *posts: tuple[str, str]) -> UUID:
    person_id = UUID(office.do(AddPerson(name=name))["id"])
    for role, unit in posts:
        office.do(AddMembership(person_id=person_id, role=role, unit=unit))
    return person_id


def posts(office: Office, person_id: UUID) -> set[tuple[str, str]]:
    with office.product.engine.database.read() as connection:
        found = actor_of(connection, person_id, office.clock.now()).posts
    return {(post.role, post.unit) for post in found}


def membership_of(office: Office, person_id: UUID) -> UUID:
    query = sa.select(membership.c.id).where(membership.c.person_id == person_id)
    found: UUID = office.rows(query)[0].id
    return found


def duty(person_id: UUID, start: datetime, **other: object) -> SetDuty:
    said = {"unit": "SZ", "role": "dept", "valid_to": start + 12 * HOUR, "note": "值班室 3301"}
    return SetDuty(person_id=person_id, valid_from=start, **{**said, **other})  # type: ignore[arg-type]


def test_who_is_on_duty_holds_the_post_meanwhile(office: Office) -> None:
    anna = hire(office, "安娜")
    office.do(duty(anna, EPOCH + HOUR))
    assert posts(office, anna) == set()
    office.clock.set(EPOCH + HOUR)
    assert posts(office, anna) == {("dept", "SZ")}
    with office.product.engine.database.read() as connection:
        (found,) = on_duty(connection, "SZ", "dept", office.clock.now())
        assert on_duty(connection, "SZ", "dept_leader", office.clock.now()) == ()
    assert (found.name, found.until, found.note) == ("安娜", EPOCH + 13 * HOUR, "值班室 3301")
    office.clock.set(EPOCH + 13 * HOUR)
    assert posts(office, anna) == set()


def test_duty_lets_somebody_finish_a_step(office: Office) -> None:
    office.report()
    anna = hire(office, "安娜")
    office.do(duty(anna, EPOCH, unit="QY-03", role="community_secretary"))
    with office.product.engine.database.read() as connection:
        who = actor_of(connection, anna, office.clock.now())
    office.do(CompleteWorkItem(item_id=office.item("community_review").id, outcome="handle"), who)


def test_a_duty_taken_back_before_it_begins_never_was(office: Office) -> None:
    anna = hire(office, "安娜")
    planned = office.do(duty(anna, EPOCH + DAY))["id"]
    running = office.do(duty(anna, EPOCH))["id"]
    office.clock.set(EPOCH + HOUR)
    for each in (planned, running):
        office.do(EndDuty(duty_id=UUID(each)))
    assert posts(office, anna) == set()
    with pytest.raises(NotFound):
        office.do(EndDuty(duty_id=UUID(running)))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"role": "king"}, "membership.role"),
        ({"valid_to": EPOCH - HOUR}, "period.reversed"),
        ({"valid_to": EPOCH + 40 * DAY}, "duty.too_long"),
        ({"note": "长" * 101}, "duty.note_long"),
        ({}, "duty.overlap"),
        ({"unit": "XX"}, "unit.unknown"),
        ({"person_id": UUID(int=404)}, "person.unknown"),
    ],
)
def test_a_duty_that_cannot_be_is_said(office: Office, other: dict[str, object], code: str) -> None:
    anna = hire(office, "安娜")
    office.do(duty(anna, EPOCH))
    with pytest.raises((Invalid, Conflict, NotFound)) as refused:
        office.do(duty(**{"person_id": anna, "start": EPOCH + HOUR, **other}))  # type: ignore[arg-type]
    assert refused.value.code == code


def test_the_roster_is_kept_by_whoever_manages_the_unit(office: Office) -> None:
    anna = hire(office, "安娜")
    with pytest.raises(Forbidden):
        office.do(duty(anna, EPOCH), ADMIN_ELSEWHERE)


def test_a_post_ends(office: Office) -> None:
    anna = hire(office, "安娜", ("dept", "SZ"))
    office.clock.set(EPOCH + DAY)
    office.do(EndMembership(membership_id=membership_of(office, anna)))
    assert posts(office, anna) == set()
    with pytest.raises(Conflict) as refused:
        office.do(EndMembership(membership_id=membership_of(office, anna)))
    assert refused.value.code == "membership.ended"
    office.do(AddMembership(person_id=anna, role="dept", unit="SZ"))


def test_the_last_dispatcher_stays_until_there_is_another(office: Office) -> None:
    anna = hire(office, "安娜", ("dispatcher", "QY"))
    with pytest.raises(Conflict) as refused:
        office.do(EndMembership(membership_id=membership_of(office, anna), at=EPOCH + DAY))
    assert refused.value.code == "membership.last"
    hire(office, "鲍里斯", ("dispatcher", "QX"))  # one above does as well
    office.do(EndMembership(membership_id=membership_of(office, anna), at=EPOCH + DAY))


def test_the_same_post_twice_at_a_time_is_refused(office: Office) -> None:
    anna = hire(office, "安娜", ("dept", "SZ"))
    with pytest.raises(Conflict) as refused:
        office.do(AddMembership(person_id=anna, role="dept", unit="SZ", valid_from=EPOCH + 9 * DAY))
    assert refused.value.code == "membership.overlap"


def test_a_staff_number_belongs_to_one_person(office: Office) -> None:
    office.do(AddPerson(name="安娜", code="1001"))
    with pytest.raises(Conflict) as refused:
        office.do(AddPerson(name="鲍里斯", code="1001"))
    assert "安娜" in str(refused.value)


def test_substitutions_that_cannot_be_are_said(office: Office) -> None:
    anna, boris, clara = (hire(office, name) for name in ("安娜", "鲍里斯", "克拉拉"))

    def stand_in(absent: UUID, substitute: UUID) -> AddSubstitution:
        return AddSubstitution(
            absent_id=absent, substitute_id=substitute, valid_from=EPOCH, valid_to=EPOCH + DAY
        )

    office.do(stand_in(anna, boris))
    for command, code in (
        (stand_in(anna, anna), "substitution.self"),
        (stand_in(anna, clara), "substitution.overlap"),
        (stand_in(clara, anna), "substitution.away"),
    ):
        with pytest.raises((Conflict, Invalid)) as refused:
            office.do(command)
        assert refused.value.code == code


def test_a_substitution_ends_when_the_absent_is_back(office: Office) -> None:
    anna, boris = hire(office, "安娜", ("dept", "SZ")), hire(office, "鲍里斯")
    command = AddSubstitution(
        absent_id=anna, substitute_id=boris, valid_from=EPOCH, valid_to=EPOCH + 9 * DAY
    )
    lent = UUID(office.do(command)["id"])
    office.clock.set(EPOCH + DAY)
    assert posts(office, boris) == {("dept", "SZ")}
    office.do(EndSubstitution(substitution_id=lent))
    assert posts(office, boris) == set()
    assert office.rows(sa.select(substitution.c.valid_to))[0].valid_to == EPOCH + DAY
    with pytest.raises(NotFound):
        office.do(EndSubstitution(substitution_id=lent))


def test_who_leaves_hands_every_post_over(office: Office) -> None:
    anna = hire(office, "安娜", ("dept", "SZ"), ("dispatcher", "QY"))
    boris = hire(office, "鲍里斯", ("dept", "SZ"))
    office.do(duty(anna, EPOCH + 2 * DAY))
    office.clock.set(EPOCH + DAY)
    assert office.do(HandOverPosts(person_id=anna, successor_id=boris)) == {"posts": 3}
    assert posts(office, anna) == set()
    assert posts(office, boris) == {("dept", "SZ"), ("dispatcher", "QY")}
    with pytest.raises(Invalid):
        office.do(HandOverPosts(person_id=boris, successor_id=boris))


def test_asking_for_posts_costs_the_same_however_many_there_are(office: Office) -> None:
    anna = hire(office, "安娜")
    few = statements_of_asking(office, anna)
    boris = hire(office, "鲍里斯", ("dept", "SZ"), ("dept", "CG"), ("dispatcher", "QY"))
    office.do(duty(anna, EPOCH))
    office.do(
        AddSubstitution(absent_id=boris, substitute_id=anna, valid_from=EPOCH, valid_to=EPOCH + DAY)
    )
    assert statements_of_asking(office, anna) == few
    assert len(posts(office, anna)) == 3


def statements_of_asking(office: Office, person_id: UUID) -> int:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, text: str, *_rest: object) -> None:
        sent.append(text)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        posts(office, person_id)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(sent)
