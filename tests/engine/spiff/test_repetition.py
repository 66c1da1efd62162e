"""Flows that split and merge by themselves, inclusive gateways, multi-instance activities, loops."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.model import Loop, MultiInstance
from engine.bpmn.reach import arrivals_from
from engine.spiff.build import build
from engine.spiff.execution import Execution
from tests.engine.spiff.drawing import Case, FakeHost, Play, draw


def many(**how: Any) -> dict[str, Any]:
    return {"multi": MultiInstance(**{"collection": "items", **how})}


class TestFlows:
    def test_several_flows_leaving_a_task_are_taken_at_once(self, play: Play) -> None:
        case = play(draw("s:start a:user b:user c:user", "s>a a>b a>c"))
        assert case.do("a").open() == ["b", "c"]
        assert case.do("b").do("c").ended

    def test_several_flows_entering_a_task_come_in_one_by_one(self, play: Play) -> None:
        case = play(draw("s:start a:user b:user c:user", "s>a s>b a>c b>c"))
        assert case.do("a").do("b").open() == ["c", "c"]
        assert case.do("c").do("c").ended

    PATHS = draw(
        "s:start a:user b:user c:user d:user e:user",
        "s>a a>b[x == 1] a>c[y == 1] a>d* a>e",
    )

    @pytest.mark.parametrize(
        ("data", "open_"),
        [
            ({"x": 1, "y": 1}, ["b", "c", "e"]),
            ({"x": 1}, ["b", "e"]),
            ({}, ["d", "e"]),
        ],
    )
    def test_conditions_on_flows_that_leave_a_task(
        self, play: Play, data: dict[str, int], open_: list[str]
    ) -> None:
        assert play(self.PATHS, **data).do("a").open() == open_

    def test_the_default_is_for_when_no_condition_holds(self, play: Play) -> None:
        process = draw("s:start a:user b:user d:user", "s>a a>b[x == 1] a>d*")
        assert play(process).do("a").open() == ["d"]
        assert play(process, x=1).do("a").open() == ["b"]

    def test_the_choice_and_what_it_read_are_told(self) -> None:
        case = Case(draw("s:start a:user b:user d:user", "s>a a>b[a.x == 1] a>d*"))
        case.execution.complete(case.execution.snapshot().items[0].token, {"x": 1})
        case.execution.run()
        taken = case.execution.drain().taken
        assert [(t.element, t.flows, t.values) for t in taken] == [("a", ("a>b",), {"a.x": 1})]

    def test_no_way_out_stops_the_token_and_the_work_is_not_done_twice(self, play: Play) -> None:
        case = play(draw("s:start a:service b:user", "s>a a>b[x == 1]"))
        stopped = case.execution.snapshot().stopped
        assert [(s.element, s.code) for s in stopped] == [("a", "flow.none_holds")]
        assert case.retry("a").stopped() == ["a"]
        case.execution.write(0, {"x": 1})
        assert case.retry("a").open() == ["b"]
        assert case.host.done == ["a"]

    def test_a_step_that_was_done_is_not_open_while_its_way_out_fails(self, play: Play) -> None:
        case = play(draw("s:start a:user k:call b:user", "s>a a>k[x == 1] k>b[y == 1]"))
        case.do("a")
        assert (case.open(), case.stopped()) == ([], ["a"])
        case.execution.write(0, {"x": 1})
        case.retry("a").end_call()
        assert (case.calls(), case.stopped()) == ([], ["k"])
        case.execution.write(0, {"y": 1})
        assert case.retry("k").open() == ["b"]

    def test_a_sub_process_may_fail_to_find_its_way_out(self, play: Play) -> None:
        process = draw("s:start u:sub u@t:stop u/is:start u/a:user b:user", "s>u is>a u>b[x == 1]")
        case = play(process).do("a")
        assert case.stopped() == ["u"]
        case.fire("t")
        assert case.ended


class TestInclusive:
    SPLIT = draw(
        "s:start g:any a:user b:user c:user j:any e:user",
        "s>g g>a[x == 1] g>b[y == 1] g>c* a>j b>j c>j j>e",
    )

    @pytest.mark.parametrize(
        ("data", "open_"),
        [({"x": 1, "y": 1}, ["a", "b"]), ({"x": 1}, ["a"]), ({}, ["c"])],
    )
    def test_every_true_branch_is_taken_and_waited_for(
        self, play: Play, data: dict[str, int], open_: list[str]
    ) -> None:
        case = play(self.SPLIT, **data)
        assert case.open() == open_
        for name in open_:
            assert case.open() != ["e"]
            case.do(name)
        assert case.open() == ["e"]
        assert case.do("e").ended

    def test_without_a_true_branch_it_stops(self, play: Play) -> None:
        case = play(draw("s:start g:any a:user", "s>g g>a[x == 1]"))
        assert [s.code for s in case.execution.snapshot().stopped] == ["flow.none_holds"]
        case.execution.write(0, {"x": 1})
        assert case.retry("g").open() == ["a"]

    def test_the_join_goes_on_when_a_branch_ends_elsewhere(self, play: Play) -> None:
        process = draw(
            "s:start g:any a:user b:user x:xor z:end j:any e:user",
            "s>g g>a g>b a>j b>x x>z[b.quit == 1] x>j* j>e",
        )
        assert play(process).do("a").do("b", quit=1).open() == ["e"]
        assert play(process).do("a").do("b").open() == ["e"]

    def test_the_join_goes_on_when_a_branch_is_interrupted(self, play: Play) -> None:
        process = draw(
            "s:start g:any a:user b:user b@t:stop z:user j:any e:user",
            "s>g g>a g>b a>j b>j t>z j>e",
        )
        case = play(process).do("a")
        assert case.open() == ["b"]
        assert sorted(case.fire("t").open()) == ["e", "z"]

    def test_an_armed_timer_is_no_token(self, play: Play) -> None:
        process = draw(
            "s:start g:any a:user b:user b@t:remind n:user j:any e:user",
            "s>g g>a g>b a>j b>j t>n n>j j>e",
        )
        assert play(process).do("a").do("b").open() == ["e"]
        case = play(process).do("a").fire("t").do("b")
        assert case.open() == ["n"]
        assert case.do("n").open() == ["e"]

    def test_a_loop_behind_the_join_is_not_waited_for(self, play: Play) -> None:
        process = draw(
            "s:start m:xor g:any a:user b:user j:any c:user x:xor e:end",
            's>m m>g g>a g>b a>j b>j j>c c>x x>m[c.outcome == "again"] x>e*',
        )
        case = play(process)
        for round_ in range(3):
            case.do("b")
            assert case.open() == ["a"]
            case.do("a").do("c", outcome="again" if round_ < 2 else "ok")
        assert case.ended

    def test_a_loop_before_the_join_is_waited_for(self, play: Play) -> None:
        process = draw(
            "s:start g:any a:user m:xor b:user x:xor j:any e:user",
            's>g g>a g>m m>b b>x x>m[b.outcome == "again"] x>j* a>j j>e',
        )
        case = play(process).do("a").do("b", outcome="again")
        assert case.open() == ["b"]
        assert case.do("b").open() == ["e"]

    def test_it_joins_inside_a_sub_process_whatever_happens_outside(self, play: Play) -> None:
        process = draw(
            "s:start f:and o:user u:sub u/is:start u/g:any u/a:user u/b:user u/j:any u/c:user e:end",
            "s>f f>o f>u is>g g>a g>b a>j b>j j>c u>e",
        )
        case = play(process).do("a")
        assert case.open() == ["o", "b"]
        assert case.do("b").open() == ["o", "c"]

    def test_tokens_that_come_twice_by_one_flow_are_joined_twice(self, play: Play) -> None:
        process = draw(
            "s:start f:and a:user b:user c:user m:xor j:any d:user",
            "s>f f>a f>b f>c a>m b>m m>j c>j j>d",
        )
        case = play(process).do("a").do("c")
        assert case.open() == ["b", "d"]
        assert case.do("b").open() == ["d", "d"]

    def test_two_joins_that_wait_for_each_other_are_told(self, play: Play) -> None:
        process = draw(
            "s:start f:and a:user b:user j:any k:any x:xor y:xor z:end",
            "s>f f>a f>b a>j b>k j>x k>y x>k[q == 1] x>z* y>j[q == 1] y>z*",
        )
        case = play(process).do("a").do("b")
        assert case.stopped() == ["j", "k"]

    def test_reach_follows_the_drawing_around_the_gateway(self) -> None:
        process = draw(
            "s:start g:any a:user a@t:stop j:any c:user",
            "s>g g>a g>j a>j t>j j>c c>g",
        )
        reach = arrivals_from(process, "j")
        assert reach["s"] == reach["g"] == {"g>j", "a>j", "t>j"}
        assert reach["a"] == {"a>j", "t>j"}
        assert reach["t"] == {"t>j"}
        assert reach["c"] == {"g>j", "a>j", "t>j"}
        assert "j" not in reach


def items_of(case: Case) -> list[tuple[Any, Any]]:
    return [(item.index, item.item) for item in case.execution.snapshot().items]


class TestManyTasks:
    def test_one_item_each_and_each_sees_its_own(self, play: Play) -> None:
        case = play(draw("s:start a:user e:user", "s>a a>e", a=many()), items=["SZ", "CG"], x=1)
        assert items_of(case) == [(0, "SZ"), (1, "CG")]
        second = case.execution.snapshot().items[1]
        seen = case.execution.data(second.scope)
        assert (seen["item"], seen["index"], seen["x"], seen["a"]) == ("CG", 1, 1, None)
        case.execution.complete(second.token, {"outcome": "no"})
        case.do("a", outcome="yes")
        assert case.open() == ["e"]
        assert case.execution.data(0)["a"] == {"results": [{"outcome": "yes"}, {"outcome": "no"}]}

    def test_each_is_an_activity_of_its_own(self, play: Play) -> None:
        process = draw("s:start u:sub u/is:start u/a:user", "s>u is>a", a=many())
        case = play(process, items=["SZ", "CG"])
        snapshot = case.execution.snapshot()
        outer, *rounds = snapshot.activities
        assert [(r.scope, r.index) for r in rounds] == [(outer.inner, 0), (outer.inner, 1)]
        assert [r.inner for r in rounds] == [item.scope for item in snapshot.items]

    def test_one_after_the_other(self, play: Play) -> None:
        process = draw("s:start a:user e:user", "s>a a>e", a=many(sequential=True))
        case = play(process, items=["SZ", "CG", "HB"])
        for index, unit in enumerate(["SZ", "CG", "HB"]):
            assert items_of(case) == [(index, unit)]
            case.do("a", n=index)
        assert case.open() == ["e"]
        assert case.execution.data(0)["a"]["results"] == [{"n": 0}, {"n": 1}, {"n": 2}]

    @pytest.mark.parametrize("sequential", [False, True])
    def test_enough_is_enough(self, play: Play, *, sequential: bool) -> None:
        how = many(sequential=sequential, completion='a.outcome == "no"')
        case = play(draw("s:start a:user e:user", "s>a a>e", a=how), items=["x", "y", "z"])
        case.do("a", outcome="yes")
        assert case.open() != ["e"]
        case.do("a", outcome="no")
        assert case.open() == ["e"]
        results = case.execution.data(0)["a"]["results"]
        assert results == [{"outcome": "yes"}, {"outcome": "no"}, None]

    def test_the_condition_may_count(self, play: Play) -> None:
        how = many(completion="numberOfCompletedInstances == 2")
        case = play(draw("s:start a:user e:user", "s>a a>e", a=how), items=["x", "y", "z"])
        assert case.do("a").do("a").open() == ["e"]

    def test_a_condition_that_fails_stops_the_activity_only(self, play: Play) -> None:
        how = many(completion="broken")
        case = play(
            draw("s:start a:user e:user", "s>a a>e", a=how), failing="broken", items=["x", "y"]
        )
        case.do("a")
        assert (case.open(), case.stopped()) == (["a"], ["a"])
        case.host.failing.clear()
        assert case.retry("a").stopped() == []
        assert case.do("a").open() == ["e"]

    def test_nobody_is_done_at_once_and_a_number_counts_from_nought(self, play: Play) -> None:
        process = draw("s:start a:user e:user", "s>a a>e", a=many())
        assert play(process, items=[]).open() == ["e"]
        how = {"multi": MultiInstance(cardinality="2")}
        assert items_of(play(draw("s:start a:manual", "s>a", a=how))) == [(0, 0), (1, 1)]

    def test_too_many_are_refused(self, play: Play) -> None:
        case = play(draw("s:start a:user", "s>a", a=many()), items=list(range(101)))
        assert [s.code for s in case.execution.snapshot().stopped] == ["activity.too_many"]

    def test_each_round_of_an_outer_loop_begins_anew(self, play: Play) -> None:
        process = draw(
            "s:start m:xor a:user c:user g:xor e:end",
            's>m m>a a>c c>g g>m[c.outcome == "again"] g>e*',
            a=many(),
        )
        case = play(process, items=["x", "y"])
        for round_ in range(3):
            assert case.execution.data(0)["a"] == {"results": []}
            case.do("a", n=round_).do("a", n=round_)
            case.do("c", outcome="again" if round_ < 2 else "ok")
        assert case.ended

    def test_scripts_services_and_rules_of_many(self, play: Play) -> None:
        process = draw(
            "s:start x:script y:service z:rule e:user",
            "s>x x>y y>z z>e",
            x={**many(sequential=True), "script": "mine = item\nlast = item"},
            y=many(),
            z=many(variable="unit"),
        )
        case = play(process, items=["SZ", "CG"], last="")
        data = case.execution.data(0)
        assert data["x"]["results"] == [{"mine": "SZ"}, {"mine": "CG"}]
        assert ("mine" in data, data["last"]) == (False, "CG")
        assert case.host.done == ["y", "y"]
        assert data["z"]["results"] == [None, None]

    def test_what_fails_for_one_does_not_hinder_the_others(self, play: Play) -> None:
        process = draw("s:start y:service e:user", "s>y y>e", y=many())
        case = play(process, failing="y", items=["SZ", "CG"])
        assert case.stopped() == ["y", "y"]
        case.host.failing.clear()
        assert case.retry("y").stopped() == ["y"]
        assert case.retry("y").open() == ["e"]

    def test_a_timer_takes_all_of_them_away(self, play: Play) -> None:
        process = draw("s:start a:user a@t:stop b:user e:end", "s>a a>e t>b b>e", a=many())
        case = play(process, items=["SZ", "CG"]).do("a")
        case.execution.drain()
        case.execution.fire(case.execution.snapshot().timers[0].token)
        assert len(case.execution.drain().cancelled) == 1  # the round still open
        case.execution.run()
        assert case.open() == ["b"]
        assert case.do("b").ended

    def test_the_path_names_it_once(self, play: Play) -> None:
        case = play(draw("s:start a:user e:end", "s>a a>e", a=many()), items=["SZ", "CG"])
        assert case.do("a").do("a").path == ["s", "s>a", "a", "a>e", "e"]

    def test_cancelling_leaves_no_scope_behind(self, play: Play) -> None:
        process = draw("s:start u:sub u@t:stop u/is:start u/a:user e:end", "s>u is>a t>e", a=many())
        case = play(process, items=["SZ", "CG"])
        assert case.fire("t").ended
        assert case.execution.dump() == Case(process, items=["SZ", "CG"]).fire("t").execution.dump()


class TestManyOutside:
    def test_calls_one_after_the_other(self, play: Play) -> None:
        how = {**many(sequential=True), "called": "p"}
        case = play(draw("s:start k:call e:user", "s>k k>e", k=how), items=["SZ", "CG"])
        assert case.calls() == ["SZ"]
        assert case.end_call(n=1).calls() == ["CG"]
        assert case.end_call(n=2).open() == ["e"]
        assert case.execution.data(0)["k"]["results"] == [{"n": 1}, {"n": 2}]

    def test_calls_until_it_is_enough(self, play: Play) -> None:
        how = many(completion="k.n == 2")
        case = play(draw("s:start k:call e:user", "s>k k>e", k=how), items=["a", "b", "c"])
        assert case.end_call(2, n=1).calls() == ["a", "b"]
        assert case.end_call(0, n=2).open() == ["e"]
        assert case.calls() == []
        assert case.execution.data(0)["k"]["results"] == [{"n": 2}, None, {"n": 1}]

    SUB = draw(
        "s:start u:sub u@t:stop u/is:start u/a:user u/v:sub v/vs:start v/b:user e:user z:user",
        "s>u u>e t>z is>a a>v vs>b",
        u=many(),
    )

    def test_the_children_of_a_sub_process_are_instances(self, play: Play) -> None:
        case = play(self.SUB, items=["SZ", "CG"])
        assert (case.calls(), case.open(), case.timers()) == (["SZ", "CG"], [], ["t"])
        assert case.end_call(n=1).end_call(n=2).open() == ["e"]
        assert play(self.SUB, items=["SZ", "CG"]).end_call().fire("t").open() == ["z"]

    def test_a_child_runs_the_content_alone(self) -> None:
        program = build(self.SUB, part="u")
        case = Case(self.SUB)
        case.program = program
        case.execution = Execution.start(program, FakeHost(), {"item": "SZ", "index": 0})
        case._go()
        assert case.open() == ["a"]
        case.store_and_load()
        assert case.do("a").open() == ["b"]
        assert case.do("b").ended


class TestLoops:
    def test_again_while_the_condition_holds(self, play: Play) -> None:
        how = {"loop": Loop(condition='a.outcome == "again"')}
        case = play(draw("s:start a:user e:user", "s>a a>e", a=how))
        for _round in range(4):
            assert case.do("a", outcome="again").open() == ["a"]
        assert case.do("a", outcome="ok").open() == ["e"]
        assert case.execution.data(0)["a"] == {"outcome": "ok"}

    def test_asked_before_the_first_round_it_may_not_run_at_all(self, play: Play) -> None:
        how = {"loop": Loop(test_before=True, condition="x == 1")}
        process = draw("s:start y:service e:user", "s>y y>e", y=how)
        assert play(process).open() == ["e"]

    @pytest.mark.parametrize("before", [False, True])
    def test_at_most_so_often(self, play: Play, *, before: bool) -> None:
        how = {"loop": Loop(test_before=before, maximum="3")}
        case = play(draw("s:start y:service e:user", "s>y y>e", y=how))
        assert (case.host.done, case.open()) == (["y", "y", "y"], ["e"])

    def test_the_rounds_are_counted(self, play: Play) -> None:
        how = {"loop": Loop(condition="more"), "script": "more = seen"}
        process = draw("s:start x:script e:user", "s>x x>e", x=how)
        assert play(process, seen=0).open() == ["e"]
        how = {"loop": Loop(test_before=True, condition="index == 0")}
        assert play(draw("s:start y:service", "s>y", y=how)).host.done == ["y"]

    def test_a_sub_process_again_and_again(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@t:stop u/is:start u/a:user e:user z:user",
            "s>u u>e t>z is>a",
            u={"loop": Loop(condition="go == 1"), "properties": {"out": "go = a.go"}},
        )
        case = play(process).do("a", go=1).do("a", go=1)
        assert (case.open(), case.timers()) == (["a"], ["t"])
        assert play(process).do("a", go=1).do("a", go=0).open() == ["e"]
        assert case.fire("t").open() == ["z"]

    def test_a_call_again(self, play: Play) -> None:
        how = {"loop": Loop(maximum="2"), "called": "p"}
        case = play(draw("s:start k:call e:user", "s>k k>e", k=how))
        assert case.end_call().open() == []
        assert case.end_call().open() == ["e"]

    def test_a_thousand_rounds_leave_nothing_behind(self) -> None:
        how = {"loop": Loop(condition="a.go == 1")}
        case = Case(draw("s:start a:user e:end", "s>a a>e", a=how))
        sizes = set()
        for _round in range(1_000):
            case.do("a", go=1)
            sizes.add(len(case.execution.dump()))
        assert max(sizes) - min(sizes) <= 9  # more digits in the token numbers


@pytest.mark.nightly
def test_a_hundred_thousand_rounds_of_a_loop_drawn_with_gateways() -> None:
    process = draw("s:start m:xor a:user g:xor e:end", "s>m m>a a>g g>m* g>e[a.stop == 1]")
    case = Case(process)
    for _round in range(100_000):
        case.do("a")
        case.path.clear()
    assert len(case.execution.dump()) < 100
    assert case.do("a", stop=1).ended
