"""Flows and gateways as BPMN's text has them."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.standard.drawings import (
    HEAR,
    MESSAGE,
    Pairs,
    assert_kept_and_broken,
    codes,
    flow,
    process,
    step,
)

LATE = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"


def listing(entering: str, leaving: str) -> str:
    own = f"<incoming>{entering}</incoming><outgoing>{leaving}</outgoing>"
    ends = "<outgoing>f-s-t</outgoing>", "<incoming>f-t-e</incoming>"
    start, end = (f'<{tag}Event id="{tag[0]}">' for tag in ("start", "end"))
    drawn = f"{start}{ends[0]}</startEvent>{end}{ends[1]}</endEvent>"
    return f'<process id="p">{drawn}{step(own)}</process>'


def choice(kind: str, condition: str) -> str:
    """A gateway with a default and one more way, whose condition is written so."""
    two = flow("g", "t").replace("></sequenceFlow>", f">{condition}</sequenceFlow>")
    drawn = f'<{kind} id="g" default="f-g-e"/><task id="t"/>'
    return process(drawn + flow("s", "g") + flow("g", "e") + two + flow("t", "e"))


def gateway(*, ways: int = 1, direction: str = "Unspecified", into: int = 1) -> str:
    drawn = f'<parallelGateway id="g" gatewayDirection="{direction}"/>' + flow("s", "g")
    drawn += "".join(
        f'<task id="t{n}"/>{flow("g", f"t{n}")}{flow(f"t{n}", "e")}' for n in range(ways)
    )
    again = f'<task id="r"/>{flow("s", "r")}{flow("r", "g")}' if into > 1 else ""
    return process(drawn + again)


def race(*ways: str) -> str:
    drawn = '<eventBasedGateway id="g"/>' + flow("s", "g") + "".join(ways)
    for ident in "cd"[: len(ways)]:
        drawn += flow("g", ident) + flow(ident, "e")
    return process(drawn, before=MESSAGE)


def catch(ident: str, definition: str = HEAR) -> str:
    return f'<intermediateCatchEvent id="{ident}">{definition}</intermediateCatchEvent>'


PAIRS: Pairs = {
    "flow.condition_empty": (
        choice("inclusiveGateway", "<conditionExpression/>"),
        choice("inclusiveGateway", "<conditionExpression>n</conditionExpression>"),
    ),
    "flow.lone_condition": (
        process('<task id="t"/>' + flow("s", "t") + flow("t", "e", "n")),
        process(step()),
    ),
    "flow.listed_wrong": (
        process('<task id="t"><incoming>f-s-e</incoming></task>' + flow("s", "e")),
        listing("f-s-t", "f-t-e"),
    ),
    "flow.unlisted": (listing("f-s-t", "f-s-t"), listing("f-s-t", "f-t-e")),
    "flow.not_immediate": (
        process('<task id="t"/>' + flow("s", "t", "", ' isImmediate="false"') + flow("t", "e")),
        process('<task id="t"/>' + flow("s", "t", "", ' isImmediate="true"') + flow("t", "e")),
    ),
    "gateway.direction": (
        gateway(ways=2, into=2, direction="Diverging"),
        gateway(ways=2, direction="Diverging"),
    ),
    "gateway.without_choice": (gateway(), gateway(ways=2)),
    "gateway.one_event": (race(catch("c")), race(catch("c"), catch("d", LATE))),
    "gateway.mixed_race": (
        race(catch("c"), '<receiveTask id="d" messageRef="M"/>'),
        race(catch("c"), catch("d")),
    ),
    "start.leads_nowhere": (
        '<process id="p"><startEvent id="s"/><endEvent id="e"/></process>',
        process(),
    ),
    "node.ends_in_passing": (
        process('<task id="t"/><task id="u"/>' + flow("s", "t") + flow("t", "e") + flow("t", "u")),
        f'<process id="p"><task id="t"/><task id="u"/>{flow("t", "u")}</process>',
    ),
    "process.start_without_end": (
        f'<process id="p"><startEvent id="s"/><task id="t"/>{flow("s", "t")}</process>',
        process(step()),
    ),
    "process.end_without_start": (
        f'<process id="p"><task id="t"/><endEvent id="e"/>{flow("t", "e")}</process>',
        process(step()),
    ),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


def test_a_file_that_lists_no_flow_is_not_asked_to() -> None:
    assert codes(process(step())) == []


def test_an_empty_condition_that_nobody_asks_is_only_told() -> None:
    empty = choice("exclusiveGateway", "<conditionExpression/>")
    assert codes(empty) == ["expression.blank"]
