"""What other engines' parts say is proposed in our words and never executed."""

from __future__ import annotations

import pytest

from engine.bpmn.rules import Severity
from engine.foreign.dialect import translated
from engine.foreign.proposals import proposals

FILE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
<process id="p"><userTask id="u" camunda:candidateGroups="leaders" camunda:formKey="leave">
<multiInstanceLoopCharacteristics camunda:collection="${units}"/></userTask>
<serviceTask id="z"><extensionElements><zeebe:taskDefinition type="pay"/>
<zeebe:taskDefinition type="pay"/></extensionElements></serviceTask>
<sequenceFlow id="f"><conditionExpression>${x &gt; 1}</conditionExpression></sequenceFlow>
</process></definitions>"""


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("${x > 1}", "x > 1"),
        ("#{approved && !late}", "approved and not late"),
        ("${way eq 'a && b' || n ge 2}", "way == 'a && b' or n >= 2"),
        ("=x = 1", "x == 1"),
        ("= amount >= 10 and amount <= 20", "amount >= 10 and amount <= 20"),
        ("${execution.getVariable('x')}", None),
        ("${a} and ${b}", None),
        ("x > 1", None),
        ("==1", None),
        ("", None),
    ],
)
def test_simple_expressions_are_put_into_ours(theirs: str, ours: str | None) -> None:
    assert translated(theirs) == ours


def test_each_part_is_proposed_once() -> None:
    found = proposals(FILE.encode())
    assert {finding.severity for finding in found} == {Severity.HINT}
    assert [(finding.element, finding.code) for finding in found] == [
        ("u", "vendor.camunda_candidateGroups"),
        ("u", "vendor.camunda_formKey"),
        ("u", "vendor.camunda_collection"),
        ("z", "vendor.zeebe_type"),
        ("f", "vendor.expression"),
    ]
    assert "collection = units" in str(found[2].text)
    assert "“x > 1”" in str(found[4].text)
