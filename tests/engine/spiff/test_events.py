"""Messages, signals, conditions, links and ends: what each event does, told through the door."""

from __future__ import annotations

import pytest

from engine.errors import Conflict, Invalid, NotFound
from engine.spiff.build import build
from engine.spiff.execution import Execution
from tests.engine.spiff.drawing import Case, FakeHost, Play, draw


class TestMessages:
    def test_a_message_in_the_flow_holds_the_token_until_it_comes(self, play: Play) -> None:
        case = play(draw("s:start m:catch~message=paid a:user", "s>m m>a"))
        event = case.execution.snapshot().events[0]
        assert (event.element, event.kind, event.ref) == ("m", "message", "paid")
        assert (event.activity, event.interrupting) == (None, False)
        case.hear("m", amount=3)
        assert (case.heard(), case.open()) == ([], ["a"])
        assert case.execution.data(0)["m"] == {"amount": 3}

    def test_what_has_come_does_not_come_twice(self) -> None:
        case = Case(draw("s:start m:catch~message=paid a:user", "s>m m>a"))
        token = case.execution.snapshot().events[0].token
        case.hear("m")
        with pytest.raises(Conflict) as refusal:
            case.execution.deliver(token, None)
        assert refusal.value.code == "token.gone"

    def test_a_receive_task_waits_with_its_events_on_it(self, play: Play) -> None:
        process = draw("s:start r:receive~message=paid r@t:stop b:user e:end", "s>r r>e t>b")
        case = play(process)
        assert [each.element for each in case.execution.snapshot().activities] == ["r"]
        assert (case.heard(), case.timers()) == (["r"], ["t"])
        assert play(process).fire("t").open() == ["b"]
        assert case.hear("r").ended

    def test_sending_leaves_the_instance(self) -> None:
        process = draw(
            "s:start x:send~message=ask y:throw~message=ask e:end~message=told", "s>x x>y y>e"
        )
        case = Case(process, street="长江路")
        assert case.thrown == [("message", "ask"), ("message", "ask"), ("message", "told")]
        assert case.ended

    def test_what_is_thrown_carries_what_its_token_sees(self) -> None:
        process = draw("s:start u:sub u/is:start u/n:script u/x:send~message=ask", "s>u is>n n>x")
        execution = Execution.start(build(process), FakeHost(), {"street": "CQ"})
        execution.run()
        thrown = execution.drain().thrown
        assert [dict(each.data) for each in thrown] == [{"street": "CQ", "n": 1}]

    def test_a_message_on_an_activity_interrupts_it(self, play: Play) -> None:
        case = play(draw("s:start a:user a@m:stop~message=halt b:user", "s>a m>b"))
        event = case.execution.snapshot().events[0]
        assert (event.interrupting, event.activity) == (
            True,
            case.execution.snapshot().items[0].token,
        )
        assert case.hear("m", why="rain").open() == ["b"]
        assert case.execution.data(0)["m"] == {"why": "rain"}

    def test_one_that_does_not_interrupt_may_come_again_and_again(self, play: Play) -> None:
        case = play(draw("s:start a:user a@m:remind~message=urge x:service e:end", "s>a a>e m>x"))
        case.hear("m").hear("m")
        assert (case.open(), case.heard(), case.host.done) == (["a"], ["m"], ["x", "x"])
        assert case.do("a").ended

    def test_a_send_task_may_be_an_operation(self) -> None:
        process = draw("s:start x:send~message", "s>x", x={"operation": "notify"})
        case = Case(process)
        assert (case.host.done, case.thrown, case.ended) == (["x"], [], True)

    def test_what_is_passed_may_fail_and_be_mended(self, play: Play) -> None:
        process = draw("s:start x:throw~signal=up", "s>x", x={"properties": {"out": "n = no"}})
        case = play(process, failing="no")
        assert (case.stopped(), case.thrown) == (["x"], [])
        case.host.failing.clear()
        assert case.retry("x").ended
        assert case.thrown == [("signal", "up")]


class TestSignals:
    def test_a_signal_reaches_all_who_wait_for_it_at_that_moment(self, play: Play) -> None:
        process = draw(
            "s:start f:and c:catch~signal=go a:user a@i:stop~signal=go b:user b@r:remind~signal=go "
            "o:catch~signal=other t:user x:throw~signal=go later:catch~signal=go ca:user ia:user "
            "ra:user",
            "s>f f>c f>a f>b f>o f>t c>ca i>ia r>ra t>x x>later",
            x={"properties": {"out": "n = no"}},
        )
        case = play(process, no=7).do("t")
        assert sorted(case.open()) == ["b", "ca", "ia", "ra"]
        assert sorted(case.heard()) == ["later", "o", "r"]
        assert case.thrown == [("signal", "go")]
        assert case.execution.data(0)["c"] == {"n": 7}

    def test_a_signal_end_throws(self) -> None:
        case = Case(draw("s:start e:end~signal=done", "s>e"))
        assert (case.ended, case.thrown) == (True, [("signal", "done")])

    def test_a_signal_may_take_away_the_one_who_throws_it(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u@i:stop~signal=go u/is:start u/x:throw~signal=go u/after:service "
            "b:user",
            "s>u is>x x>after i>b",
        )
        case = play(process)
        assert (case.open(), case.host.done) == (["b"], [])


