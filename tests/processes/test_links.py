"""Several reports of one thing: linked, merged, and told before they are reported again."""

from __future__ import annotations

from uuid import UUID

import pytest

from engine.actor import Actor, Post
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from processes.links import Kind, LinkCases, link_by_number
from processes.reads.alike import Alike, Likeness, alike
from processes.reads.case import case_page
from processes.reads.rows import CasePage
from tests.processes.reads.conftest import ReadOffice
from tests.processes.reads.conftest import office as read_office

office = read_office


def merge(office: ReadOffice, child: str, parent: str) -> UUID:
    """Do what an operation of a diagram does."""
    with office.product.engine.database.write() as connection:
        return link_by_number(
            connection,
            case_id=office.case(child).id,
            number=parent,
            kind=Kind.MERGED,
            by=None,
            at=office.clock.now(),
        )


def page(office: ReadOffice, actor: Actor, number: str) -> CasePage:
    with office.read() as reader:
        return case_page(reader, actor, number, keys=office.product.keys)


def links(office: ReadOffice, actor: Actor, number: str) -> list[tuple[str, str | None]]:
    return [(row.label, row.number) for row in page(office, actor, number).links]


@pytest.fixture
def numbers(office: ReadOffice) -> list[str]:
    return [office.report()["number"] for _n in range(3)]


def test_merged_cases_are_seen_on_their_parent_and_follow_it(
    office: ReadOffice, numbers: list[str]
) -> None:
    first, second, third = numbers
    merge(office, second, first)
    merge(office, third, first)
    parent = page(office, office.secretary, first)
    assert [row.label for row in parent.links] == ["并入本件", "并入本件"]
    assert parent.demand == 3
    child = page(office, office.secretary, second)
    assert [(row.label, row.number, row.status) for row in child.links] == [
        ("并入", first, "社区研判")
    ]
    assert child.number == second, "each requester keeps a number"
    assert child.demand == 1


def test_a_parent_has_no_parent(office: ReadOffice, numbers: list[str]) -> None:
    first, second, third = numbers
    merge(office, second, first)
    assert merge(office, third, second) == office.case(first).id, "it goes where that went"
    fourth = office.report()["number"]
    merge(office, first, fourth)
    assert {number for _label, number in links(office, office.secretary, fourth)} == set(numbers)
    with pytest.raises(Conflict, match="已经并入"):
        merge(office, second, fourth)
    with pytest.raises(Invalid, match="不能反过来"):
        merge(office, fourth, first)


def test_links_are_said_by_people_and_stand_in_the_trail(
    office: ReadOffice, numbers: list[str]
) -> None:
    first, second, _third = numbers
    said = LinkCases(number=second, other=first.lower(), kind="repeat", reason="同一盏灯")
    office.do(said, office.secretary)
    assert links(office, office.secretary, second) == [("重复", first)]
    assert links(office, office.secretary, first) == [("又被反映", second)]
    line = page(office, office.secretary, second).history[0]
    assert (line.title, line.detail) == (f"关联：{first}", "重复；同一盏灯")
    with pytest.raises(Conflict, match="不必重复"):
        office.do(said, office.secretary)


def test_what_may_not_be_linked_is_refused_with_a_sentence(
    office: ReadOffice, numbers: list[str]
) -> None:
    first, second, _third = numbers

    def refused(error: type[Exception], code: str, actor: Actor, **changes: str) -> None:
        told = {"number": first, "other": second, "kind": "related", **changes}
        with pytest.raises(error) as refusal:
            office.do(LinkCases(**told), actor)
        assert getattr(refusal.value, "code", "") == code

    refused(Invalid, "link.to_itself", office.secretary, other=first)
    refused(Invalid, "link.kind_unknown", office.secretary, kind="merged")
    refused(NotFound, "case.unknown", office.secretary, other="QY-2026-999999")
    refused(NotFound, "case.unknown", office.outsider)
    refused(Forbidden, "action.not_allowed", office.worker)


def test_of_a_case_out_of_reach_only_the_status_is_told(
    office: ReadOffice, numbers: list[str]
) -> None:
    elsewhere = office.report(area="QY-04")["number"]
    merge(office, numbers[0], elsewhere)
    (row,) = page(office, office.secretary, numbers[0]).links
    assert (row.number, row.title, row.status) == (None, "", "社区研判")


def find(office: ReadOffice, actor: Actor, like: Likeness) -> Alike:
    with office.read() as reader:
        return alike(reader, actor, like)


def test_the_same_again_at_one_place_is_told_and_three_make_a_hotspot(office: ReadOffice) -> None:
    like = Likeness("streetlight", "QY-03-02")
    assert find(office, office.secretary, like) == Alike((), 1)
    first = office.report()["number"]
    office.report(category="litter")
    second = office.report()["number"]
    found = find(office, office.secretary, like)
    assert [row.number for row in found.rows] == [second, first]
    assert (found.recent, found.is_hotspot) == (3, True)
    shown = page(office, office.secretary, second)
    assert [row.number for row in shown.alike] == [first]
    assert shown.recent == 2
    office.clock.forward(days=31)
    assert find(office, office.secretary, like) == Alike((), 1)


def test_the_same_person_is_found_by_those_who_may_know_the_reporter(office: ReadOffice) -> None:
    told = {"reporter_phone": "13812345678"}
    here = office.report(**told)
    office.report(area="QY-03", **told)
    like = Likeness("streetlight", "QY-04", office.case(here["number"]).phone_index)
    assert len(find(office, office.secretary, like).by_phone) == 2
    assert find(office, office.liaison, like).rows == ()
    unposted = Actor(id=office.worker.id, posts=(Post("dept", "SZ"),))
    assert find(office, unposted, like).by_phone == ()
