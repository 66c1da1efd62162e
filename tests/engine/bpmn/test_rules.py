"""Each rule is broken by one drawing and kept by another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.bpmn.find.support import SUPPORTED
from engine.bpmn.message_flows import named_by_flows
from engine.bpmn.model import (
    Copy,
    CopyFault,
    Diagram,
    EventDefinition,
    EventKind,
    Loop,
    MessageFlow,
    MultiInstance,
    Process,
    TimerKind,
    Unknown,
)
from engine.bpmn.rules import RULES, Severity, check
from engine.spiff.build import BUILDERS
from tests.engine.spiff.drawing import draw


def findings(process: Process, *, people: bool = False) -> list[tuple[str, str]]:
    """The (element, code) pairs found; lanes and outcomes are drawn in unless asked about."""
    if not people:
        filled = {"outcomes": "done"}
        nodes = {
            ident: replace(node, lane="dept", properties={**filled, **node.properties})
            for ident, node in process.nodes.items()
        }
        process = replace(process, nodes=nodes)
    return [(each.element, each.code) for each in check(Diagram({process.id: process}))]


GOOD = draw(
    "s:start a:user a@t:stop x:script y:service z:rule g:xor f:and j:and u:sub u/is:start u/ie:end "
    "k:call n:many c:catch e:end",
    "s>a a>x t>x x>y y>z z>g g>f[a == 1] g>e* f>u f>k u>j k>j j>n n>c c>e is>ie",
    y={"operation": "notify"},
    k={"called": "department"},
    n={"called": "department", "properties": {"in": "unit = item.unit; kind", "out": "result"}},
)


EVENTFUL = draw(
    "s:start order:start~message=order a:task u:transaction u@c:stop~cancel u@r:remind~signal=hurry "
    "u/is:start u/b:user u/x:xor u/ok:end u/no:end~cancel g:race one:catch~message=yes "
    "two:receive~message=no t:catch~timer=PT1H out:throw~link=far far:catch~link=far "
    "when:catch~condition=x gone:end~error=E1 told:end~signal=done stop:end~terminate "
    "h:handler h/hs:start~error=E1 h/he:end~escalation=up n:handler n/ns:beside~message=note "
    "n/ne:end",
    "s>a order>a a>u is>b b>x x>ok* x>no[y == 1] c>gone r>told u>g g>one g>two g>t one>out two>when "
    "t>stop when>stop far>stop hs>he ns>ne",
)


def test_a_sound_drawing_has_no_findings() -> None:
    assert findings(GOOD) == []


def test_nor_has_one_full_of_events() -> None:
    assert findings(EVENTFUL) == []


@pytest.mark.parametrize(
    ("nodes", "flows", "element"),
    [
        ("s:start~error=E1 a:user", "s>a", "s"),
        ("s:start u:sub u/is:start~message=m u/a:user", "s>u is>a", "is"),
        ("s:start a:user a@c:stop~cancel b:user", "s>a c>b", "c"),
        ("s:start c:catch~error=E1", "s>c", "c"),
        ("s:start a:user h:handler h/hs:start~terminate h/b:user", "s>a hs>b", "hs"),
    ],
)
def test_an_event_where_bpmn_has_none_is_refused(nodes: str, flows: str, element: str) -> None:
    assert (element, "event.unsupported") in findings(draw(nodes, flows))


def test_a_message_that_only_a_flow_between_pools_names_gets_its_name() -> None:
    ask, hear = draw("s:start a:send~message", "s>a"), draw("s:start~message b:user", "s>b")
    hear = replace(hear, id="q", nodes={**hear.nodes, "hs": replace(hear.nodes["s"], id="hs")})
    both = named_by_flows({"p": ask, "q": hear}, [MessageFlow("a", "hs")])
    assert both["p"].nodes["a"].events[0].ref == both["q"].nodes["hs"].events[0].ref == "hs"


PAID = EventDefinition(EventKind.MESSAGE, ref="paid")
FAILED = EventDefinition(EventKind.ERROR, ref="E1")


def _copy(fault: str) -> Copy:
    return Copy(fault=CopyFault[fault], ref="x")


BROKEN = {
    "element.unsupported": ("o", draw("s:start o:complex e:end", "s>o o>e")),
    "event.unsupported": (
        "e",
        draw("s:start e:end", "s>e", e={"events": (EventDefinition(EventKind.COMPENSATE),)}),
    ),
    "event.not_one": ("c", draw("s:start c:catch", "s>c", c={"events": ()})),
    "activity.repetition_unsupported": (
        "a",
        draw("s:start a:user", "s>a", a={"multi": MultiInstance(cardinality="3", behavior="None")}),
    ),
    "element.attribute_unsupported": (
        "a",
        draw("s:start a:user", "s>a", a={"attributes": {"isForCompensation": "true"}}),
    ),
    "start.missing": ("u", draw("s:start u:sub", "s>u")),
    "event.no_name": ("c", draw("s:start c:catch~message", "s>c")),
    "event.dangling": (
        "c",
        draw("s:start c:catch", "s>c", c={"events": (replace(PAID, dangling=True),)}),
    ),
    "event.error_undeclared": (
        "e",
        draw("s:start e:end", "s>e", e={"events": (replace(FAILED, dangling=True),)}),
    ),
    "event.no_condition": ("c", draw("s:start c:catch~condition", "s>c")),
    "link.broken": ("l", draw("s:start l:throw~link=x", "s>l")),
    "cancel.uncaught": ("e", draw("s:start u:transaction u/is:start u/e:end~cancel", "s>u is>e")),
    "gateway.event_target": ("g", draw("s:start g:race a:user", "s>g g>a")),
    "event_sub.connected": (
        "h",
        draw("s:start a:user h:handler h/hs:start~signal=x h/b:user", "s>a a>h hs>b"),
    ),
    "start.instantiates": (
        "a",
        draw("s:start a:receive~message=x", "s>a", a={"attributes": {"instantiate": "true"}}),
    ),
    "start.several": (
        "s2",
        draw("s:start u:sub u/is:start u/s2:start u/a:user", "s>u is>a s2>a"),
    ),
    "flow.loose_end": ("a>gone", draw("s:start a:user", "s>a a>gone")),
    "flow.crosses_scope": ("s>a", draw("s:start u:sub u/is:start u/a:user", "s>u s>a is>a")),
    "flow.wrong_way": ("e>a", draw("s:start a:user e:end", "s>a a>e e>a")),
    "loop.no_end": ("a", draw("s:start a:user", "s>a", a={"loop": Loop(maximum="0")})),
    "flow.condition_idle": ("f>e", draw("s:start f:and e:end", "s>f f>e[x == 1]")),
    "gateway.branch_open": ("g>b", draw("s:start g:xor a:user b:user", "s>g g>a* g>b")),
    "gateway.default_unknown": (
        "g",
        draw("s:start g:xor a:user", "s>g g>a", g={"default_flow": "s>g"}),
    ),
    "gateway.no_default": (
        "g",
        draw("s:start g:xor a:user b:user", "s>g g>a[x == 1] g>b[x == 2]"),
    ),
    "gateway.default_condition": (
        "g>a",
        draw("s:start g:xor a:user", "s>g g>a[x == 1]", g={"default_flow": "g>a"}),
    ),
    "node.unreachable": ("b", draw("s:start a:user b:user", "s>a b>a")),
    "call.no_target": ("k", draw("s:start k:call", "s>k")),
    "activity.no_count": (
        "k",
        draw("s:start k:many", "s>k", k={"called": "p", "multi": MultiInstance()}),
    ),
    "timer.no_time": (
        "c",
        draw("s:start c:catch", "s>c", c={"events": (EventDefinition(EventKind.TIMER),)}),
    ),
    "timer.repeats_in_flow": ("c", draw("s:start c:catch~timer=R3/PT1H", "s>c")),
    "boundary.loose": ("t", draw("s:start g:xor g@t:stop a:user", "s>g g>a t>a")),
    "boundary.leads_nowhere": ("t", draw("s:start a:user a@t:stop", "s>a")),
    "script.empty": ("x", draw("s:start x:script", "s>x", x={"script": ""})),
    "service.no_operation": ("x", draw("s:start x:service", "s>x")),
    "rule.no_decision": ("x", draw("s:start x:rule", "s>x", x={"decision": ""})),
    "mapping.malformed": (
        "k",
        draw("s:start k:call", "s>k", k={"called": "q", "properties": {"in": "a = 1; 2"}}),
    ),
    "diagram.name_too_long": ("a", draw("s:start a:user", "s>a", a={"name": "长" * 1_001})),
    "diagram.too_many_expressions": (
        "p",
        draw("s:start a:user", "s>a", a={"properties": {"unit": "1" * 400_001}}),
    ),
    "activity.count_out_of_range": (
        "k",
        draw("s:start k:many", "s>k", k={"called": "q", "multi": MultiInstance(cardinality="-1")}),
    ),
    "loop.never_waits": ("x", draw("s:start x:script y:script", "s>x x>y y>x")),
    "event_sub.no_start": ("h", draw("s:start a:user h:handler h/b:user", "s>a")),
    "data.unknown": ("a", draw("s:start a:user", "s>a", a={"gives": (_copy("UNKNOWN"),)})),
    "data.unsaid": ("a", draw("s:start a:user", "s>a", a={"takes": (_copy("LANGUAGE"),)})),
    "data.copies_nothing": ("a", draw("s:start a:user", "s>a", a={"gives": (_copy("NOTHING"),)})),
    "data.store": ("a", draw("s:start a:user", "s>a", a={"takes": (_copy("STORE"),)})),
    "data.place": (
        "r",
        draw("s:start a:user a@r:remind b:user", "s>a r>b", r={"gives": (Copy("x", "1"),)}),
    ),
    "process.drawing_only": ("p", replace(draw("s:start e:end", "s>e"), executable=False)),
}
ABOUT_PEOPLE = {"task.no_lane", "task.no_outcomes"}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_rule_is_named_with_its_element(code: str) -> None:
    element, process = BROKEN[code]
    assert findings(process) == [(element, code)]


def test_a_persons_step_needs_a_lane_and_buttons() -> None:
    found = findings(draw("s:start a:user", "s>a"), people=True)
    assert found == [("a", "task.no_lane"), ("a", "task.no_outcomes")]


def test_every_rule_of_the_table_is_shown_broken() -> None:
    assert {rule.code for rule in RULES} == BROKEN.keys() | ABOUT_PEOPLE


@pytest.mark.parametrize("written", ["0", "-1", "101", "two", "²", ""])
@pytest.mark.parametrize("name", ["startQuantity", "completionQuantity"])
def test_quantities_are_numbers_that_can_be_borne(name: str, written: str) -> None:
    found = findings(draw("s:start a:user", "s>a", a={"attributes": {name: written}}))
    assert found == [("a", "element.attribute_unsupported")]


SIGNAL = EventDefinition(EventKind.SIGNAL, ref="x")
HOUR = EventDefinition(EventKind.TIMER, timer=TimerKind.DURATION, text="PT1H")
LINK = EventDefinition(EventKind.LINK, ref="l")
ENDS = (EventDefinition(EventKind.ERROR, ref="E1"), EventDefinition(EventKind.TERMINATE))


@pytest.mark.parametrize(
    ("nodes", "flows", "fields"),
    [
        ("s:start c:catch a:user", "s>c c>a", {"events": (HOUR, HOUR)}),
        ("c:start a:user", "c>a", {"events": (SIGNAL, HOUR)}),
        ("s:start a:user a@c:stop b:user", "s>a c>b", {"events": (SIGNAL, HOUR), "attributes": {"parallelMultiple": "true"}}),
        ("s:start c:end", "s>c", {"events": ENDS}),
    ],
)  # fmt: skip
def test_an_event_for_several_things_that_cannot_run_is_refused(
    nodes: str, flows: str, fields: dict[str, Any]
) -> None:
    assert findings(draw(nodes, flows, c=fields)) == [("c", "event.not_one")]


def test_a_link_is_nothing_else() -> None:
    found = findings(draw("s:start c:throw", "s>c", c={"events": (LINK, SIGNAL)}))
    assert ("c", "event.not_one") in found


def test_an_event_behind_an_event_gateway_waits_for_one_thing() -> None:
    process = draw(
        "s:start g:race c:catch d:catch a:user", "s>g g>c g>d c>a d>a", c={"events": (SIGNAL, HOUR)}
    )
    assert findings(process) == [("g", "gateway.event_target")]


def test_what_the_rules_let_through_the_builder_can_build() -> None:
    assert set(BUILDERS) == SUPPORTED


def test_elements_without_a_place_are_refused() -> None:
    process = draw("s:start e:end", "s>e")
    found = check(Diagram({"p": process}, unknown=(Unknown("x", "choreography"),)))
    assert [(each.element, each.code) for each in found] == [("x", "element.unknown")]


def test_a_boundary_that_leads_nowhere_is_only_told() -> None:
    element, process = BROKEN["boundary.leads_nowhere"]
    found = {each.element: each.severity for each in check(Diagram({"p": process}))}
    assert found[element] is Severity.WARNING
