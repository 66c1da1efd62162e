"""Repetition, calls and expressions as BPMN's text has them."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.standard.drawings import (
    ITEMS,
    Pairs,
    assert_kept_and_broken,
    codes,
    flow,
    io,
    process,
    step,
)


def many(more: str = "", attributes: str = "") -> str:
    loop = f"<loopCardinality>2</loopCardinality>{more}"
    drawn = (
        f"<multiInstanceLoopCharacteristics{attributes}>{loop}</multiInstanceLoopCharacteristics>"
    )
    return process('<dataObject id="D" isCollection="true"/>' + step(drawn))


def items(kind: str) -> str:
    each = f'<inputDataItem id="x" itemSubjectRef="{kind}"/>'
    listed = f"<loopDataInputRef>D</loopDataInputRef>{each}"
    drawn = f"<multiInstanceLoopCharacteristics>{listed}</multiInstanceLoopCharacteristics>"
    return process('<dataObject id="D" itemSubjectRef="I"/>' + step(drawn), before=ITEMS)


def called(inside: str, properties: str = "") -> str:
    """A call of `q`, which asks for one input."""
    asked = io("i").replace('"i"', '"wanted"').replace(">i<", ">wanted<")
    other = f'<process id="q">{asked}<startEvent id="qs"/><endEvent id="qe"/>'
    other += flow("qs", "qe") + "</process>"
    call = step(properties + inside, ' calledElement="q"', tag="callActivity")
    return process(call, before=ITEMS, after=other)


def passing(text: str) -> str:
    return (
        '<extensionElements><w:properties xmlns:w="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        f'<w:property name="in" value="{text}"/></w:properties></extensionElements>'
    )


def script(attributes: str) -> str:
    return process(step("<script>a = 1</script>", attributes, tag="scriptTask"))


COUNTED = "<completionCondition>n</completionCondition>"
PAIRS: Pairs = {
    "activity.counted_twice": (many("<loopDataInputRef>D</loopDataInputRef>"), many()),
    "activity.no_behavior_event": (
        many(attributes=' behavior="One"'),
        many(attributes=' behavior="All"'),
    ),
    "activity.item_kind": (items("J"), items("I")),
    "call.input_unpassed": (called(""), called("", passing("wanted = 1"))),
    "call.data_differ": (
        called(io("i", "J"), passing("wanted = 1")),
        called(io("i"), passing("wanted = 1")),
    ),
    "expression.blank": (many("<completionCondition/>"), many(COUNTED)),
    "expression.other_language": (script(' scriptFormat="groovy"'), script("")),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


def test_an_input_of_the_same_name_passes_it() -> None:
    drawn = io("i").replace('"i"', '"mine" name="wanted"').replace(">i<", ">mine<")
    assert codes(called(drawn)) == []


def test_a_complex_behaviour_has_its_definitions() -> None:
    assert codes(many(attributes=' behavior="Complex"')) == ["activity.no_behavior_event"]
