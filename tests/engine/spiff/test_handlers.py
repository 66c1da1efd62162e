"""Errors and escalations on their way out, and event sub-processes of every kind of start."""

from __future__ import annotations

import pytest

from engine.bpmn.model import MultiInstance
from tests.engine.spiff.drawing import Case, Play, draw


class TestErrors:
    def test_an_error_end_is_caught_on_its_sub_process(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@e1:stop~error=E1 u@all:stop~error u/is:start u/f:and u/a:user u/b:user "
            "u/bad:end~error=E1 u/worse:end~error=E2 x:user y:user",
            "s>u is>f f>a f>b a>bad b>worse e1>x all>y",
        )
        case = play(process).do("a")
        assert case.open() == ["x"]
        assert case.execution.data(0)["e1"] == {"code": "E1"}
        assert play(process).do("b").open() == ["y"]

    def test_it_stops_the_branch_that_throws_it_too(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@e:stop~error=E1 u/is:start u/v:sub v/vs:start v/bad:end~error=E1 "
            "u/after:service x:user",
            "s>u is>v vs>bad v>after e>x",
        )
        case = play(process)
        assert (case.open(), case.host.done) == (["x"], [])

    def test_nothing_catches_it_and_the_instance_ends(self, play: Play) -> None:
        process = draw(
            "s:start f:and a:user b:user k:call bad:end~error=E1", "s>f f>a f>b f>k b>bad"
        )
        case = play(process).do("b")
        assert (case.ended, case.thrown) == (True, [("error", "E1")])
        assert (case.open(), case.calls()) == ([], [])

    def test_an_operation_may_raise_one(self, play: Play) -> None:
        process = draw("s:start x:service x@e:stop~error=E1 a:user b:user", "s>x x>a e>b")
        assert play(process, throwing={"x": "E1"}).open() == ["b"]
        other = play(process, throwing={"x": "E2"})
        assert (other.ended, other.thrown) == (True, [("error", "E2")])

    def test_any_other_failure_is_an_incident(self, play: Play) -> None:
        process = draw("s:start x:service x@e:stop~error a:user b:user", "s>x x>a e>b")
        assert play(process, failing="x").stopped() == ["x"]

    def test_it_stops_all_rounds_of_what_is_repeated(self, play: Play) -> None:
        process = draw(
            "s:start x:service x@e:stop~error=E1 b:user",
            "s>x e>b",
            x={"multi": MultiInstance(cardinality="3")},
        )
        assert play(process, throwing={"x": "E1"}).open() == ["b"]

    def test_a_called_part_may_fail(self, play: Play) -> None:
        process = draw("s:start k:call k@e:stop~error=E1 a:user b:user", "s>k k>a e>b")
        assert play(process).fail_call("error", "E1").open() == ["b"]
        assert play(process).fail_call("error", "E2").thrown == [("error", "E2")]

    def test_one_of_many_parts_fails_them_all(self, play: Play) -> None:
        process = draw("s:start k:many k@e:stop~error b:user", "s>k e>b")
        case = play(process, items=["SZ", "CG"]).fail_call("error", "E1", 1)
        assert (case.calls(), case.open()) == ([], ["b"])


class TestEscalations:
    def test_one_that_does_not_interrupt_lets_both_go_on(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@e:remind~escalation=late u/is:start u/x:throw~escalation=late u/a:user "
            "b:user",
            "s>u is>x x>a e>b",
        )
        assert sorted(play(process).open()) == ["a", "b"]

    def test_one_that_interrupts_stops_the_thrower(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@e:stop~escalation u/is:start u/x:throw~escalation=late u/a:user b:user",
            "s>u is>x x>a e>b",
        )
        assert play(process).open() == ["b"]

    def test_nothing_catches_it_and_all_goes_on(self, play: Play) -> None:
        case = play(draw("s:start x:throw~escalation=late e:end~escalation=end", "s>x x>e"))
        assert case.ended
        assert case.thrown == [("escalation", "late"), ("escalation", "end")]

    def test_a_called_part_escalates_and_goes_on(self, play: Play) -> None:
        process = draw("s:start k:call k@e:remind~escalation=late a:user b:user", "s>k k>a e>b")
        case = play(process).fail_call("escalation", "late")
        assert (case.open(), len(case.calls())) == (["b"], 1)
        assert case.fail_call("escalation", "late").open() == ["b", "b"]
        assert case.end_call().open() == ["b", "b", "a"]


HANDLED = "s:start a:user e:end h:handler h/hs:{start} h/x:user h/he:end"
FLOWS = "s>a a>e hs>x x>he"


