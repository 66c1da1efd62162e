"""Sub-processes, calls and the timers that sit on them."""

from __future__ import annotations

import pytest

from tests.engine.spiff.drawing import Case, Play, draw


class TestTimers:
    def test_a_catching_timer_holds_its_token(self, play: Play) -> None:
        case = play(draw("s:start t:catch a:user", "s>t t>a"))
        assert (case.timers(), case.open()) == (["t"], [])
        case.fire("t")
        assert (case.timers(), case.open()) == ([], ["a"])

    def test_an_interrupting_timer_takes_the_step_away(self, play: Play) -> None:
        process = draw("s:start a:user a@t:stop b:user e:end", "s>a a>e t>b b>e")
        case = play(process)
        timer = case.execution.snapshot().timers[0]
        assert (timer.activity, timer.interrupting) == (
            case.execution.snapshot().items[0].token,
            True,
        )
        case.fire("t")
        assert (case.open(), case.timers()) == (["b"], [])
        assert case.path == ["s", "s>a", "a", "t", "t>b", "b"]
        assert case.do("b").ended

    def test_acting_in_time_disarms_it(self, play: Play) -> None:
        process = draw("s:start a:user a@t:stop a@r:cycle b:user c:user", "s>a a>c t>b r>b")
        case = play(process)
        case.do("a")
        assert (case.open(), case.timers()) == (["c"], [])

    def test_a_reminder_fires_once_beside_the_step(self, play: Play) -> None:
        process = draw("s:start a:user a@t:remind b:service e:end", "s>a a>e t>b b>e")
        case = play(process)
        case.fire("t")
        assert (case.open(), case.timers(), case.host.done) == (["a"], [], ["b"])
        assert case.do("a").ended

    def test_a_cycle_stays_armed_and_counts(self, play: Play) -> None:
        process = draw("s:start a:user a@t:cycle b:service", "s>a t>b")
        case = play(process)
        token = case.execution.snapshot().timers[0].token
        for count in (1, 2, 3):
            case.fire("t")
            timer = case.execution.snapshot().timers[0]
            assert (timer.token, timer.fired) == (token, count)
        assert case.host.done == ["b", "b", "b"]
        assert case.do("a").ended

    def test_what_a_reminder_began_outlives_the_step(self, play: Play) -> None:
        process = draw("s:start a:user a@t:cycle b:user e:end", "s>a a>e t>b")
        case = play(process)
        case.fire("t").do("a")
        assert (case.open(), case.ended) == (["b"], False)
        assert case.do("b").ended


class TestSubProcess:
    PROCESS = draw(
        "s:start u:sub u/is:start u/ia:user u/ib:script u/ie:end e:user",
        "s>u is>ia ia>ib ib>ie u>e",
        u={"properties": {"out": "result = ia.outcome; copy = seen"}},
        ib={"script": "seen = outer\nlocal = 1"},
    )

    def test_it_runs_inside_and_goes_on_outside(self, play: Play) -> None:
        case = play(self.PROCESS)
        activity = case.execution.snapshot().activities[0]
        assert (activity.element, activity.inner) == ("u", activity.token)
        assert case.execution.snapshot().items[0].scope == activity.inner
        assert case.do("ia").open() == ["e"]

    def test_its_data_are_its_own_but_for_what_it_hands_out(self, play: Play) -> None:
        case = play(self.PROCESS, outer=7)
        case.do("ia", outcome="done")
        assert case.execution.data(0) == {"outer": 7, "result": "done", "copy": 7}

    def test_an_assignment_goes_to_the_nearest_scope_that_has_the_name(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u/is:start u/x:script u/a:user",
            "s>u is>x x>a",
            x={"script": "known = 2\nnew = 3"},
        )
        case = play(process, known=1)
        scope = case.execution.snapshot().items[0].scope
        assert case.execution.data(0) == {"known": 2}
        assert dict(case.execution.data(scope)) == {"known": 2, "new": 3}

    def test_interrupting_it_closes_everything_open_inside(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@t:stop u/is:start u/f:and u/a:user u/a@r:cycle u/v:sub u/k:call "
            "v/vs:start v/c:user v/m:many b:user",
            "s>u is>f f>a f>v f>k vs>c vs>m t>b",
        )
        case = play(process, items=["SZ", "CG"])
        assert sorted(case.open()) == ["a", "c"]
        assert sorted(map(str, case.calls())) == ["CG", "None", "SZ"]
        case.fire("t")
        assert (case.open(), case.timers(), case.calls()) == (["b"], [], [])
        assert case.do("b").ended

    def test_what_was_cancelled_is_told(self) -> None:
        process = draw(
            "s:start u:sub u@t:stop u/is:start u/a:user u/k:call b:user", "s>u is>a is>k t>b"
        )
        case = Case(process)
        token = case.execution.snapshot().timers[0].token
        case.execution.fire(token)
        cancelled = [element for _token, element in case.execution.drain().cancelled]
        assert cancelled == ["a", "k", "u"]

    def test_a_loop_through_it_leaves_nothing_behind(self, play: Play) -> None:
        process = draw(
            "s:start m:xor u:sub u/is:start u/a:user g:xor e:end",
            's>m m>u is>a u>g g>m[ok == "no"] g>e*',
        )
        case = Case(process, ok="no")
        sizes = set()
        for _round in range(30):
            case.do("a")
            sizes.add(len(case.execution.dump()))
        assert max(sizes) - min(sizes) <= 6  # the digits of the token numbers

    def test_a_failing_export_stops_it_until_mended(self, play: Play) -> None:
        case = play(self.PROCESS, failing="seen")
        case.do("ia", outcome="done")
        assert case.stopped() == ["u"]
        case.host.failing.clear()
        assert case.retry("u").open() == ["e"]


