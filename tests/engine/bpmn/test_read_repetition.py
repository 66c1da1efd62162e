"""How repetition is read from a file, and how it is judged."""

from __future__ import annotations

import pytest

from engine.bpmn.model import Loop, MultiInstance, Node
from engine.bpmn.read import read_diagram
from engine.bpmn.rules import check
from tests.engine.run import draw


def read(kind: str, inner: str, attrs: str = "") -> tuple[Node, set[str]]:
    """Return the activity as read, and the codes of the errors found on it."""
    xml = draw.process(
        "p", draw.start(), draw.node(kind, "a", inner, attrs=attrs), draw.flows("begin > a")
    )
    diagram = read_diagram(xml.encode())
    found = {each.code for each in check(diagram) if each.element == "a"}
    return diagram.processes["p"].nodes["a"], found & CODES


CODES = {"activity.repetition_unsupported", "activity.no_count", "loop.no_end", "element.unknown"}
MANY = "bpmn:multiInstanceLoopCharacteristics"
AGAIN = "bpmn:standardLoopCharacteristics"


def test_a_multi_instance_as_drawn() -> None:
    node, found = read(
        "userTask",
        f'<{MANY} isSequential="true" behavior="All"><bpmn:loopDataInputRef>units'
        '</bpmn:loopDataInputRef><bpmn:inputDataItem id="i" name="unit" />'
        f"<bpmn:completionCondition>a.outcome == 1</bpmn:completionCondition></{MANY}>",
    )
    assert node.multi == MultiInstance(
        sequential=True,
        collection="units",
        completion="a.outcome == 1",
        variable="unit",
    )
    assert found == set()


def test_a_loop_as_drawn() -> None:
    node, found = read(
        "userTask",
        f'<{AGAIN} testBefore="true" loopMaximum="3"><bpmn:loopCondition>a.x == 1'
        f"</bpmn:loopCondition></{AGAIN}>",
    )
    assert node.loop == Loop(test_before=True, maximum="3", condition="a.x == 1")
    assert found == set()


@pytest.mark.parametrize(
    ("kind", "inner", "code"),
    [
        ("userTask", f"<{AGAIN} />", "loop.no_end"),
        ("userTask", f'<{AGAIN} loopMaximum="-1" />', "loop.no_end"),
        ("userTask", f'<{AGAIN} loopMaximum="{"9" * 5000}" />', "loop.no_end"),
        ("userTask", f"<{MANY} />", "activity.no_count"),
        (
            "userTask",
            f'<{MANY} behavior="None" noneBehaviorEventRef="e"><bpmn:loopCardinality>2</bpmn:loopCardinality></{MANY}>',
            "activity.repetition_unsupported",
        ),
        (
            "transaction",
            f"<{MANY}><bpmn:loopCardinality>2</bpmn:loopCardinality></{MANY}>",
            "activity.repetition_unsupported",
        ),
    ],
)
def test_what_cannot_be_repeated_is_refused(kind: str, inner: str, code: str) -> None:
    assert read(kind, inner)[1] == {code}


def test_what_a_vendor_says_about_the_collection_is_not_executed() -> None:
    inner = f'<{MANY} xmlns:camunda="http://camunda.org/schema/1.0/bpmn" camunda:collection="us" />'
    node, found = read("userTask", inner)
    assert node.multi == MultiInstance()
    assert found == {"activity.no_count"}
