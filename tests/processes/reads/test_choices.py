"""What a page offers: buttons whose condition holds, steps one is not barred from, and offers."""

from __future__ import annotations

import pytest

from engine.run.commands import DeployFolder, TakeOffer
from processes.reads.rows import CasePage
from tests.engine.run import draw
from tests.processes.conftest import SECRETARY
from tests.processes.reads.conftest import ReadOffice
from tests.processes.reads.test_case import page_of

WHISTLE = draw.declare(
    draw.process(
        "whistle",
        draw.start("reported"),
        draw.user(
            "community_review",
            "whistle handle",
            unit="case.community",
            when__handle='case.urgency == "danger"',
        ),
        draw.user("community_handle", "done", unit="case.community", not_by="community_review"),
        draw.on(
            "withdraw",
            "community_handle",
            draw.event("message", "withdrawn"),
            offer="yes",
            unit="case.community",
            form="why",
        ),
        draw.end("closed"),
        draw.end("over"),
        draw.flows(
            "reported > community_review",
            "community_review > community_handle",
            "community_handle > closed",
            "withdraw > over",
        ),
        lanes={
            "community_secretary": "reported community_review community_handle withdraw closed over"
        },
    ),
    message="withdrawn",
)
WHY = '{"fields": [{"name": "why", "type": "textarea", "label": {"zh": "撤哨原因"}}]}'
LABELS = """
[outcomes]
whistle = {zh = "吹哨"}
handle = {zh = "自行办理"}
done = {zh = "办完"}
[elements]
withdraw = {zh = "撤哨"}
"""


@pytest.fixture
def number(office: ReadOffice) -> str:
    files = {
        "whistle.bpmn": WHISTLE.encode(),
        "labels.toml": LABELS.encode(),
        "why.form.json": WHY.encode(),
    }
    office.do(DeployFolder(folder="whistle", files=files))
    found: str = office.report()["number"]
    return found


def secretary_page(office: ReadOffice, number: str) -> CasePage:
    return page_of(office, number, SECRETARY)


def test_a_button_whose_condition_does_not_hold_is_not_shown(
    office: ReadOffice, number: str
) -> None:
    (item,) = secretary_page(office, number).items
    assert [button.outcome for button in item.buttons] == ["whistle"]


def test_who_is_barred_from_a_step_is_not_asked_to_do_it(office: ReadOffice, number: str) -> None:
    office.step("community_review", "whistle", SECRETARY)
    page = secretary_page(office, number)
    assert page.items == ()
    assert page.holders  # it is somebody's all the same


def test_an_offer_stands_on_the_page_until_it_is_taken(office: ReadOffice, number: str) -> None:
    office.step("community_review", "whistle", SECRETARY)
    (offer,) = secretary_page(office, number).offers
    assert (offer.name, [field.label for field in offer.fields]) == ("撤哨", ["撤哨原因"])
    assert page_of(office, number, office.supervisor).offers == ()
    command = TakeOffer(instance_id=offer.instance_id, token=offer.token, data={"why": "已经修好"})
    office.do(command, SECRETARY)
    after = secretary_page(office, number)
    assert after.offers == ()
    assert any("撤哨" in line.title and "已经修好" in line.detail for line in after.history)
