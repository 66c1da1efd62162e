"""A diagram is tried without a database: who acts, when time passes, how it ends."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from engine.rehearsal.cues import read_cues
from tests.engine.rehearsal.conftest import Rehearse, process, seen

START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def script(ident: str, text: str) -> str:
    return f'<scriptTask id="{ident}"><script>{text}</script></scriptTask>'


def timer(ident: str, time: str, *, on: str = "", stops: bool = True) -> str:
    inside = f"<timerEventDefinition>{time}</timerEventDefinition>"
    if not on:
        return f'<intermediateCatchEvent id="{ident}">{inside}</intermediateCatchEvent>'
    cancel = str(stops).lower()
    return (
        f'<boundaryEvent id="{ident}" attachedToRef="{on}" cancelActivity="{cancel}">'
        f"{inside}</boundaryEvent>"
    )


HOUR = "<timeDuration>PT1H</timeDuration>"
ROUND = process(
    "p", START + END + '<userTask id="ask"/>' + timer("late", HOUR, on="ask")
    + script("tell", 'log("late")') + '<endEvent id="e2"/>',
    "s>ask", "ask>e", "late>tell", "tell>e2",
)  # fmt: skip


def test_scripts_log_and_assign(play: Rehearse) -> None:
    told = play(
        process("p", START + END + script("a", 'x = n + 1\nlog("a", x)'), "s>a", "a>e"), n=1
    )
    assert told.as_json() == {
        "refused": None,
        "ended": "completed",
        "log": ["a", 2],
        "trace": [
            {"event": event, "element": element, "process": "p"}
            for element in ("s", "a", "e")
            for event in ("entered", "left")
        ],
        "data": {"n": 1, "x": 2},
    }


def test_people_act_at_once_so_that_nothing_is_late(play: Rehearse) -> None:
    told = play(ROUND)
    assert (told.ended, told.log) == ("completed", [])


def test_what_the_script_holds_becomes_late(play: Rehearse) -> None:
    told = play(ROUND, script={"hold": "ask"})
    assert (told.ended, told.log, seen(told, "cancelled")) == ("completed", ["late"], ["ask"])


def test_a_step_waits_until_it_is_possible(play: Rehearse) -> None:
    drawn = process(
        "p",
        START + END + '<userTask id="first"/><userTask id="second"/>' + script("a", "log(second.x)"),
        "s>first", "first>second", "second>a", "a>e",
    )  # fmt: skip
    told = play(drawn, script=[{"complete": "second", "outcome": "pass", "data": {"x": 7}}])
    assert told.log == [7]
    assert told.data["second"] == {"outcome": "pass", "x": 7}


def test_time_passes_while_people_hold_still(play: Rehearse) -> None:
    cycle = "<timeCycle>R/PT10M</timeCycle>"
    drawn = process(
        "p",
        START + END + '<userTask id="ask"/>' + timer("again", cycle, on="ask", stops=False)
        + script("tell", 'log("again")'),
        "s>ask", "ask>e", "again>tell",
    )  # fmt: skip
    told = play(drawn, script=[{"wait": "PT35M"}, {"complete": "ask"}])
    assert (told.ended, told.log) == ("completed", ["again"] * 3)


def test_services_nobody_knows_are_somebody_elses_work(play: Rehearse) -> None:
    drawn = process(
        "p",
        START + END + '<serviceTask id="pay"/><exclusiveGateway id="g" default="p_3"/>'
        + script("a", 'log("paid")'),
        "s>pay", "pay>g", "g>a:=paid", "g>e", "a>e",
    )  # fmt: skip
    told = play(drawn, script=[{"complete": "pay", "data": {"paid": True}}])
    assert (told.ended, told.log) == ("completed", ["paid"])
    assert told.foreign == {"=paid": "paid"}


def test_a_called_process_of_the_file_takes_part(play: Rehearse) -> None:
    called = process("q", '<startEvent id="t"/>' + script("b", 'log("in q", n)'), "t>b")
    caller = process(
        "p",
        START
        + END
        + '<callActivity id="c" calledElement="q"><extensionElements><s:properties><s:property name="in" value="n = m"/></s:properties></extensionElements></callActivity>',
        "s>c",
        "c>e",
    )
    told = play(caller + called, m=5)
    assert (told.refused, told.ended, told.log) == (None, "completed", ["in q", 5])
    assert [line["process"] for line in told.trace if line["element"] in "cb"] == [
        "p",
        "q",
        "q",
        "p",
    ]


def test_what_cannot_run_is_refused_with_its_element(play: Rehearse) -> None:
    told = play(process("p", START + END + '<complexGateway id="odd"/>', "s>odd", "odd>e"))
    assert told.refused is not None
    assert (told.refused["element"], told.refused["code"]) == ("odd", "element.unsupported")
    assert (told.ended, told.trace) == ("", [])


def test_a_script_that_fails_ends_in_error(play: Rehearse) -> None:
    told = play(process("p", START + END + script("a", "x = missing + 1"), "s>a", "a>e"))
    assert told.ended == "error"
    assert told.trace[-1]["element"] == "a"


def test_a_join_whose_branch_never_comes_is_waited_at(play: Rehearse) -> None:
    drawn = process(
        "p",
        START + END + '<exclusiveGateway id="g" default="p_2"/><parallelGateway id="j"/>'
        + script("a", 'log("a")') + script("b", 'log("b")'),
        "s>g", "g>a:x", "g>b", "a>j", "b>j", "j>e",
    )  # fmt: skip
    told = play(drawn)
    assert (told.ended, told.log) == ("waiting", ["b"])
    assert told.trace[-1]["code"] == "gateway.starved"


def test_a_script_task_without_a_script_is_passed_through(play: Rehearse) -> None:
    nothing = '<scriptTask id="a"/><scriptTask id="b"><script> </script></scriptTask>'
    told = play(process("p", START + END + nothing, "s>a", "a>b", "b>e"))
    assert (told.refused, told.ended) == (None, "completed")
    assert seen(told, "left") == ["s", "a", "b", "e"]


def test_a_transaction_is_cancelled_whatever_the_events_are_called(play: Rehearse) -> None:
    inside = (
        '<startEvent id="is"/><endEvent id="no"><cancelEventDefinition id="thrown"/></endEvent>'
        '<sequenceFlow id="in" sourceRef="is" targetRef="no"/>'
    )
    caught = '<boundaryEvent id="c" attachedToRef="t"><cancelEventDefinition id="caught"/>'
    drawn = f'<transaction id="t">{inside}</transaction>{caught}</boundaryEvent>'
    told = play(process("p", START + END + drawn + '<endEvent id="off"/>', "s>t", "t>e", "c>off"))
    assert (told.ended, seen(told, "cancelled")) == ("completed", ["t"])
    assert seen(told, "left")[-2:] == ["c", "off"]


def test_a_loop_without_end_reaches_a_limit(play: Rehearse) -> None:
    drawn = process(
        "p", START + END + '<userTask id="a"/><exclusiveGateway id="g" default="p_2"/>',
        "s>a", "a>g", "g>a", "g>e:false",
    )  # fmt: skip
    assert play(drawn).ended == "limit"


def test_the_process_named_like_the_file_is_started(play: Rehearse) -> None:
    two = process("p", START + END, "s>e") + process("q", '<startEvent id="t"/>')
    assert seen(play(two, name="q.bpmn"), "entered") == ["t"]
    unclear = play(two, name="r.bpmn").refused
    assert unclear is not None
    assert unclear["code"] == "rehearsal.no_main"


@pytest.mark.parametrize(
    "step", [{"wait": "soon"}, {"complete": "a", "wait": "PT1H"}, "go", {"x": 1}]
)
def test_a_script_that_cannot_be_read_names_its_step(step: object) -> None:
    with pytest.raises(Invalid) as refusal:
        read_cues([{"complete": "a"}, step])
    assert refusal.value.details["step"] == 2
