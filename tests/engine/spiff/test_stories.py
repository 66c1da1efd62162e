"""What each element does when it runs, told through the door in the fence."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.errors import Broken, Conflict, Invalid
from tests.engine.spiff.drawing import Case, Play, draw


class TestStepsInARow:
    def test_a_person_acts_and_the_process_ends(self, play: Play) -> None:
        case = play(draw("s:start a:user e:end", "s>a a>e"))
        assert case.open() == ["a"]
        case.do("a", outcome="pass")
        assert case.ended
        assert case.path == ["s", "s>a", "a", "a>e", "e"]
        assert case.execution.data(0) == {"a": {"outcome": "pass"}}

    def test_a_step_is_done_once(self, play: Play) -> None:
        case = play(draw("s:start a:user e:end", "s>a a>e"))
        token = case.execution.snapshot().items[0].token
        case.do("a")
        with pytest.raises(Conflict) as refusal:
            case.execution.complete(token, {})
        assert refusal.value.code == "token.gone"

    def test_scripts_services_and_rules_write_their_answers(self, play: Play) -> None:
        process = draw(
            "s:start x:script y:service z:rule a:manual e:end",
            "s>x x>y y>z z>a a>e",
            x={"script": 'unit = "SZ"\nagain = unit'},
        )
        case = play(process)
        data = case.execution.data(0)
        assert (data["unit"], data["z"], case.host.done) == ("SZ", None, ["y"])
        assert case.open() == ["a"]

    def test_a_process_without_an_end_event_ends_when_no_token_is_left(self) -> None:
        case = Case(draw("s:start a:user", "s>a"))
        assert case.do("a").ended

    def test_drawn_ids_may_be_the_engines_own_names(self) -> None:
        case = Case(draw("Start:start End:user Root:user e:end", "Start>End End>Root Root>e"))
        assert case.do("End").do("Root").ended

    def test_a_long_row_of_steps_is_no_deeper_than_a_short_one(self) -> None:
        names = [f"x{n}" for n in range(1500)]
        nodes = " ".join(f"{name}:service" for name in names)
        flows = " ".join(f"{a}>{b}" for a, b in pairwise(names))
        case = Case(draw(f"s:start {nodes} e:end", f"s>x0 {flows} x1499>e"))
        assert case.ended
        assert len(case.host.done) == 1500


class TestGateways:
    def test_the_first_true_branch_is_taken_and_its_values_told(self) -> None:
        process = draw(
            "s:start a:user g:xor b:user c:user e:end",
            's>a a>g g>b[a.outcome == "pass"] g>c* b>e c>e',
        )
        case = Case(process)
        case.execution.complete(case.execution.snapshot().items[0].token, {"outcome": "pass"})
        case.execution.run()
        taken = case.execution.drain().taken
        assert [(t.element, t.flows, t.values) for t in taken] == [
            ("g", ("g>b",), {"a.outcome": "pass"})
        ]
        assert case.open() == ["b"]

    def test_the_default_branch_is_taken_when_none_holds(self, play: Play) -> None:
        process = draw("s:start g:xor b:user c:user", "s>g g>b[x == 1] g>c*")
        assert play(process, x=2).open() == ["c"]

    def test_without_a_default_the_token_stops_and_goes_on_when_mended(self, play: Play) -> None:
        case = play(draw("s:start g:xor b:user", "s>g g>b[x == 1]"))
        stopped = case.execution.snapshot().stopped
        assert [(s.element, s.code) for s in stopped] == [("g", "gateway.no_branch")]
        case.execution.write(0, {"x": 1})
        assert case.retry("g").open() == ["b"]

    def test_a_parallel_gateway_waits_for_every_branch(self, play: Play) -> None:
        process = draw("s:start f:and a:user b:user j:and e:end", "s>f f>a f>b a>j b>j j>e")
        case = play(process)
        assert case.do("b").open() == ["a"]
        assert not case.ended
        assert case.do("a").ended

    def test_branches_write_in_the_order_of_events(self, play: Play) -> None:
        process = draw(
            "s:start f:and a:user b:user x:script j:and e:end",
            "s>f f>a f>b a>x x>j b>j j>e",
            x={"script": "seen = b.outcome"},
        )
        case = play(process)
        case.do("b", outcome="first").do("a", outcome="second")
        assert case.execution.data(0)["seen"] == "first"

    def test_a_second_token_on_one_flow_waits_for_the_next_round(self, play: Play) -> None:
        process = draw(
            "s:start f:and a:user b:user c:user m:xor j:and d:user",
            "s>f f>a f>b f>c a>m b>m m>j c>j j>d",
        )
        case = play(process)
        case.do("a").do("b").do("c")
        assert case.open() == ["d"]
        case.do("d")
        stopped = case.execution.snapshot().stopped
        assert [(s.element, s.code) for s in stopped] == [("j", "gateway.starved")]
        assert case.retry("j").stopped() == ["j"]

    def test_two_stages_of_split_and_plain_merge_run_four_times(self) -> None:
        process = draw(
            "s:start f:and m:xor f2:and m2:xor x:service",
            "s>f f>m f>m2 m>f2 f2>m2 m2>x",
        )
        assert Case(process).host.done == ["x", "x"]


class TestFailures:
    def test_a_failing_operation_stops_its_token_only(self, play: Play) -> None:
        process = draw("s:start f:and x:service b:user j:and e:end", "s>f f>x f>b x>j b>j j>e")
        case = play(process, failing="x")
        assert (case.stopped(), case.open()) == (["x"], ["b"])
        case.do("b")
        case.retry("x")
        assert case.stopped() == ["x"]
        case.host.failing.clear()
        assert case.retry("x").ended

    def test_tokens_that_multiply_without_end_are_cut(self) -> None:
        ways = [f"x{n}" for n in range(9)]
        nodes = " ".join(f"{way}:xor" for way in ways)
        flows = " ".join(f"f>{way} {way}>m" for way in ways)
        with pytest.raises(Broken) as refusal:
            Case(draw(f"s:start m:xor f:and {nodes}", f"s>m m>f {flows}"))
        assert refusal.value.code == "instance.too_many_tokens"

    def test_what_is_no_plain_data_is_refused(self) -> None:
        case = Case(draw("s:start a:user", "s>a"))
        for value, code in ((object(), "data.not_plain"), ("x" * 70_000, "data.too_large")):
            with pytest.raises(Invalid) as refusal:
                case.execution.write(0, {"x": value})
            assert refusal.value.code == code

    def test_an_endless_loop_is_cut(self) -> None:
        with pytest.raises(Broken) as refusal:
            Case(draw("s:start m:xor x:service", "s>m m>x x>m"))
        assert refusal.value.code == "instance.runaway"
