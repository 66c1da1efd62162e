"""Drawn data in a running case: lists go to departments, answers come back, a person sees them."""

from __future__ import annotations

import sqlalchemy as sa

from engine.db.tables import child_item, passed_value
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


ROUNDS = draw.process(
    "rounds",
    LISTS,
    '<bpmn:dataObject id="D_dept" name="dept" />',
    draw.start(),
    draw.node(
        "subProcess",
        "each",
        '<bpmn:dataObject id="D_note" name="verdict" />',
        draw.start("in_begin"),
        draw.script("count", "verdict = len(units)"),
        draw.user("handle", "solved unsolved", unit="dept.unit"),
        draw.end("in_end"),
        draw.flows("in_begin > count", "count > handle", "handle > in_end"),
        EACH,
        unit="dept.unit",
        out="result = handle.outcome; known = verdict",
    ),
    draw.user("check", unit='"C1"'),
    draw.end(),
    draw.flows("begin > each", "each > check", "check > finish"),
    lanes={"community": "begin each check finish"},
)
MANY = [{"unit": f"U{number}", "note": "x" * 100} for number in range(12)]


def test_a_drawn_list_stands_once_and_every_round_reads_it_by_its_name(world: World) -> None:
    world.deploy("rounds", rounds__bpmn=ROUNDS, labels__toml=LABELS)
    case = world.start("rounds", {"units": MANY})
    world.worker.drain()

    (row,) = world.rows(sa.select(passed_value))
    assert row.value == MANY
    parts = world.children(case)
    assert [part.unit for part in parts] == [each["unit"] for each in MANY]
    assert max(len(bytes(part.state)) for part in parts) < 700
    data = world.data(parts[3].id)
    assert data["D_units"] == data["units"] == MANY
    assert (data["dept"], data["verdict"]) == (MANY[3], 12)


def test_what_the_rounds_say_is_gathered_in_the_drawn_list(world: World) -> None:
    world.deploy("rounds", rounds__bpmn=ROUNDS, labels__toml=LABELS)
    case = world.start("rounds", {"units": MANY})
    said = ["solved", "unsolved"] * 6
    for each, outcome in reversed(list(zip(MANY, said, strict=True))):
        world.worker.drain()
        world.complete("handle", outcome, unit=each["unit"])
    world.worker.drain()

    assert world.open_elements() == ["check"]
    data = world.data(case)
    assert data["answers"] == said
    assert data["each"]["results"] == [{"result": each, "known": 12} for each in said]
    assert (data["dept"], data["verdict"]) == (None, None), "what is called so inside is its own"
    assert world.rows(sa.select(child_item)) == []


def test_a_call_gives_back_what_a_drawn_name_holds_in_the_part(world: World) -> None:
    part = draw.process(
        "part",
        '<bpmn:dataObject id="D_grade" name="grade" />',
        draw.start(),
        draw.script("judge", "grade = to"),
        draw.end(),
        draw.flows("begin > judge", "judge > finish"),
    )
    caller = draw.process(
        "caller",
        draw.start(),
        draw.call("ask", "part", **{"in": "to = kind"}, out="got = grade; same = D_grade"),
        draw.user("check", unit='"C1"'),
        draw.end(),
        draw.flows("begin > ask", "ask > check", "check > finish"),
        lanes={"community": "begin ask check finish"},
    )
    world.deploy("caller", caller__bpmn=caller, part__bpmn=part, labels__toml=LABELS)
    case = world.start("caller", {"kind": "lead"})
    world.worker.drain()
    data = world.data(case)
    assert (data["got"], data["same"]) == ("lead", "lead")
