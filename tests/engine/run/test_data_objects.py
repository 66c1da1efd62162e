"""Drawn data in a running case: lists go to departments, answers come back, a person sees them."""

from __future__ import annotations

from tests.engine.run import draw
from tests.engine.run.test_parts import LABELS, PART, UNITS
from tests.engine.run.world import World

LISTS = (
    '<bpmn:dataObject id="D_units" name="units" isCollection="true" />'
    '<bpmn:dataObject id="D_answers" name="answers" isCollection="true" />'
    '<bpmn:dataObject id="D_verdict" name="verdict" />'
)
EACH = (
    "<bpmn:multiInstanceLoopCharacteristics>"
    "<bpmn:loopDataInputRef>D_units</bpmn:loopDataInputRef>"
    "<bpmn:loopDataOutputRef>D_answers</bpmn:loopDataOutputRef>"
    '<bpmn:inputDataItem id="one" name="dept" /><bpmn:outputDataItem id="said" name="result" />'
    "</bpmn:multiInstanceLoopCharacteristics>"
)
CHECK = (
    '<bpmn:ioSpecification><bpmn:dataInput id="i_to" name="to" />'
    '<bpmn:dataOutput id="o_grade" name="grade" /><bpmn:inputSet /><bpmn:outputSet />'
    "</bpmn:ioSpecification>"
    "<bpmn:dataInputAssociation><bpmn:sourceRef>D_units</bpmn:sourceRef>"
    "<bpmn:targetRef>i_to</bpmn:targetRef><bpmn:transformation>units[1].unit"
    "</bpmn:transformation></bpmn:dataInputAssociation>"
    "<bpmn:dataOutputAssociation><bpmn:sourceRef>o_grade</bpmn:sourceRef>"
    "<bpmn:targetRef>D_verdict</bpmn:targetRef></bpmn:dataOutputAssociation>"
)
GRADE = """{"title": {"zh": "评分", "en": "Grade"}, "fields": [
  {"name": "grade", "type": "text", "label": {"zh": "评分", "en": "Grade"}}]}"""
CASE = draw.process(
    "chain",
    LISTS,
    draw.start(),
    draw.node(
        "callActivity",
        "departments",
        EACH,
        attrs='calledElement="part"',
        **{"in": "unit = dept.unit"},
        out="result = handle.outcome",
    ),
    draw.node("userTask", "check", CHECK, outcomes="done", unit="to", form="grade"),
    draw.boundary("again", "check", "PT1H", interrupting=False),
    draw.end(),
    draw.end("reminded"),
    draw.flows(
        "begin > departments",
        "departments > check",
        "check > finish",
        "again > reminded",
    ),
    lanes={"community": "begin departments check again finish reminded"},
)


def test_lists_go_out_answers_come_back_and_a_person_works_on_them(world: World) -> None:
    world.deploy(
        "chain", chain__bpmn=CASE, part__bpmn=PART, grade__form__json=GRADE, labels__toml=LABELS
    )
    case = world.start("chain", {"units": UNITS})
    world.complete("handle", "solved", unit="SZ")
    world.complete("handle", "unsolved", unit="CG")
    assert [row.unit for row in world.items("check")] == ["CG"]

    world.clock.forward(hours=1)
    world.worker.drain()
    assert world.open_elements() == ["check"]
    data = world.data(case)
    assert data["D_answers"] == data["answers"] == ["solved", "unsolved"]

    world.complete("check", data={"grade": "4"})
    assert world.instance(case).status == "completed"
    data = world.data(case)
    assert (data["verdict"], data["units"]) == ("4", UNITS)
    assert {"to", "i_to", "grade", "dept"}.isdisjoint(data)
