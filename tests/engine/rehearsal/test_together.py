"""Several processes of one file: messages, signals, calls, what is thrown from one to another."""

from __future__ import annotations

from tests.engine.rehearsal.conftest import Rehearse, process, seen

SHARED = (
    '<message id="M" name="order"/><signal id="S" name="bell"/><error id="E" errorCode="broken"/>'
    '<escalation id="U" escalationCode="slow"/>'
)
MESSAGE = '<messageEventDefinition messageRef="M"/>'
SIGNAL = '<signalEventDefinition signalRef="S"/>'
ERROR = '<errorEventDefinition errorRef="E"/>'
START, END = '<startEvent id="s"/>', '<endEvent id="e"/>'


def say(ident: str, text: str = "") -> str:
    return f'<scriptTask id="{ident}"><script>log("{text or ident}")</script></scriptTask>'


def test_a_message_starts_another_process(play: Rehearse) -> None:
    drawn = (
        SHARED
        + process("p", START + f'<endEvent id="e">{MESSAGE}</endEvent>', "s>e")
        + process("q", f'<startEvent id="t">{MESSAGE}</startEvent>' + say("a"), "t>a")
    )
    told = play(drawn)
    assert (told.ended, told.log) == ("completed", ["a"])


def test_pools_answer_each_other_by_message_flows(play: Rehearse) -> None:
    ask = '<sendTask id="ask"/><receiveTask id="hear"/>'
    answer = '<startEvent id="t"><messageEventDefinition/></startEvent><sendTask id="answer"/>'
    drawn = (
        process("p", START + END + ask + say("a"), "s>ask", "ask>hear", "hear>a", "a>e")
        + process("q", answer, "t>answer")
        + '<collaboration id="c"><participant id="P" processRef="p"/>'
        '<participant id="Q" processRef="q"/>'
        '<messageFlow id="f1" sourceRef="ask" targetRef="t"/>'
        '<messageFlow id="f2" sourceRef="answer" targetRef="hear"/></collaboration>'
    )
    told = play(drawn)
    assert told.refused is None
    assert (told.ended, told.log) == ("completed", ["a"])


def test_the_script_sends_messages_and_signals(play: Rehearse) -> None:
    catches = (
        f'<intermediateCatchEvent id="m">{MESSAGE}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="b">{SIGNAL}</intermediateCatchEvent>'
    )
    drawn = SHARED + process("p", START + END + catches, "s>m", "m>b", "b>e")
    assert play(drawn).ended == "waiting"
    script = [{"message": "order", "data": {"n": 2}}, {"signal": "bell"}]
    told = play(drawn, script=script)
    assert (told.ended, told.missed, told.data["m"]) == ("completed", [], {"n": 2})
    assert play(drawn, script=[{"signal": "nobody"}]).missed == ["signal nobody"]


def test_the_script_begins_a_process_by_the_event_it_names(play: Rehearse) -> None:
    two = f'<startEvent id="t">{MESSAGE}</startEvent><startEvent id="u">{SIGNAL}</startEvent>'
    drawn = SHARED + process("p", two + say("a") + say("b") + END, "t>a", "u>b", "a>e", "b>e")
    for step, log in (({"message": "order"}, "a"), ({"signal": "bell"}, "b")):
        told = play(drawn, script=[{"wait": "PT1H"}, step], x=1)
        assert (told.ended, told.log, told.missed, told.data["x"]) == ("completed", [log], [], 1)
    assert play(drawn).log == ["a"]
    held = play(drawn, script=[{"complete": "nobody"}, {"signal": "bell"}])
    assert (held.log, held.missed) == (["a"], ["complete nobody", "signal bell"])


def test_of_several_executable_processes_the_one_that_nobody_calls_or_wakes_is_started(
    play: Rehearse,
) -> None:
    woken = process("q", f'<startEvent id="t">{MESSAGE}</startEvent>' + say("a"), "t>a")
    waking = process("p", START + f'<endEvent id="e">{MESSAGE}</endEvent>', "s>e")
    told = play(SHARED + woken + waking, name="other.bpmn")
    assert (told.ended, told.log) == ("completed", ["a"])
    called = process("q", '<startEvent id="t"/>' + say("b"), "t>b")
    calling = process("p", START + END + '<callActivity id="c" calledElement="q"/>', "s>c", "c>e")
    assert play(called + calling, name="other.bpmn").log == ["b"]