class TestCalls:
    def test_a_call_waits_for_its_instance(self, play: Play) -> None:
        case = play(draw("s:start k:call e:user", "s>k k>e"))
        call = case.execution.snapshot().calls[0]
        assert (call.element, call.token) == ("k", call.activity)
        case.end_call(result="done")
        assert (case.calls(), case.open()) == ([], ["e"])
        assert case.execution.data(0) == {"result": "done"}

    def test_a_timer_can_interrupt_a_call(self, play: Play) -> None:
        case = play(draw("s:start k:call k@t:stop b:user", "s>k t>b"))
        case.fire("t")
        assert (case.calls(), case.open()) == ([], ["b"])

    @pytest.mark.parametrize("count", [1, 5])
    def test_each_item_is_a_call_and_results_stand_in_their_order(
        self, play: Play, count: int
    ) -> None:
        items = [f"D{n}" for n in range(count)]
        case = play(draw("s:start k:many e:user", "s>k k>e"), items=items)
        assert case.calls() == items
        assert [call.index for call in case.execution.snapshot().calls] == list(range(count))
        for left in range(count, 0, -1):
            case.end_call(left - 1, result=left)
        assert case.open() == ["e"]
        results = [{"result": n + 1} for n in range(count)]
        assert case.execution.data(0)["k"] == {"results": results}

    def test_nobody_to_call_goes_on_at_once(self, play: Play) -> None:
        case = play(draw("s:start k:many k@t:stop e:user", "s>k k>e t>e"), items=[])
        assert (case.open(), case.timers()) == (["e"], [])
        assert case.execution.data(0)["k"] == {"results": []}

    def test_a_collection_that_is_no_list_stops_the_token(self, play: Play) -> None:
        case = play(draw("s:start k:many e:user", "s>k k>e"), items="SZ")
        assert [s.code for s in case.execution.snapshot().stopped] == ["activity.not_a_list"]
        case.execution.write(0, {"items": ["SZ"]})
        assert case.retry("k").calls() == ["SZ"]

    def test_each_round_of_a_loop_starts_with_empty_results(self, play: Play) -> None:
        process = draw(
            "s:start m:xor k:many c:user g:xor e:end",
            's>m m>k k>c c>g g>m[c.outcome == "rework"] g>e*',
        )
        case = play(process, items=["SZ", "CG"])
        for round_ in range(3):
            assert case.execution.data(0)["k"] == {"results": []}
            case.end_call(0, n=round_).end_call(0, n=round_)
            assert case.execution.data(0)["k"] == {"results": [{"n": round_}] * 2}
            case.do("c", outcome="rework" if round_ < 2 else "pass")
        assert case.ended

    def test_results_too_large_to_keep_stop_the_token(self, play: Play) -> None:
        case = play(draw("s:start k:many e:user", "s>k k>e"), items=["SZ", "CG"])
        case.end_call(text="x" * 40_000).end_call(text="x" * 40_000)
        stopped = case.execution.snapshot().stopped
        assert [(each.element, each.code) for each in stopped] == [("k", "data.too_large")]
        assert case.retry("k").stopped() == ["k"]

    def test_a_timer_interrupts_many_calls(self, play: Play) -> None:
        process = draw("s:start k:many k@t:stop b:user", "s>k t>b")
        case = play(process, items=["SZ", "CG", "HB"])
        case.end_call(1).fire("t")
        assert (case.calls(), case.open()) == ([], ["b"])


def test_cancelling_closes_everything(play: Play) -> None:
    process = draw(
        "s:start f:and a:user a@t:stop u:sub u/is:start u/b:user k:many",
        "s>f f>a f>u f>k is>b",
    )
    case = play(process, items=["SZ"])
    case.execution.cancel()
    snapshot = case.execution.snapshot()
    assert snapshot.ended
    assert (snapshot.items, snapshot.timers, snapshot.calls, snapshot.activities) == (
        (),
        (),
        (),
        (),
    )
