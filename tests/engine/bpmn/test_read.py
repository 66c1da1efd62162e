"""Bytes become the model as drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn.model import Kind, TimerKind
from engine.bpmn.read import read_diagram
from engine.bpmn.rules import check
from engine.errors import Invalid

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d">'
)
SAMPLES = Path(__file__).parents[3].parent / "shared" / "bpmn-samples"


def diagram(body: str, encoding: str = "utf-8") -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}{body}</bpmn:definitions>'
    return text.encode(encoding)


def process(body: str) -> bytes:
    return diagram(f'<bpmn:process id="p" name="流程" isExecutable="true">{body}</bpmn:process>')


WHOLE = """
<bpmn:laneSet id="ls">
  <bpmn:lane id="outer" name="街道"><bpmn:flowNodeRef>s</bpmn:flowNodeRef>
    <bpmn:flowNodeRef>u</bpmn:flowNodeRef>
    <bpmn:childLaneSet id="cls"><bpmn:lane id="dispatcher" name="分哨">
      <bpmn:flowNodeRef>u</bpmn:flowNodeRef></bpmn:lane></bpmn:childLaneSet>
  </bpmn:lane>
</bpmn:laneSet>
<bpmn:startEvent id="s"/>
<bpmn:userTask id="a" name="核查"><bpmn:extensionElements><spiffworkflow:properties>
  <spiffworkflow:property name="outcomes" value="pass rework"/>
  <spiffworkflow:property name="colour" value="red"/>
</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>
<bpmn:subProcess id="u"><bpmn:serviceTask id="n"><bpmn:extensionElements>
  <spiffworkflow:properties><spiffworkflow:property name="operation" value="notify"/>
  <spiffworkflow:property name="param.role" value="&quot;dept&quot;"/></spiffworkflow:properties>
  </bpmn:extensionElements></bpmn:serviceTask></bpmn:subProcess>
<bpmn:callActivity id="k" calledElement="department"><bpmn:extensionElements>
  <spiffworkflow:properties><spiffworkflow:property name="collection" value="pick.units"/>
  </spiffworkflow:properties></bpmn:extensionElements>
  <bpmn:multiInstanceLoopCharacteristics/></bpmn:callActivity>
<bpmn:boundaryEvent id="t" attachedToRef="u" cancelActivity="false">
  <bpmn:timerEventDefinition><bpmn:timeCycle>R3/PT10M</bpmn:timeCycle></bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:sequenceFlow sourceRef="s" targetRef="a"/>
<bpmn:sequenceFlow sourceRef="s" targetRef="a"/>
<bpmn:sequenceFlow id="f" name="通过" sourceRef="a" targetRef="u">
  <bpmn:conditionExpression> a.outcome == "pass" </bpmn:conditionExpression></bpmn:sequenceFlow>
