"""Each rule of BPMN's schema and text is broken by one file and kept by another."""

from __future__ import annotations

import pytest

from engine.bpmn.finding import Severity
from engine.bpmn.read import read_diagram
from engine.bpmn.standard.judge import judge
from engine.bpmn.standard.rules import STANDARD
from engine.bpmn.standard.schema import SCHEMA

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:x" '
    'xmlns:y="urn:y" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
ENDS = '<startEvent id="s"/><endEvent id="e"/>'
OTHER = '<process id="q"><startEvent id="qs"/><task id="qt"/><endEvent id="qe"/></process>'
RACE = '<eventBasedGateway id="g" gatewayDirection="Diverging"/>'
HEAR = '<messageEventDefinition messageRef="M"/>'
MESSAGE = '<message id="M" name="m"/>'


def flow(source: str, target: str, condition: str = "") -> str:
    inside = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="f-{source}-{target}" {ends}>{inside}</sequenceFlow>'


def process(inside: str, before: str = "", after: str = "", lanes: str = "") -> str:
    body = f"{lanes}{ENDS}{inside}"
    return f'{before}<process id="p">{body}</process>{after}'


def pools(flows: str = "", p: str = "p", q: str = "q", more: str = "") -> str:
    return (
        f'<collaboration id="C"><participant id="P" processRef="{p}">{more}</participant>'
        f'<participant id="Q" processRef="{q}"/>{flows}</collaboration>'
    )


def message_flow(source: str, target: str) -> str:
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'


def lanes(*refs: str) -> str:
    drawn = (
        f'<lane id="l{place}"><flowNodeRef>{ref}</flowNodeRef></lane>'
        for place, ref in enumerate(refs)
    )
    return f'<laneSet id="ls">{"".join(drawn)}</laneSet>'


def race(*inside: str, ways: str) -> str:
    return RACE + "".join(inside) + "".join(flow("g", way) for way in ways.split())


def catch(ident: str, definition: str = HEAR) -> str:
    return f'<intermediateCatchEvent id="{ident}">{definition}</intermediateCatchEvent>'


def timer(*times: str) -> str:
    inside = "".join(f"<{each}>1</{each}>" for each in times)
    return f"<timerEventDefinition>{inside}</timerEventDefinition>"


def boundary(cancel: str) -> str:
    return (
        f'<task id="t"/><boundaryEvent id="b" attachedToRef="t" cancelActivity="{cancel}">'
        "<errorEventDefinition/></boundaryEvent>"
    )


def io(listed: str, *, inside: str = "") -> str:
    refs = f"<dataInputRefs>{listed}</dataInputRefs>" if listed else ""
    return (
        f'<ioSpecification><dataInput id="i" itemSubjectRef="I"/><inputSet>{refs}</inputSet>'
        f"<outputSet/></ioSpecification>{inside}"
    )


ITEMS = '<itemDefinition id="I"/><itemDefinition id="J"/>'


def ties(kind: str) -> str:
    tie = (
        "<dataInputAssociation><sourceRef>D</sourceRef><targetRef>i</targetRef>"
        "</dataInputAssociation>"
    )
    data = f'<dataObject id="D" itemSubjectRef="{kind}"/>'
    return process(f'{data}<task id="t">{io("i", inside=tie)}</task>', before=ITEMS)


def many(more: str = "", attributes: str = "") -> str:
    count = "<loopCardinality>2</loopCardinality>"
    return process(
        f'<dataObject id="D" isCollection="true"/><task id="t"><multiInstanceLoopCharacteristics'
        f"{attributes}>{count}{more}</multiInstanceLoopCharacteristics></task>"
    )


def error(code: str) -> str:
    thrown = '<endEvent id="x"><errorEventDefinition errorRef="E"/></endEvent>'
    return process(thrown, before=f'<error id="E" name="n" {code}/>')


