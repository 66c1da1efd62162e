"""Data objects, properties, inputs and outputs: where a value lives, and who may see it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.model import Process
from engine.bpmn.read import read_diagram
from engine.errors import Broken
from engine.spiff.build import build
from engine.spiff.execution import Execution
from tests.engine.spiff.drawing import Case, FakeHost, Play

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"


def drawn(inside: str, *flows: str) -> Process:
    """Read a process of XML; a flow is `a>b`, `s` and `e` are its plain start and end."""
    lines = "".join(
        f'<sequenceFlow id="f_{place}" sourceRef="{source}" targetRef="{target}"/>'
        for place, (source, target) in enumerate(flow.split(">") for flow in flows)
    )
    body = f'<startEvent id="s"/><endEvent id="e"/>{inside}{lines}'
    text = f'<definitions xmlns="{NAMESPACE}" xmlns:s="{SPIFF}"><process id="p">{body}</process>'
    return read_diagram(f"{text}</definitions>".encode()).processes["p"]


def ends(tag: str, source: str, target: str, more: str = "") -> str:
    sources = f"<sourceRef>{source}</sourceRef>" if source else ""
    return f"<{tag}>{sources}<targetRef>{target}</targetRef>{more}</{tag}>"


def takes(source: str, target: str, more: str = "") -> str:
    return ends("dataInputAssociation", source, target, more)


def gives(source: str, target: str, more: str = "") -> str:
    return ends("dataOutputAssociation", source, target, more)


def io(*, inputs: str = "", outputs: str = "") -> str:
    """Draw inputs and outputs; each is called as it is known, its id has `i_` or `o_` before."""
    drawn_in = "".join(f'<dataInput id="i_{each}" name="{each}"/>' for each in inputs.split())
    drawn_out = "".join(f'<dataOutput id="o_{each}" name="{each}"/>' for each in outputs.split())
    return f"<ioSpecification>{drawn_in}{drawn_out}<inputSet/><outputSet/></ioSpecification>"


def script(ident: str, text: str, more: str = "") -> str:
    return f'<scriptTask id="{ident}">{more}<script>{text}</script></scriptTask>'


def seen(case: Case, *names: str) -> list[Any]:
    data = case.execution.data(0)
    return [data.get(name, "nothing") for name in names]


ORDER = '<dataObject id="D-1" name="order"/><dataObjectReference id="R1" dataObjectRef="D-1"/>'
AGAIN = '<dataObjectReference id="R2" name="again" dataObjectRef="D-1"/>'


class TestDataObjects:
    def test_it_begins_as_null_and_is_one_variable_under_all_its_names(self, play: Play) -> None:
        waiting = '<userTask id="a"/>'
        process = drawn(ORDER + AGAIN + waiting + script("x", "again = 5"), "s>a", "a>x", "x>e")
        case = play(process)
        assert seen(case, "D_1", "order", "R1", "R2", "again") == [None] * 5
        case.do("a")
        assert seen(case, "D_1", "order", "R1", "R2", "again") == [5] * 5

    def test_a_collection_begins_as_an_empty_list(self, play: Play) -> None:
        process = drawn('<dataObject id="D" isCollection="true"/><userTask id="a"/>', "s>a", "a>e")
        assert seen(play(process), "D") == [[]]

    def test_a_case_that_is_begun_with_it_has_it(self, play: Play) -> None:
        process = drawn(ORDER + '<userTask id="a"/>', "s>a", "a>e")
        assert seen(play(process, order=7), "D_1", "order") == [7, 7]

    INSIDE = (
        '<subProcess id="u"><dataObject id="D" name="note"/><startEvent id="us"/>'
        + script("x", "note = 1")
        + '<userTask id="b"/>'
        + '<sequenceFlow id="u1" sourceRef="us" targetRef="x"/>'
        + '<sequenceFlow id="u2" sourceRef="x" targetRef="b"/></subProcess>'
    )

    def test_it_is_gone_with_its_sub_process_and_never_leaks(self, play: Play) -> None:
        case = play(drawn(self.INSIDE, "s>u", "u>e"))
        inner = case.execution.snapshot().items[0].scope
        assert case.execution.data(inner)["note"] == 1
        assert seen(case, "D", "note") == ["nothing"] * 2
        assert case.do("b").ended
        assert seen(case, "D", "note") == ["nothing"] * 2

    def test_an_inner_one_hides_an_outer_one_of_the_same_name(self, play: Play) -> None:
        case = play(drawn('<dataObject id="O" name="note"/>' + self.INSIDE, "s>u", "u>e"))
        assert case.do("b").ended
        assert seen(case, "note") == [None]

    def test_a_name_that_means_two_things_means_neither(self) -> None:
        twice = '<dataObject id="A" name="x"/><dataObject id="B" name="x"/><dataObject id="C-" />'
        variables = drawn(twice, "s>e").variables
        assert [(each.name, each.called) for each in variables] == [
            ("A", ()),
            ("B", ()),
            ("C_", ()),
        ]


class TestActivities:
    TWO = '<userTask id="a">{}</userTask><userTask id="b"/>'

    def test_a_script_works_on_its_own_inputs_and_outputs(self, play: Play) -> None:
        inside = io(inputs="n", outputs="m") + takes("R1", "i_n") + gives("o_m", "R2")
        result = (
            '<dataObject id="D2" name="result"/><dataObjectReference id="R2" dataObjectRef="D2"/>'
        )
        process = drawn(ORDER + result + script("x", "m = n\nfree = n", inside), "s>x", "x>e")
        case = play(process, order=3)
        assert case.ended
        assert seen(case, "result", "free", "n", "m", "i_n") == [3, 3, *["nothing"] * 3]

    def test_an_output_that_nothing_was_written_to_is_not_copied(self, play: Play) -> None:
        inside = io(outputs="m") + gives("o_m", "R1")
        case = play(drawn(ORDER + script("x", 'order = "new"', inside), "s>x", "x>e"), order="old")
        assert case.ended
        assert seen(case, "order") == ["new"]

    def test_an_answer_may_empty_what_its_output_is_copied_to(self, play: Play) -> None:
        inside = io(outputs="m") + gives("o_m", "R1")
        case = play(drawn(ORDER + f'<userTask id="a">{inside}</userTask>', "s>a", "a>e"), order=3)
        assert seen(case.do("a", m=None), "order") == [None]

    def test_an_answer_fills_the_outputs_that_bear_its_fields_names(self, play: Play) -> None:
        inside = io(inputs="n", outputs="m") + takes("R1", "i_n") + gives("o_m", "R1")
        case = play(drawn(ORDER + f'<userTask id="a">{inside}</userTask>', "s>a", "a>e"), order=3)
        (item,) = case.execution.snapshot().items
        assert case.execution.data(item.scope)["n"] == 3
        case.do("a", m=4, outcome="pass")
        assert seen(case, "order", "a") == [4, {"m": 4, "outcome": "pass"}]

    def test_assignments_and_transformations_are_expressions(self, play: Play) -> None:
        said = "<assignment><from>order.kind</from><to>i_n</to></assignment>"
        changed = "<transformation>order.n == 3</transformation>"
        inside = io(inputs="n", outputs="m") + takes("R1", "i_n", said) + gives("R1", "R1", changed)
        process = drawn(ORDER + f'<userTask id="a">{inside}</userTask>', "s>a", "a>e")
        case = play(process, order={"kind": "SZ", "n": 3})
        (item,) = case.execution.snapshot().items
        assert case.execution.data(item.scope)["n"] == "SZ"
        assert seen(case.do("a"), "order") == [True]

    def test_a_copy_that_fails_stops_its_token_until_it_is_retried(self, play: Play) -> None:
        changed = "<transformation>bad</transformation>"
        inside = io(outputs="m") + gives("o_m", "R1", changed)
        work = f'<userTask id="a">{inside}</userTask><userTask id="b"/>'
        case = play(drawn(ORDER + work, "s>a", "s>b", "a>e", "b>e"), failing="bad")
        case.do("a")
        assert (case.stopped(), case.open()) == (["a"], ["b"])
        case.host.failing.clear()
        assert case.retry("a").do("b").ended

    def test_a_state_of_before_its_data_were_read_is_refused_and_not_cut_short(self) -> None:
        flows = ("s>a", "a>b", "b>e")
        stored = Case(drawn(self.TWO.format(""), *flows)).execution.dump()
        inside = io(outputs="m") + gives("o_m", "R1")
        program = build(drawn(ORDER + self.TWO.format(inside), *flows))
        with pytest.raises(Broken) as refusal:
            Execution.load(program, FakeHost(), stored).snapshot()
        assert refusal.value.code == "instance.state_damaged"

    def test_a_property_lives_as_long_as_its_task(self, play: Play) -> None:
        own = '<property id="P1" name="count"/>'
        case = play(drawn(script("x", "count = 1\nkept = count", own), "s>x", "x>e"))
        assert seen(case, "count", "P1", "kept") == ["nothing", "nothing", None]

    def test_a_call_is_given_its_inputs_and_gives_its_outputs(self, play: Play) -> None:
        inside = io(inputs="n", outputs="m") + takes("R1", "i_n") + gives("o_m", "R1")
        call = f'<callActivity id="k" calledElement="q">{inside}</callActivity>'
        case = play(drawn(ORDER + call, "s>k", "k>e"), order=3)
        (waiting,) = case.execution.snapshot().calls
        assert case.execution.data(waiting.scope)["n"] == 3
        assert seen(case.end_call(m=9), "order") == [9]

    def test_a_sub_process_takes_into_its_own_data_and_gives_from_it(self, play: Play) -> None:
        inside = '<dataObject id="I" name="inner"/><startEvent id="us"/>' + script(
            "x", "out = inner"
        )
        ties = takes("R1", "I") + '<dataObject id="O" name="out"/>' + gives("O", "R1")
        line = '<sequenceFlow id="u1" sourceRef="us" targetRef="x"/>'
        other = '<dataObject id="D2" name="mirror"/>'
        process = drawn(
            ORDER + other + f'<subProcess id="u">{ties}{inside}{line}</subProcess>', "s>u", "u>e"
        )
        assert seen(play(process, order=3), "order", "inner", "out") == [3, "nothing", "nothing"]


class TestRounds:
    LISTS = (
        '<dataObject id="L" name="units" isCollection="true"/>'
        '<dataObject id="K" name="answers" isCollection="true"/>'
    )
    LOOP = (
        "<multiInstanceLoopCharacteristics><loopDataInputRef>i_all</loopDataInputRef>"
        "<loopDataOutputRef>o_all</loopDataOutputRef>"
        '<inputDataItem id="one" name="unit"/><outputDataItem id="said" name="answer"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    INSIDE = io(inputs="all", outputs="all") + takes("L", "i_all") + gives("o_all", "K") + LOOP

    def test_a_list_goes_in_and_the_list_of_answers_comes_out(self, play: Play) -> None:
        process = drawn(self.LISTS + f'<userTask id="a">{self.INSIDE}</userTask>', "s>a", "a>e")
        case = play(process, units=["x", "y"])
        assert [item.item for item in case.execution.snapshot().items] == ["x", "y"]
        assert case.do("a", answer=1).do("a", answer=2).ended
        assert seen(case, "answers", "units") == [[1, 2], ["x", "y"]]

    def test_scripts_answer_by_name(self, play: Play) -> None:
        process = drawn(self.LISTS + script("x", "answer = unit", self.INSIDE), "s>x", "x>e")
        case = play(process, units=["x", "y"])
        assert case.ended
        assert seen(case, "answers", "answer") == [["x", "y"], "nothing"]


class TestEvents:
    def test_what_came_fills_the_outputs_of_a_catching_event(self, play: Play) -> None:
        catch = (
            '<intermediateCatchEvent id="c"><dataOutput id="o" name="sum"/>'
            + gives("o", "R1")
            + '<messageEventDefinition messageRef="m"/></intermediateCatchEvent>'
        )
        case = play(drawn(ORDER + catch, "s>c", "c>e"))
        assert seen(case.hear("c", sum=12, other=1), "order") == [12]

    def test_a_throwing_event_sends_its_inputs(self) -> None:
        throw = (
            '<intermediateThrowEvent id="t"><dataInput id="i" name="sum"/>'
            + takes("R1", "i")
            + '<signalEventDefinition signalRef="m"/></intermediateThrowEvent>'
        )
        hear = '<intermediateCatchEvent id="c"><signalEventDefinition signalRef="m"/></intermediateCatchEvent>'
        case = Case(drawn(ORDER + throw + hear, "s>c", "s>t", "t>e", "c>e"), order=5)
        assert case.ended
        assert seen(case, "c") == [{"sum": 5}]

    def test_what_is_thrown_is_told_from_a_copy_under_all_names(self) -> None:
        throw = (
            '<intermediateThrowEvent id="t"><signalEventDefinition signalRef="m"/>'
            "</intermediateThrowEvent>"
        )
        process = drawn(ORDER + throw + script("x", "order = 6"), "s>t", "t>x", "x>e")
        execution = Execution.start(build(process), FakeHost(), {"order": 5})
        execution.run()
        (thrown,) = execution.drain().thrown
        assert (thrown.data["order"], thrown.data["D_1"]) == (5, 5)
        assert execution.data(0)["order"] == 6


class TestParts:
    """The content of a multi-instance sub-process is a program of its own."""

    INSIDE = (
        '<dataObject id="A" name="unit"/><dataObject id="B" name="note"/>'
        '<subProcess id="u"><dataObject id="C" name="note"/>'
        '<subProcess id="v"><dataObject id="E" name="own"/><userTask id="a"/>'
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        '<inputDataItem id="one" name="unit"/></multiInstanceLoopCharacteristics>'
        "</subProcess></subProcess>"
    )

    def test_a_name_means_what_is_nearest(self) -> None:
        program = build(drawn(self.INSIDE, "s>u", "u>e"), part="v")
        given = {"A": 1, "B": 2, "C": 3, "unit": "SZ"}
        execution = Execution.start(program, FakeHost(), given)
        data = execution.data(0)
        assert [data[name] for name in ("unit", "note", "own")] == ["SZ", 3, None]
        execution.write(0, {"note": 4, "own": 5})
        assert [data[name] for name in "ABCE"] == [1, 2, 4, 5]

    def test_what_stands_elsewhere_is_not_read_to_begin_with_it(self) -> None:
        program, asked = build(drawn(self.INSIDE, "s>u", "u>e"), part="v"), []
        host = FakeHost()
        host.shelf.fetch = lambda ref: asked.append(ref) or [7]  # type: ignore[method-assign]
        execution = Execution.start(program, host, {}, far={"C": "ref"})
        execution.run()
        assert asked == []
        execution = Execution.load(program, host, execution.dump())
        assert execution.data(0)["note"] == [7]
        assert asked == ["ref"]


@pytest.mark.parametrize("end", ["nowhere", "o_m"])
def test_an_end_that_cannot_be_seen_copies_nothing(end: str) -> None:
    other = f'<userTask id="b">{io(outputs="m")}</userTask>'
    process = drawn(ORDER + other + f'<userTask id="a">{gives(end, "R1")}</userTask>', "s>a")
    assert process.nodes["a"].gives[0].ref == end
