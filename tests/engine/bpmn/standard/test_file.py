"""The file as a whole: references, and what it asks for that is not done."""

from __future__ import annotations

import pytest

from engine.bpmn.references import BPMN
from tests.engine.bpmn.standard.drawings import Pairs, assert_kept_and_broken, codes, process, step

TALK = '<choreography id="h"/>'


def extension(must: str) -> str:
    return process(before=f'<extension definition="y:rules" mustUnderstand="{must}"/>')


def imports(kind: str) -> str:
    said = f'importType="{kind}" location="other" namespace="urn:o"'
    return process(before=f"<import {said}/>")


PAIRS: Pairs = {
    "extension.must_understand": (extension("true"), extension("false")),
    "reference.missing": (
        process('<dataObject id="D" itemSubjectRef="gone"/>'),
        process('<dataObject id="D" itemSubjectRef="y:elsewhere"/>'),
    ),
    "reference.wrong_kind": (
        process('<dataObjectReference id="r" dataObjectRef="s"/>'),
        process('<dataObject id="D"/><dataObjectReference id="r" dataObjectRef="D"/>'),
    ),
    "import.not_read": (imports(BPMN), imports("http://www.w3.org/2001/XMLSchema")),
    "process.public": (
        process(attributes=' isExecutable="true" processType="Public"'),
        process(attributes=' isExecutable="false" processType="Public"'),
    ),
    "element.not_run": (process(after=TALK), process()),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


def test_a_call_may_name_what_is_drawn_elsewhere_and_be_named_like_it() -> None:
    call = step("", ' calledElement="report"', tag="callActivity", ident="report")
    assert codes(process(call)) == []
