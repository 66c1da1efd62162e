"""The schema of BPMN, told in words that help; and that every rule has its pair."""

from __future__ import annotations

import pytest

from engine.bpmn.finding import Severity
from engine.bpmn.standard.rules import STANDARD
from engine.bpmn.standard.schema import SCHEMA
from tests.engine.bpmn.standard import (
    test_activities,
    test_data,
    test_events,
    test_file,
    test_pools,
    test_ways,
)
from tests.engine.bpmn.standard.drawings import (
    ITEMS,
    Pairs,
    assert_kept_and_broken,
    codes,
    findings,
    flow,
    io,
    process,
    step,
)


def jump(name: str) -> str:
    """A place to land at; nobody jumps to it, which is no matter to the schema."""
    land = f'<intermediateCatchEvent id="c"><linkEventDefinition{name}/></intermediateCatchEvent>'
    return process(land + flow("c", "e"))


def fork(direction: str) -> str:
    drawn = f'<parallelGateway id="g" gatewayDirection="{direction}"/>' + flow("s", "g")
    ways = "".join(f'<task id="{each}"/>{flow("g", each)}{flow(each, "e")}' for each in "ab")
    return process(drawn + ways)


def listing(inside: str) -> str:
    ends = '<startEvent id="s"><outgoing>f-s-t</outgoing></startEvent><endEvent id="e">'
    ends += "<incoming>f-t-e</incoming></endEvent>"
    return f'<process id="p">{ends}{step(inside)}</process>'


IN, OUT = "<incoming>f-s-t</incoming>", "<outgoing>f-t-e</outgoing>"
PAIRS: Pairs = {
    "schema.unknown_element": (process("<wish/>"), process(step())),
    "schema.unknown_attribute": (
        process(step("", ' isQuick="true"')),
        process(step("", ' y:isQuick="true"')),
    ),
    "schema.wrong_value": (fork("Sideways"), fork("Diverging")),
    "schema.missing_attribute": (jump(""), jump(' name="l"')),
    "schema.misplaced": (
        listing(f"{IN}<documentation/>{OUT}"),
        listing(f"<documentation/>{IN}{OUT}"),
    ),
    "schema.incomplete": (
        process(step("<ioSpecification/>")),
        process(step(io("i")), before=ITEMS),
    ),
    "schema.other": (process(step()).replace('"p"', '"1p"'), process(step())),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


def test_every_rule_has_its_pair() -> None:
    parts = (test_events, test_ways, test_activities, test_pools, test_data, test_file)
    paired = [*PAIRS, *(code for part in parts for code in part.PAIRS)]
    assert sorted(paired) == sorted(rule.code for rule in (*STANDARD, *SCHEMA))


def test_a_finding_names_element_line_and_word() -> None:
    (found,) = findings("\n" + PAIRS["schema.wrong_value"][0])
    assert (found.element, found.severity) == ("g", Severity.ERROR)
    assert str(found.text) == "第 2 行 parallelGateway 的属性 gatewayDirection 不能是“Sideways”"


def test_a_file_full_of_the_same_is_told_in_bounds() -> None:
    wrong = "".join("\n" + step("", ' isQuick="true"', ident=f"t{number}") for number in range(100))
    assert codes(process(wrong)) == ["schema.unknown_attribute"] * 20
