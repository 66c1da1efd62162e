"""What people see of the whole whistle: whose part a step is, what its buttons say, what is told."""

from __future__ import annotations

from engine.actor import Actor
from processes.reads.case import case_page
from processes.reads.definitions import Folders
from processes.reads.inbox import inbox
from processes.reads.reader import Reader
from processes.reads.rows import CasePage, Inbox
from tests.processes.street import NOT_OURS, TWO, Street

ON_SITE = {"units": TWO, "place": "on_site", "convener": "community"}
LEAD, HELPER = "市政工程处", "城市管理局"


def page(street: Street, actor: Actor) -> CasePage:
    product = street.office.product
    with product.engine.database.read() as connection:
        seen = Reader(connection, street.office.clock.now(), "zh", folders(street))
        return case_page(seen, actor, street.number, keys=product.keys)


def desk(street: Street, actor: Actor) -> Inbox:
    with street.office.product.engine.database.read() as connection:
        seen = Reader(connection, street.office.clock.now(), "zh", folders(street))
        return inbox(seen, actor, tab="all", cursor=None, limit=20)


def folders(street: Street) -> Folders:
    product = street.office.product
    return Folders(product.engine.library, product.shipped.labels)


def test_the_convener_sees_whose_arrival_a_step_confirms(street: Street) -> None:
    street.routed(route=ON_SITE)
    convener = street.person("convener", "QY-03")
    seen = page(street, convener)
    assert {(each.step, each.about) for each in seen.items} == {
        ("现场会商", None),
        ("到场报到", LEAD),
        ("到场报到", HELPER),
    }
    assert {(row.step, row.about) for row in desk(street, convener).rows} == {
        ("现场会商", None),
        ("到场报到", LEAD),
        ("到场报到", HELPER),
    }
    arrivals = {clock.about for clock in seen.deadlines if clock.code == "arrive"}
    assert arrivals == {LEAD, HELPER}
    street.arrived("CG")
    told = page(street, convener).history[0]
    assert (told.title, told.unit_name) == (f"到场报到（{HELPER}）：已到场", "春晖社区")


def test_the_button_of_an_answer_says_answer_and_a_refusal_says_of_what(street: Street) -> None:
    street.report(source="hotline")
    acceptor = street.person("acceptor", "QY")
    (accept,) = page(street, acceptor).items
    assert [each.label for each in accept.buttons] == ["受理", "直接答复", "不予受理", "已自行办理"]
    street.do("accept", "accept")
    street.do("verify", "confirm")
    street.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
    (review,) = page(street, street.person("whistle_approver", "QY")).items
    assert [each.label for each in review.buttons] == ["签发", "街道办理", "退回申请", "并入他哨"]
    street.do("street_review", "issue")
    (answer,) = page(street, street.person("dept", "SZ")).items
    assert [each.label for each in answer.buttons] == ["应哨", "提异议"]


def test_the_street_sees_the_duty_item_that_it_decides_by(street: Street) -> None:
    street.report(category="manhole")
    street.do("community_review", "whistle", whistle_type="request", request="请市政换盖。")
    (review,) = page(street, street.person("whistle_approver", "QY")).items
    duty = next(each.value for each in review.fields if each.name == "duty_item")
    assert duty.startswith("PH-")
    street.do("street_review", "issue", duty_item=duty)
    told = page(street, street.person("supervisor", "QX")).history
    (issued,) = (line for line in told if line.title == "街道研判签发：签发")
    assert issued.detail == f"履职事项：{duty}"


def told_to(street: Street, role: str, unit: str) -> list[tuple[str, list[str]]]:
    """Return the steps and offers that a person has, each with the lines over its form."""
    seen = page(street, street.person(role, unit))
    steps = [(each.step, [line.value for line in each.shows]) for each in seen.items]
    offers = [(each.name, [line.value for line in each.shows]) for each in seen.offers]
    return [*steps, *offers]


def test_a_liaison_sees_the_clauses_it_was_whistled_under_before_it_objects(
    street: Street,
) -> None:
    street.report(category="manhole")
    street.do("community_review", "whistle", whistle_type="request", request="请市政换盖。")
    street.do("street_review", "issue", duty_item="PH-01 井盖等检查井设施的维护")
    units = [
        {**unit, "duty_item": code} for unit, code in zip(TWO, ["PH-01", "SH-02"], strict=True)
    ]
    street.do("routing", "route", units=units, place="online")
    issued = "PH-01 井盖等检查井设施的维护"
    assert told_to(street, "dept", "SZ") == [
        ("应哨", [issued, issued]),
        ("报请提级", [issued, issued]),
    ]
    assert told_to(street, "dept", "CG")[0] == ("应哨", [issued, "SH-02 违法建筑的强制拆除"])
    street.do("answer", "object", "SZ", **NOT_OURS)
    reviewed = dict(told_to(street, "dispatcher", "QX"))
    assert reviewed["异议审核"] == [issued, issued]
    street.do("objection_review", "agree", units=[{"unit": "HB", "kind": "lead"}])
    assert told_to(street, "dept", "HB")[0] == ("应哨", [issued])  # the table never named it


def test_where_nobody_named_a_clause_none_is_shown(street: Street) -> None:
    street.routed()
    assert told_to(street, "dept", "SZ")[0] == ("应哨", [])


def test_an_objection_is_told_once_and_what_ends_by_itself_is_nobodys_act(street: Street) -> None:
    street.routed()
    street.do("answer", "object", **NOT_OURS)
    street.do("objection_review", "refuse", advice="灯杆在移交清单内。")
    lines = page(street, street.person("supervisor", "QX")).history
    titles = [line.title for line in lines]
    assert [each for each in titles if "异议" in each] == [
        f"异议审核（{LEAD}）：不同意",
        "应哨：提异议",
    ]
    street.do("handle", "done", solved="yes", result="已更换。")
    lines = page(street, street.person("supervisor", "QX")).history
    (ended,) = (line for line in lines if line.title == "完成：主办单位")
    assert (ended.who, ended.unit_name) == ("系统", LEAD)