PAIRS: dict[str, tuple[str, str]] = {
    "event.definition_missing": (
        process(catch("c", "<eventDefinitionRef>gone</eventDefinitionRef>") + flow("c", "e")),
        process(
            catch("c", "<eventDefinitionRef>T</eventDefinitionRef>") + flow("c", "e"),
            before='<signalEventDefinition id="T"/>',
        ),
    ),
    "lane.node_twice": (process("", lanes=lanes("s", "s")), process("", lanes=lanes("s", "e"))),
    "timer.several": (
        process(catch("c", timer("timeDate", "timeCycle")) + flow("c", "e")),
        process(catch("c", timer("timeDate")) + flow("c", "e")),
    ),
    "reference.missing": (
        process('<dataObject id="D" itemSubjectRef="gone"/>'),
        process('<dataObject id="D" itemSubjectRef="y:elsewhere"/>'),
    ),
    "reference.wrong_kind": (
        process('<dataObjectReference id="r" dataObjectRef="s"/>'),
        process('<dataObject id="D"/><dataObjectReference id="r" dataObjectRef="D"/>'),
    ),
    "flow.lone_condition": (
        process('<task id="t"/>' + flow("t", "e", "n")),
        process('<task id="t"/>' + flow("t", "e")),
    ),
    "flow.listed_wrong": (
        process('<task id="t"><incoming>f-s-e</incoming></task>' + flow("s", "e")),
        process('<task id="t"><incoming>f-s-t</incoming></task>' + flow("s", "t")),
    ),
    "gateway.direction": (
        process(RACE + flow("s", "g") + flow("t", "g") + '<task id="t"/>'),
        process(RACE + flow("s", "g")),
    ),
    "gateway.one_event": (
        process(race(catch("c"), flow("c", "e"), ways="c"), before=MESSAGE),
        process(race(catch("c"), catch("d"), flow("c", "e"), flow("d", "e"), ways="c d"), MESSAGE),
    ),
    "gateway.mixed_race": (
        process(
            race(catch("c"), '<receiveTask id="d" messageRef="M"/>', flow("c", "e"), ways="c d"),
            before=MESSAGE,
        ),
        process(race(catch("c"), catch("d"), flow("c", "e"), flow("d", "e"), ways="c d"), MESSAGE),
    ),
    "event.always_interrupts": (process(boundary("false")), process(boundary("true"))),
    "event.leads_nowhere": (
        process(catch("c"), before=MESSAGE),
        process(catch("c") + flow("c", "e"), before=MESSAGE),
    ),
    "process.start_without_end": ('<process id="p"><startEvent id="s"/></process>', process("")),
    "process.end_without_start": ('<process id="p"><endEvent id="e"/></process>', process("")),
    "error.no_code": (error(""), error('errorCode="c"')),
    "activity.counted_twice": (many("<loopDataInputRef>D</loopDataInputRef>"), many()),
    "activity.no_behavior_event": (
        many(attributes=' behavior="One"'),
        many(attributes=' behavior="All"'),
    ),
    "message_flow.inside_pool": (
        pools(message_flow("t", "t2")) + process('<task id="t"/><task id="t2"/>', after=OTHER),
        pools(message_flow("t", "qt")) + process('<task id="t"/>', after=OTHER),
    ),
    "message_flow.wrong_end": (
        pools(message_flow("e", "qt")) + process("", after=OTHER),
        pools(message_flow("t", "Q")) + process('<task id="t"/>', after=OTHER),
    ),
    "pool.process_twice": (
        pools(q="p") + process("", after=OTHER),
        pools() + process("", after=OTHER),
    ),
    "pool.impossible_count": (
        pools(more='<participantMultiplicity minimum="3" maximum="2"/>') + process("", after=OTHER),
        pools(more='<participantMultiplicity minimum="2" maximum="3"/>') + process("", after=OTHER),
    ),
    "lane.foreign_node": (
        process("", lanes=lanes("qt"), after=OTHER),
        process("", lanes=lanes("s"), after=OTHER),
    ),
    "data.io_in_sub_process": (
        process(f'<subProcess id="u">{io("i")}<task id="t"/></subProcess>', before=ITEMS),
        process(f'<task id="t">{io("i")}</task>', before=ITEMS),
    ),
    "data.in_no_set": (
        process(f'<task id="t">{io("")}</task>', before=ITEMS),
        process(f'<task id="t">{io("i")}</task>', before=ITEMS),
    ),
    "data.kinds_differ": (ties("J"), ties("I")),
    "schema.unknown_element": (process("<wish/>"), process("<task id='t'/>")),
    "schema.unknown_attribute": (
        process('<task id="t" isQuick="true"/>'),
        process('<task id="t" y:isQuick="true"/>'),
    ),
    "schema.wrong_value": (
        process('<parallelGateway id="g" gatewayDirection="Sideways"/>'),
        process('<parallelGateway id="g" gatewayDirection="Unspecified"/>'),
    ),
    "schema.missing_attribute": (
        process(catch("c", "<linkEventDefinition/>") + flow("c", "e")),
        process(catch("c", '<linkEventDefinition name="l"/>') + flow("c", "e")),
    ),
    "schema.misplaced": (
        process('<task id="t"><incoming>f-s-t</incoming><documentation/></task>' + flow("s", "t")),
        process('<task id="t"><documentation/><incoming>f-s-t</incoming></task>' + flow("s", "t")),
    ),
    "schema.incomplete": (
        process('<task id="t"><ioSpecification/></task>'),
        process(f'<task id="t">{io("i")}</task>', before=ITEMS),
    ),
    "schema.other": (
        process('<task id="t"/>').replace('"p"', '"1p"'),
        process('<task id="t"/>'),
    ),
}  # fmt: skip


def codes(text: str) -> list[str]:
    data = f"{HEAD}{text}</definitions>".encode()
    return [each.code for each in judge(data, read_diagram(data))]


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    wrong, right = PAIRS[code]
    assert code in codes(wrong)
    assert codes(right) == []


def test_every_rule_has_its_pair() -> None:
    assert {rule.code for rule in (*STANDARD, *SCHEMA)} == set(PAIRS)


def test_a_finding_names_element_line_and_word() -> None:
    data = f"{HEAD}\n{PAIRS['schema.wrong_value'][0]}</definitions>"
    (found,) = judge(data.encode(), read_diagram(data.encode()))
    assert (found.element, found.severity) == ("g", Severity.ERROR)
    assert str(found.text) == "第 2 行 parallelGateway 的属性 gatewayDirection 不能是“Sideways”"


def test_a_file_full_of_the_same_is_told_in_bounds() -> None:
    wrong = "".join(f'\n<task id="t{n}" isQuick="true"/>' for n in range(100))
    assert len(codes(process(wrong))) == 20