class TestConditions:
    def test_one_that_holds_already_lets_the_token_through(self, play: Play) -> None:
        process = draw("s:start c:catch~condition=ready a:user", "s>c c>a")
        assert play(process, ready=True).open() == ["a"]

    def test_one_is_looked_at_when_data_change(self, play: Play) -> None:
        process = draw(
            "s:start f:and c:catch~condition=x==1 b:user a:user y:script z:user",
            "s>f f>c f>b c>a b>y y>z",
            y={"script": "x = 1"},
        )
        case = play(process, x=0)
        assert case.open() == ["b"]
        assert sorted(case.do("b").open()) == ["a", "z"]
        assert play(process, x=0).write(x=1).open() == ["b", "a"]

    def test_on_an_activity_it_comes_each_time_it_comes_to_hold(self, play: Play) -> None:
        process = draw("s:start a:user a@c:remind~condition=hot x:service", "s>a c>x")
        case = play(process, hot=False)
        case.write(hot=True).write(other=1).write(hot=True)
        assert case.host.done == ["x"]
        case.write(hot=False).write(hot=True)
        assert case.host.done == ["x", "x"]

    def test_interrupting_it_takes_the_step_away(self, play: Play) -> None:
        process = draw("s:start a:user a@c:stop~condition=hot b:user", "s>a c>b")
        assert play(process).write(hot=True).open() == ["b"]

    def test_a_condition_that_fails_is_an_incident_of_its_own(self, play: Play) -> None:
        process = draw("s:start a:user a@c:stop~condition=hot b:user e:end", "s>a a>e c>b")
        case = play(process, failing="hot")
        assert (case.stopped(), case.open()) == (["c"], ["a"])
        case.retry("c")
        assert case.stopped() == ["c"]
        case.host.failing.clear()
        assert case.retry("c").stopped() == []
        assert case.write(hot=True).open() == ["b"]

    def test_the_step_can_be_done_although_its_condition_failed(self, play: Play) -> None:
        process = draw("s:start a:user a@c:stop~condition=hot b:user e:end", "s>a a>e c>b")
        case = play(process, failing="hot").do("a")
        assert (case.ended, case.stopped()) == (True, [])


class TestEventGateway:
    PROCESS = draw(
        "s:start m:xor g:race y:catch~message=yes n:catch~signal=no t:catch r:receive~message=r "
        "c:catch~condition=x a:user again:xor e:end",
        's>m m>g g>y g>n g>t g>r g>c y>a n>a t>a r>a c>a a>again again>m[a.outcome == "b"] again>e*',
    )

    @pytest.mark.parametrize("first", ["y", "n", "r"])
    def test_the_first_event_decides(self, play: Play, first: str) -> None:
        case = play(self.PROCESS)
        assert (case.heard(), case.timers()) == (["y", "n", "r"], ["t"])
        case.hear(first, k=1)
        assert (case.heard(), case.timers(), case.open()) == ([], [], ["a"])
        assert first in case.path
        assert "t" not in case.path

    def test_a_timer_or_a_condition_may_be_first(self, play: Play) -> None:
        assert play(self.PROCESS).fire("t").open() == ["a"]
        assert play(self.PROCESS).write(x=1).open() == ["a"]
        assert play(self.PROCESS, x=1).heard() == []

    def test_each_round_asks_anew(self, play: Play) -> None:
        case = play(self.PROCESS)
        for _round in range(3):
            case.hear("n").do("a", outcome="b")
            assert case.heard() == ["y", "n", "r"]
        assert case.fire("t").do("a").ended

    def test_the_losers_were_never_reached(self) -> None:
        case = Case(self.PROCESS)
        token = case.execution.snapshot().events[0].token
        case.execution.deliver(token, None)
        case.execution.run()
        passage = case.execution.drain()
        assert [element for _token, element in passage.cancelled] == []
        assert [element for _token, element in passage.entered] == ["y", "a"]

    def test_what_is_waited_for_is_found_by_name(self, play: Play) -> None:
        def standing(case: Case) -> list[str]:
            return [each.element for each in case.execution.standing(["g", "y", "c", "r", "a"])]

        case = play(self.PROCESS)
        assert standing(case) == ["y", "r", "c"]
        assert standing(case.hear("y")) == ["a"]

    def test_two_tokens_wait_apart(self, play: Play) -> None:
        process = draw(
            "s:start f:and x:task z:task m:xor g:race y:catch~message=yes t:catch a:user b:user",
            "s>f f>x f>z x>m z>m m>g g>y g>t y>a t>b",
        )
        case = play(process)
        assert (case.heard(), case.timers()) == (["y", "y"], ["t", "t"])
        case.hear("y")
        assert (case.heard(), case.timers(), case.open()) == (["y"], ["t"], ["a"])
        assert case.fire("t").open() == ["a", "b"]


