"""Events as BPMN's text has them."""

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

CATCH, THROW = "intermediateCatchEvent", "intermediateThrowEvent"
SIGNAL = '<signal id="S" name="hurry"/>'


def shares(ref: str, before: str = "") -> str:
    used = step(f"<eventDefinitionRef>{ref}</eventDefinitionRef>", tag=CATCH)
    own = '<endEvent id="x"><signalEventDefinition id="own" signalRef="S"/></endEvent>'
    return process(used + own + flow("t", "x"), before=SIGNAL + before)


def timer(*times: str) -> str:
    inside = "".join(f"<{each}>1</{each}>" for each in times)
    return process(step(f"<timerEventDefinition>{inside}</timerEventDefinition>", tag=CATCH))


def links(name: str) -> str:
    """A jump whose ends refer to each other; the landing is called `name`."""
    jump = '<linkEventDefinition id="L" name="go"><target>K</target></linkEventDefinition>'
    land = f'<linkEventDefinition id="K" name="{name}"><source>L</source></linkEventDefinition>'
    drawn = f'<{THROW} id="x">{jump}</{THROW}><{CATCH} id="y">{land}</{CATCH}>'
    return process(drawn + flow("s", "x") + flow("y", "e"))


def boundary(cancel: str) -> str:
    host = f'<boundaryEvent id="b" attachedToRef="t" cancelActivity="{cancel}">'
    return process(step() + host + "<errorEventDefinition/></boundaryEvent>")


def error(code: str, ref: str = 'errorRef="E"') -> str:
    thrown = f'<endEvent id="x"><errorEventDefinition {ref}/></endEvent>'
    return process(thrown + flow("s", "x"), before=f'<error id="E" name="n" {code}/>')


def two_catchers(second: str) -> str:
    """A task with two error events on it, each with a way of its own."""
    caught = "".join(
        f'<boundaryEvent id="{ident}" attachedToRef="t"><errorEventDefinition errorRef="{ref}"/>'
        f"</boundaryEvent>{flow(ident, 'e')}"
        for ident, ref in (("a", "E"), ("b", second))
    )
    errors = '<error id="E" errorCode="e"/><error id="F" errorCode="f"/>'
    return process(step() + caught, before=errors)


PAIRS: Pairs = {
    "event.definition_missing": (
        shares("gone"),
        shares("T", '<signalEventDefinition id="T" signalRef="S"/>'),
    ),
    "event.definition_of_other": (
        shares("own"),
        shares("T", '<signalEventDefinition id="T" signalRef="S"/>'),
    ),
    "timer.several": (timer("timeDate", "timeCycle"), timer("timeDate")),
    "link.at_odds": (links("back"), links("go")),
    "event.rivals": (two_catchers("E"), two_catchers("F")),
    "event.always_interrupts": (boundary("false"), boundary("true")),
    "event.leads_nowhere": (
        process(f'<{CATCH} id="c">{HEAR}</{CATCH}>' + flow("s", "c"), before=MESSAGE),
        process(step(HEAR, tag=CATCH), before=MESSAGE),
    ),
    "event.begins": (
        f'{MESSAGE}<process id="p"><{CATCH} id="c">{HEAR}</{CATCH}><task id="t"/>'
        f"{flow('c', 't')}</process>",
        f'<process id="p"><task id="c"/><task id="t"/>{flow("c", "t")}</process>',
    ),
    "event.throws_unnamed": (error('errorCode="c"', ref=""), error('errorCode="c"')),
    "error.no_code": (error(""), error('errorCode="c"')),
}


@pytest.mark.parametrize("code", PAIRS)
def test_a_rule_is_broken_by_one_file_and_kept_by_the_other(code: str) -> None:
    assert_kept_and_broken(PAIRS, code)


def test_two_handlers_of_one_level_are_rivals_and_those_of_two_levels_are_not() -> None:
    handler = (
        '<subProcess id="{0}" triggeredByEvent="true"><startEvent id="{0}s">'
        '<errorEventDefinition errorRef="E"/></startEvent><endEvent id="{0}e"/>{1}</subProcess>'
    )
    one, two = (handler.format(each, flow(f"{each}s", f"{each}e")) for each in "hk")
    errors = '<error id="E" errorCode="e"/>'
    inner = '<startEvent id="us"/><endEvent id="ue"/>' + flow("us", "ue")
    assert codes(process(one + two, before=errors)) == ["event.rivals"]
    nested = step(inner + two, tag="subProcess", ident="u")
    assert codes(process(one + nested, before=errors)) == []