def test_a_signal_is_heard_before_the_one_that_threw_it_has_ended(play: Rehearse) -> None:
    inside = f'<startEvent id="i"/><endEvent id="j">{SIGNAL}</endEvent>'
    inside += '<sequenceFlow id="in" sourceRef="i" targetRef="j"/>'
    many = (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    beside = f'<startEvent id="h" isInterrupting="false">{SIGNAL}</startEvent>' + say("a")
    beside += '<sequenceFlow id="ha" sourceRef="h" targetRef="a"/>'
    drawn = (
        f'<subProcess id="each">{many}{inside}</subProcess>'
        f'<subProcess id="hear" triggeredByEvent="true">{beside}</subProcess>'
    )
    told = play(SHARED + process("p", START + END + drawn, "s>each", "each>e"))
    assert (told.ended, told.log) == ("completed", ["a"] * 3)


def test_a_global_task_is_called(play: Rehearse) -> None:
    task = '<globalScriptTask id="g"><script>log("in g")</script></globalScriptTask>'
    call = '<callActivity id="c" calledElement="g"/>'
    told = play(task + process("p", START + END + call, "s>c", "c>e"))
    assert (told.refused, told.ended, told.log) == (None, "completed", ["in g"])


def test_an_error_of_a_script_reaches_the_boundary(play: Rehearse) -> None:
    fails = '<scriptTask id="a"><script>fail("broken")</script></scriptTask>'
    caught = f'<boundaryEvent id="b" attachedToRef="a">{ERROR}</boundaryEvent>'
    drawn = SHARED + process("p", START + END + fails + caught + say("x"), "s>a", "a>e", "b>x")
    told = play(drawn)
    assert (told.ended, told.log, seen(told, "cancelled")) == ("completed", ["x"], ["a"])


def test_an_error_nobody_catches_ends_in_error(play: Rehearse) -> None:
    fails = '<scriptTask id="a"><script>fail("broken")</script></scriptTask>'
    told = play(SHARED + process("p", START + END + fails, "s>a", "a>e"))
    assert told.ended == "error"
    assert told.trace[-1]["code"] == "broken"


def test_the_error_of_a_called_process_reaches_its_caller(play: Rehearse) -> None:
    call = '<callActivity id="c" calledElement="q"/>'
    caught = f'<boundaryEvent id="b" attachedToRef="c">{ERROR}</boundaryEvent>'
    drawn = (
        SHARED
        + process("p", START + END + call + caught + say("x"), "s>c", "c>e", "b>x")
        + process("q", f'<startEvent id="t"/><endEvent id="bad">{ERROR}</endEvent>', "t>bad")
    )
    told = play(drawn)
    assert (told.ended, told.log) == ("completed", ["x"])


def test_an_escalation_lets_the_called_process_go_on(play: Rehearse) -> None:
    definition = '<escalationEventDefinition escalationRef="U"/>'
    call = '<callActivity id="c" calledElement="q"/>'
    told_of = f'<boundaryEvent id="b" attachedToRef="c" cancelActivity="false">{definition}</boundaryEvent>'
    slow = f'<startEvent id="t"/><intermediateThrowEvent id="slow">{definition}</intermediateThrowEvent>'
    drawn = (
        SHARED
        + process("p", START + END + call + told_of + say("x"), "s>c", "c>e", "b>x")
        + process("q", slow + say("y"), "t>slow", "slow>y")
    )
    assert play(drawn).log == ["y", "x"]


def test_whoever_does_a_service_may_fail_at_it(play: Rehearse) -> None:
    work = (
        '<serviceTask id="a"/>' + f'<boundaryEvent id="b" attachedToRef="a">{ERROR}</boundaryEvent>'
    )
    drawn = SHARED + process("p", START + END + work + say("x"), "s>a", "a>e", "b>x")
    assert play(drawn, script=[{"fail": "a", "code": "broken"}]).log == ["x"]
    assert play(drawn).log == []


def test_each_child_of_a_sub_process_for_many_is_an_instance(play: Rehearse) -> None:
    many = (
        '<subProcess id="each"><extensionElements><s:properties>'
        '<s:property name="collection" value="units"/><s:property name="out" value="done = item"/>'
        "</s:properties></extensionElements><multiInstanceLoopCharacteristics/>"
        '<startEvent id="t"/><scriptTask id="a"><script>log(index, item)</script></scriptTask>'
        '<sequenceFlow id="f" sourceRef="t" targetRef="a"/></subProcess>'
    )
    told = play(process("p", START + END + many, "s>each", "each>e"), units=["x", "y"])
    assert (told.ended, told.log) == ("completed", [0, "x", 1, "y"])
    assert told.data["each"]["results"] == [{"done": "x"}, {"done": "y"}]


def test_a_process_that_calls_itself_reaches_a_limit(play: Rehearse) -> None:
    told = play(
        process("p", START + END + '<callActivity id="c" calledElement="p"/>', "s>c", "c>e")
    )
    assert told.refused is not None or told.ended == "limit"


def test_a_start_by_time_comes_by_itself(play: Rehearse) -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    told = play(process("p", f'<startEvent id="s">{timer}</startEvent>' + say("a"), "s>a"))
    assert (told.ended, told.log) == ("completed", ["a"])


def test_a_pool_that_only_waits_is_there_when_it_is_called(play: Rehearse) -> None:
    ring = f'<intermediateThrowEvent id="ring">{SIGNAL}</intermediateThrowEvent>'
    hear = f'<intermediateCatchEvent id="hear">{SIGNAL}</intermediateCatchEvent>'
    drawn = (
        SHARED
        + process("p", START + END + ring, "s>ring", "ring>e")
        + process("q", '<startEvent id="t"/>' + hear + say("a"), "t>hear", "hear>a")
        + process("r", '<startEvent id="u"/>' + say("b"), "u>b")
    )
    told = play(drawn)
    assert (told.ended, told.log) == ("completed", ["a"])


def test_a_pool_that_speaks_first_is_heard(play: Rehearse) -> None:
    hear = '<receiveTask id="hear" messageRef="M"/>'
    tell = '<sendTask id="tell" messageRef="M"/>'
    drawn = (
        SHARED
        + process("p", START + END + hear + say("a"), "s>hear", "hear>a", "a>e")
        + process("q", '<startEvent id="t"/>' + tell, "t>tell")
    )
    told = play(drawn)
    assert (told.ended, told.log) == ("completed", ["a"])


def test_a_message_of_another_pool_starts_the_main_process_once(play: Rehearse) -> None:
    told = play(
        SHARED
        + process("p", f'<startEvent id="s">{MESSAGE}</startEvent>' + say("a"), "s>a")
        + process("q", '<startEvent id="t"/><sendTask id="tell" messageRef="M"/>', "t>tell"),
        n=1,
    )
    assert (told.ended, told.log, told.data["n"]) == ("completed", ["a"], 1)


def test_a_signal_is_heard_once_in_its_own_process(play: Rehearse) -> None:
    nodes = (
        f'<intermediateCatchEvent id="hear">{SIGNAL}</intermediateCatchEvent>'
        f'<intermediateThrowEvent id="ring">{SIGNAL}</intermediateThrowEvent>'
        '<parallelGateway id="g"/>'
    )
    flows = ("s>g", "g>hear", "hear>a", "g>ring", "ring>b")
    told = play(SHARED + process("p", START + nodes + say("a") + say("b"), *flows))
    assert (told.ended, sorted(told.log)) == ("completed", ["a", "b"])


def test_a_signal_interrupts_and_reminds_its_own_process(play: Rehearse) -> None:
    for cancels, logged in (("true", ["x"]), ("false", ["x", "b"])):
        inside = (
            '<subProcess id="sub"><startEvent id="t"/>'
            f'<intermediateThrowEvent id="ring">{SIGNAL}</intermediateThrowEvent>'
            '<userTask id="u"/>'
            + say("b")
            + '<sequenceFlow id="i1" sourceRef="t" targetRef="ring"/>'
            '<sequenceFlow id="i2" sourceRef="ring" targetRef="u"/>'
            '<sequenceFlow id="i3" sourceRef="u" targetRef="b"/></subProcess>'
            f'<boundaryEvent id="c" attachedToRef="sub" cancelActivity="{cancels}">{SIGNAL}</boundaryEvent>'
        )
        told = play(SHARED + process("p", START + END + inside + say("x"), "s>sub", "sub>e", "c>x"))
        assert (told.ended, told.log) == ("completed", logged)