class TestLinks:
    def test_a_link_jumps_inside_its_scope(self, play: Play) -> None:
        process = draw(
            "s:start f:and a:user b:user one:throw~link=far two:throw~link=far far:catch~link=far "
            "c:user",
            "s>f f>a f>b a>one b>two far>c",
        )
        case = play(process)
        assert case.do("a").do("b").open() == ["c", "c"]
        assert case.path[-4:] == ["two", "far", "far>c", "c"]
        assert case.do("c").do("c").ended


class TestEnds:
    def test_a_terminate_end_ends_its_scope_and_no_more(self, play: Play) -> None:
        process = draw(
            "s:start f:and u:sub u/is:start u/g:and u/x:user u/v:sub u/y:user u/t:end~terminate "
            "v/vs:start v/z:user b:user c:user",
            "s>f f>u f>b is>g g>x g>v g>y y>t vs>z u>c",
        )
        case = play(process)
        assert sorted(case.open()) == ["b", "x", "y", "z"]
        assert sorted(case.do("y").open()) == ["b", "c"]

    def test_at_the_top_it_ends_the_instance(self, play: Play) -> None:
        process = draw("s:start f:and a:user a@r:cycle k:call t:end~terminate", "s>f f>a f>k a>t")
        case = play(process)
        case.do("a")
        assert (case.ended, case.calls(), case.timers()) == (True, [], [])

    def test_a_task_of_no_type_is_passed_through(self) -> None:
        case = Case(draw("s:start a:task b:throw", "s>a a>b"))
        assert (case.ended, case.path) == (True, ["s", "s>a", "a", "a>b", "b"])

    def test_a_transaction_may_be_cancelled(self, play: Play) -> None:
        process = draw(
            "s:start u:transaction u@c:stop~cancel u/is:start u/f:and u/a:user u/b:user "
            "u/no:end~cancel u/v:sub v/vs:start v/k:user v/deep:end~cancel e:user g:user",
            "s>u u>e is>f f>a f>b f>v a>no vs>k k>deep c>g",
        )
        assert play(process).do("a").open() == ["g"]
        assert play(process).do("k").open() == ["g"]


class TestStarts:
    MANY = draw(
        "s:start m:start~message=order t:start~timer=PT1H a:user b:user c:user",
        "s>a m>b t>c",
    )

    @pytest.mark.parametrize(("at", "open_"), [(None, "a"), ("m", "b"), ("t", "c"), ("s", "a")])
    def test_it_begins_where_it_was_started(self, play: Play, at: str | None, open_: str) -> None:
        assert play(self.MANY, at=at).open() == [open_]

    def test_a_start_that_is_not_there_is_refused(self) -> None:
        with pytest.raises(NotFound) as refusal:
            Case(self.MANY, at="a")
        assert refusal.value.code == "start.unknown"

    def test_without_a_plain_start_something_must_have_happened(self) -> None:
        with pytest.raises(Invalid) as refusal:
            Case(draw("m:start~message=order a:user", "m>a"))
        assert refusal.value.code == "start.by_event"

    def test_a_receive_task_may_begin_a_process(self, play: Play) -> None:
        process = draw(
            "r:receive~message=order r2:receive~message=other a:user e:end",
            "r>a r2>a a>e",
            r={"attributes": {"instantiate": "true"}},
            r2={"attributes": {"instantiate": "true"}},
        )
        assert play(process, at="r").open() == ["a"]

    def test_an_event_gateway_may_begin_a_process(self, play: Play) -> None:
        process = draw(
            "g:race m:catch~message=x n:catch~message=y a:user b:user",
            "g>m g>n m>a n>b",
            g={"attributes": {"instantiate": "true"}},
        )
        case = play(process, at="n")
        assert (case.open(), case.heard()) == (["b"], [])

    def test_without_start_events_whatever_nothing_leads_to_begins(self, play: Play) -> None:
        case = play(draw("a:user b:user c:catch~message=x e:end", "a>e b>e c>e"))
        assert (case.open(), case.heard()) == (["a", "b"], ["c"])
        assert case.do("a").do("b").hear("c").ended