"""


def test_everything_drawn_is_in_the_model() -> None:
    read = read_diagram(process(WHOLE)).processes["p"]
    assert (read.name, read.executable) == ("流程", True)
    assert dict(read.nodes["a"].properties) == {"outcomes": "pass rework", "colour": "red"}
    assert (read.nodes["n"].operation, dict(read.nodes["n"].parameters)) == (
        "notify",
        {"role": '"dept"'},
    )
    assert read.nodes["n"].scope == "u"
    assert (read.nodes["k"].called, read.nodes["k"].multi) is not None
    multi = read.nodes["k"].multi
    assert multi is not None
    assert (multi.sequential, multi.collection) == (False, "pick.units")
    timer = read.nodes["t"]
    assert (timer.attached_to, timer.interrupting) == ("u", False)
    assert (timer.events[0].timer, timer.events[0].text) == (TimerKind.CYCLE, "R3/PT10M")
    assert read.flows["f"].condition == 'a.outcome == "pass"'


def test_flows_without_ids_get_names_of_their_own() -> None:
    read = read_diagram(process(WHOLE)).processes["p"]
    assert list(read.flows) == ["s->a#1", "s->a#2", "f"]


def test_the_innermost_lane_counts_also_inside_a_sub_process() -> None:
    read = read_diagram(process(WHOLE)).processes["p"]
    assert [lane.id for lane in read.lanes] == ["outer", "dispatcher"]
    lanes = {node.id: node.lane for node in read.nodes.values()}
    assert (lanes["s"], lanes["u"], lanes["n"], lanes["a"]) == (
        "outer",
        "dispatcher",
        "dispatcher",
        "",
    )


def test_a_lane_may_name_what_stands_deeper() -> None:
    """Who answers a formal supervision is not who opens it, though both stand in one box."""
    naming = WHOLE.replace(
        "<bpmn:flowNodeRef>s<", "<bpmn:flowNodeRef>n</bpmn:flowNodeRef><bpmn:flowNodeRef>s<"
    )
    read = read_diagram(process(naming)).processes["p"]
    assert (read.nodes["u"].lane, read.nodes["n"].lane) == ("dispatcher", "outer")


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_files_of_old_tools_are_read(encoding: str) -> None:
    read = read_diagram(diagram('<bpmn:process id="p" name="街道吹哨"/>', encoding))
    assert read.processes["p"].name == "街道吹哨"


def test_pools_name_their_processes() -> None:
    pool = '<bpmn:collaboration id="c"><bpmn:participant id="x" name="街道" processRef="p"/>'
    read = read_diagram(diagram(f'{pool}</bpmn:collaboration><bpmn:process id="p"/>'))
    assert dict(read.participants) == {"p": "街道"}


def test_what_has_no_place_is_kept_for_the_rules() -> None:
    read = read_diagram(
        process('<bpmn:conversation id="c"/><bpmn:task id="t"><bpmn:fog/></bpmn:task>')
    )
    assert [(u.element, u.tag) for u in read.unknown] == [("c", "conversation"), ("t", "fog")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html/>", "diagram.not_bpmn"),
        (diagram(""), "diagram.no_process"),
        (process("<bpmn:userTask/>"), "diagram.no_id"),
        (process('<bpmn:userTask id="a"/><bpmn:userTask id="a"/>'), "diagram.duplicate_id"),
        (
            process('<bpmn:subProcess id="a"><bpmn:task id="p"/></bpmn:subProcess>'),
            "diagram.duplicate_id",
        ),
        (process("".join(f'<bpmn:task id="t{n}"/>' for n in range(2001))), "diagram.too_large"),
        (
            process(
                "".join(f'<bpmn:subProcess id="u{n}">' for n in range(25))
                + "</bpmn:subProcess>" * 25
            ),
            "diagram.too_deep",
        ),
    ],
)
def test_what_no_model_can_hold_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_diagram(data)
    assert refusal.value.code == code


def test_every_public_sample_is_read_or_refused_in_a_sentence() -> None:
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not beside this checkout")
    refused = {}
    for path in sorted(SAMPLES.glob("*[nl]")):
        if path.suffix not in {".bpmn", ".xml"}:
            continue
        try:
            read = read_diagram(path.read_bytes())
        except Invalid as refusal:
            refused[path.name[:2]] = refusal.code
        else:
            assert all(str(finding.text) and finding.element for finding in check(read))
            assert all(
                node.kind in Kind
                for each in read.processes.values()
                for node in each.nodes.values()
            )
    assert refused == {
        "22": "xml.malformed",
        "31": "xml.malformed",
        "33": "xml.empty",
        "32": "xml.doctype",
        "35": "xml.doctype",
        "54": "xml.malformed",
        "55": "xml.malformed",
    }


EVENTS = """
<bpmn:message id="m1" name="paid"/><bpmn:message id="m2"/><bpmn:signal id="s1" name="go"/>
<bpmn:error id="e1" name="Bad" errorCode="E1"/><bpmn:error id="e2" name="Bad"/>
<bpmn:escalation id="x1" escalationCode="UP"/>
<bpmn:signalEventDefinition id="shared" signalRef="s1"/>
<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="p"/>
<bpmn:messageFlow id="mf" sourceRef="other" targetRef="hear"/></bpmn:collaboration>
<bpmn:process id="p">
<bpmn:startEvent id="begin" isInterrupting="false"><bpmn:messageEventDefinition
  messageRef="m1"/></bpmn:startEvent>
<bpmn:intermediateCatchEvent id="both"><bpmn:eventDefinitionRef>tns:shared</bpmn:eventDefinitionRef>
</bpmn:intermediateCatchEvent>
<bpmn:sendTask id="tell" messageRef="tns:m2"/><bpmn:receiveTask id="hear"/>
<bpmn:endEvent id="bad"><bpmn:errorEventDefinition errorRef="e1"/></bpmn:endEvent>
<bpmn:endEvent id="worse"><bpmn:errorEventDefinition errorRef="e2"/></bpmn:endEvent>
<bpmn:endEvent id="code"><bpmn:errorEventDefinition errorRef="E9"/></bpmn:endEvent>
<bpmn:endEvent id="up"><bpmn:escalationEventDefinition escalationRef="x1"/></bpmn:endEvent>
<bpmn:intermediateThrowEvent id="jump"><bpmn:linkEventDefinition name="far"/>
</bpmn:intermediateThrowEvent>
<bpmn:intermediateCatchEvent id="when"><bpmn:conditionalEventDefinition><bpmn:condition>
  x &gt; 1 </bpmn:condition></bpmn:conditionalEventDefinition></bpmn:intermediateCatchEvent>
</bpmn:process>
"""


def test_events_carry_the_names_and_codes_they_refer_to() -> None:
    nodes = read_diagram(diagram(EVENTS)).processes["p"].nodes
    refs = {ident: node.events[0].ref for ident, node in nodes.items()}
    names = "begin=paid both=go tell=m2 hear=hear bad=E1 worse=Bad code=E9 up=UP jump=far when="
    assert refs == dict(pair.split("=") for pair in names.split())
    assert [ident for ident, node in nodes.items() if node.events[0].dangling] == ["code"]
    assert nodes["when"].events[0].text == "x > 1"
    assert not nodes["begin"].interrupting
