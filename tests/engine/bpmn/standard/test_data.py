"""Data as BPMN's text has it: kinds, inputs and outputs, and their sets."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.standard.drawings import (
    ITEMS,
    Pairs,
    assert_kept_and_broken,
    codes,
    io,
    process,
    step,
)

ROOTS = '<itemDefinition id="I"/><itemDefinition id="J"/><message id="M" name="m" itemRef="I"/>'
TWO = (
    '<ioSpecification><dataInput id="i" itemSubjectRef="I"/><dataInput id="k" itemSubjectRef="I"/>'
    "<inputSet><dataInputRefs>i</dataInputRefs><dataInputRefs>k</dataInputRefs></inputSet>"
    "<outputSet/></ioSpecification>"
)


def ties(kind: str) -> str:
    tie = (
        "<dataInputAssociation><sourceRef>D</sourceRef><targetRef>i</targetRef>"
        "</dataInputAssociation>"
    )
    data = f'<dataObject id="D" itemSubjectRef="{kind}"/>'
    return process(data + step(io("i") + tie), before=ITEMS)


def paired(back: str) -> str:
    refs = f"<inputSetRefs>{back}</inputSetRefs>" if back else ""
    sets = (
        '<inputSet id="is"><dataInputRefs>i</dataInputRefs><outputSetRefs>os</outputSetRefs>'
        f'</inputSet><outputSet id="os">{refs}</outputSet>'
    )
    data = '<dataInput id="i" itemSubjectRef="I"/>'
    return process(step(f"<ioSpecification>{data}{sets}</ioSpecification>"), before=ITEMS)


def sends(inside: str) -> str:
    return process(step(inside, ' messageRef="M"', tag="sendTask"), before=ROOTS)


def hears(more: str = "") -> str:
    data = f'<dataOutput id="o" itemSubjectRef="I"/>{more}<outputSet/>'
    event = f'{data}<messageEventDefinition messageRef="M"/>'
    return process(step(event, tag="intermediateCatchEvent"), before=ROOTS)


def fills(target: str) -> str:
    tie = (
        f"<dataOutputAssociation><sourceRef>i</sourceRef><targetRef>{target}</targetRef>"
        "</dataOutputAssociation>"
    )
    own = io("mine").replace('id="i"', 'id="mine"')
    data = '<dataObject id="D" itemSubjectRef="I"/>'
    return process(data + step(io("i", way="Output") + tie), before=ITEMS, first=own)


PAIRS: Pairs = {
    "data.io_in_sub_process": (
        process(step(io("i") + '<task id="u"/>', tag="subProcess"), before=ITEMS),
        process(step(io("i")), before=ITEMS),
    ),
    "data.in_no_set": (
        process(step(io("")), before=ITEMS),
        process(step(io("i")), before=ITEMS),
    ),
    "data.sets_unpaired": (paired(""), paired("is")),
    "data.more_than_one": (sends(TWO), sends(io("i"))),
    "data.beside_event": (hears('<dataOutput id="k" itemSubjectRef="I"/>'), hears()),
    "data.against_stream": (fills("mine"), fills("D")),
    "data.kinds_differ": (ties("J"), ties("I")),
    "data.collections_differ": (
        process('<dataObject id="D" isCollection="true" itemSubjectRef="I"/>', before=ITEMS),
        process('<dataObject id="D" itemSubjectRef="I"/>', before=ITEMS),
    ),
    "data.message_kind": (sends(io("i", "J")), sends(io("i"))),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


def test_two_definitions_of_one_structure_are_one_kind() -> None:
    same = '<itemDefinition id="I" structureRef="y:a"/><itemDefinition id="J" structureRef="y:a"/>'
    assert codes(ties("J").replace(ITEMS, same)) == []


def test_a_service_that_is_called_by_an_operation_has_its_input() -> None:
    service = step("", ' operationRef="O"', tag="serviceTask")
    interface = (
        '<interface id="F" name="f"><operation id="O" name="o"><inMessageRef>M</inMessageRef>'
    )
    roots = f"{ROOTS}{interface}</operation></interface>"
    assert codes(process(service, before=roots)) == ["data.more_than_one"]