class TestHandlers:
    @pytest.mark.parametrize("start", ["start~message=m", "start~signal=m"])
    def test_an_interrupting_one_takes_the_place_of_its_scope(self, play: Play, start: str) -> None:
        case = play(draw(HANDLED.format(start=start), FLOWS))
        event = case.execution.snapshot().events[0]
        assert (event.element, event.interrupting, event.activity) == ("hs", True, None)
        case.hear("hs", why="fire")
        assert (case.open(), case.heard()) == (["x"], [])
        scope = case.execution.snapshot().items[0].scope
        assert case.execution.data(scope)["hs"] == {"why": "fire"}
        assert case.do("x").ended

    def test_one_beside_runs_as_often_as_it_is_called(self, play: Play) -> None:
        case = play(draw(HANDLED.format(start="beside~message=m"), FLOWS))
        case.hear("hs", n=1).hear("hs", n=2)
        assert case.open() == ["a", "x", "x"]
        scopes = [item.scope for item in case.execution.snapshot().items[1:]]
        assert [case.execution.data(scope)["hs"] for scope in scopes] == [{"n": 1}, {"n": 2}]
        case.do("a")
        assert (case.ended, case.heard()) == (False, ["hs"])
        assert case.do("x").do("x").ended

    def test_it_ends_with_its_scope(self, play: Play) -> None:
        case = play(draw(HANDLED.format(start="start~timer=PT1H"), FLOWS))
        assert case.timers() == ["hs"]
        case.do("a")
        assert (case.ended, case.timers()) == (True, [])

    def test_a_timer_that_interrupts(self, play: Play) -> None:
        case = play(draw(HANDLED.format(start="start~timer=PT1H"), FLOWS)).fire("hs")
        assert (case.open(), case.timers()) == (["x"], [])

    def test_a_cycle_beside_counts(self, play: Play) -> None:
        case = play(draw(HANDLED.format(start="beside~timer=R/PT1H"), FLOWS))
        case.fire("hs").fire("hs")
        assert [timer.fired for timer in case.execution.snapshot().timers] == [2]
        assert case.open() == ["a", "x", "x"]

    def test_a_duration_beside_comes_once(self, play: Play) -> None:
        case = play(draw(HANDLED.format(start="beside~timer=PT1H"), FLOWS)).fire("hs")
        assert (case.timers(), case.open()) == ([], ["a", "x"])

    def test_a_condition_starts_one(self, play: Play) -> None:
        case = play(draw(HANDLED.format(start="start~condition=hot"), FLOWS))
        assert case.write(hot=True).open() == ["x"]

    def test_an_error_start_is_no_plain_start(self, play: Play) -> None:
        process = draw(
            "s:start a:user bad:end~error=E1 h:handler h/hs:start~error=E1 h/x:user",
            "s>a a>bad hs>x",
        )
        case = play(process)
        assert case.open() == ["a"]
        assert (case.do("a").open(), case.thrown) == (["x"], [])
        assert case.do("x").ended

    def test_an_escalation_beside_lets_the_thrower_go_on(self, play: Play) -> None:
        process = draw(
            "s:start t:throw~escalation=up a:user h:handler h/hs:beside~escalation=up h/x:user "
            "h/again:end~escalation=up",
            "s>t t>a hs>x x>again",
        )
        case = play(process)
        assert sorted(case.open()) == ["a", "x"]
        case.do("x")
        assert (case.open(), case.thrown) == (["a"], [("escalation", "up")])

    def test_one_inside_a_sub_process_touches_that_alone(self, play: Play) -> None:
        process = draw(
            "s:start f:and b:user u:sub u/is:start u/a:user u/h:handler h/hs:start~signal=go h/x:user "
            "c:user",
            "s>f f>b f>u is>a hs>x u>c",
        )
        case = play(process).hear("hs")
        assert sorted(case.open()) == ["b", "x"]
        assert sorted(case.do("x").open()) == ["b", "c"]

    def test_they_nest(self, play: Play) -> None:
        process = draw(
            "s:start a:user h:handler h/hs:beside~message=m h/x:user h/k:handler k/ks:start~message=n "
            "k/y:user",
            "s>a hs>x ks>y",
        )
        case = play(process)
        assert case.heard() == ["hs"]
        case.hear("hs").hear("ks")
        assert case.open() == ["a", "y"]
        assert case.do("y").do("a").ended

    def test_its_own_scope_opens_and_closes_round_after_round(self) -> None:
        case = Case(draw(HANDLED.format(start="beside~message=m"), FLOWS))
        sizes = []
        for _round in range(50):
            case.hear("hs", n=1).do("x")
            sizes.append(len(case.execution.dump()))
        assert max(sizes) - min(sizes) <= 8  # the digits of token numbers and of the count
