"""A case whose departments are drawn inside it, and one that ends by an error."""

from __future__ import annotations

import pytest

from engine.run.commands import DeployFolder
from tests.engine.run import draw
from tests.processes.conftest import SECRETARY
from tests.processes.reads.conftest import ReadOffice
from tests.processes.reads.test_case import page_of

WHISTLE = draw.process(
    "whistle",
    draw.start("reported"),
    draw.user("community_review", "whistle", unit="case.community", status="community_review"),
    draw.sub(
        "departments",
        draw.start("told"),
        draw.user("answer", "answer", unit="item.unit", status="awaiting_answer"),
        draw.node("endEvent", "refusal", draw.event("error", "refused")),
        draw.flows("told > answer", "answer > refusal"),
        many=True,
        collection='[{"unit": "SZ"}, {"unit": "CG"}]',
        unit="item.unit",
    ),
    draw.end("closed"),
    draw.flows(
        "reported > community_review", "community_review > departments", "departments > closed"
    ),
    lanes={"community_secretary": "reported community_review closed", "dept": "departments"},
)
LABELS = '[outcomes]\nwhistle = {zh = "吹哨"}\nanswer = {zh = "应哨"}\n'


@pytest.fixture
def number(office: ReadOffice) -> str:
    files = {
        "whistle.bpmn": draw.declare(WHISTLE, error="refused").encode(),
        "labels.toml": LABELS.encode(),
    }
    office.do(DeployFolder(folder="whistle", files=files))
    found: str = office.report()["number"]
    office.step("community_review", "whistle", SECRETARY)
    return found


def test_rounds_stand_on_the_drawing_of_their_case(office: ReadOffice, number: str) -> None:
    page = page_of(office, number, office.supervisor)
    (drawing,) = page.diagrams
    assert {mark["id"] for mark in drawing.active} == {"departments", "answer"}
    assert "told" in drawing.done
    assert office.case(number).status == "awaiting_answer"
    assert set(office.parts(number)) == {"SZ", "CG"}


def test_an_error_nobody_catches_is_told_and_closes_the_case(
    office: ReadOffice, number: str
) -> None:
    office.step("answer", "answer", office.liaison, "SZ")

    case = office.case(number)
    assert (case.status, case.closed_at) == ("void", office.clock.now())
    lines = page_of(office, number, office.supervisor).history
    failed = [line for line in lines if line.title.startswith("因错误结束")]
    assert {line.detail for line in failed} == {"refused"}
    assert {line.tone for line in failed} == {"bad"}
