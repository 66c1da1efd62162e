"""One event for several things: any of them, all of them, all thrown at once."""

from __future__ import annotations

from typing import Any

from engine.bpmn.model import EventDefinition, EventKind, TimerKind
from tests.engine.spiff.drawing import Case, Play, draw

PAID = EventDefinition(EventKind.MESSAGE, ref="paid")
STORM = EventDefinition(EventKind.SIGNAL, ref="storm")
CALM = EventDefinition(EventKind.SIGNAL, ref="calm")
HOUR = EventDefinition(EventKind.TIMER, timer=TimerKind.DURATION, text="PT1H")
READY = EventDefinition(EventKind.CONDITION, text="ready")


def several(*events: EventDefinition, together: bool = False) -> dict[str, Any]:
    return {"events": events, "attributes": {"parallelMultiple": "true" if together else "false"}}


class TestInTheFlow:
    WAITS = draw("s:start c:catch a:user", "s>c c>a", c=several(PAID, STORM, HOUR, READY))

    def test_each_is_waited_for_and_the_event_stands_once(self, play: Play) -> None:
        case = play(self.WAITS)
        assert (case.heard(), case.timers()) == (["c", "c"], ["c"])
        assert [each.element for each in case.execution.standing(["c"])] == ["c"]
        assert case.path == ["s", "s>c", "c"]

    def test_the_first_that_comes_goes_on_and_the_rest_is_withdrawn(self, play: Play) -> None:
        for tell in (
            lambda c: c.hear("c", sum=3),
            lambda c: c.fire("c"),
            lambda c: c.write(ready=1),
        ):
            case = tell(play(self.WAITS))
            assert (case.open(), case.heard(), case.timers()) == (["a"], [], [])
            assert case.path[-2:] == ["c>a", "a"]
        assert play(self.WAITS).hear("c", sum=3).execution.data(0)["c"] == {"sum": 3}

    def test_all_have_to_come_in_whatever_order(self, play: Play) -> None:
        process = draw(
            "s:start c:catch a:user", "s>c c>a", c=several(PAID, HOUR, READY, together=True)
        )
        case = play(process).fire("c").write(ready=1)
        assert (case.open(), case.heard(), case.timers()) == ([], ["c"], [])
        assert case.hear("c").open() == ["a"]

    def test_one_that_never_comes_is_waited_for(self, play: Play) -> None:
        drawn = "s:start f:and x:throw~signal=storm c:catch a:user"
        flows = "s>f f>c c>a f>x"
        assert play(draw(drawn, flows, c=several(CALM, STORM))).open() == ["a"]
        both = play(draw(drawn, flows, c=several(CALM, STORM, together=True)))
        assert (both.open(), both.heard()) == ([], ["c"])

    def test_it_goes_with_the_scope_around_it(self, play: Play) -> None:
        process = draw(
            "s:start u:sub u/is:start u/c:catch u@t:stop a:user",
            "s>u is>c t>a",
            c=several(PAID, STORM),
        )
        case = play(process).fire("t")
        assert (case.open(), case.heard()) == (["a"], [])


class TestOnAnActivity:
    def test_any_of_them_interrupts(self, play: Play) -> None:
        process = draw("s:start a:user a@b:stop x:user", "s>a b>x", b=several(PAID, HOUR))
        case = play(process)
        assert (case.heard(), case.timers()) == (["b"], ["b"])
        for told in (play(process).fire("b"), case.hear("b")):
            assert (told.open(), told.heard(), told.timers()) == (["x"], [], [])

    def test_beside_it_each_comes_for_itself(self, play: Play) -> None:
        process = draw("s:start a:user a@b:remind x:service", "s>a b>x", b=several(PAID, HOUR))
        case = play(process).hear("b").fire("b").hear("b")
        assert (case.open(), case.heard(), case.timers()) == (["a"], ["b"], [])
        assert case.host.done == ["x"] * 3


class TestOfAnEventSubProcess:
    DRAWN = "s:start a:user h:handler h/hs:{} h/b:user"

    def test_any_of_them_takes_the_place_of_all_that_is_open(self, play: Play) -> None:
        process = draw(self.DRAWN.format("start"), "s>a hs>b", hs=several(PAID, HOUR))
        case = play(process)
        assert (case.heard(), case.timers()) == (["hs"], ["hs"])
        for told in (play(process).fire("hs"), case.hear("hs", sum=3)):
            assert (told.open(), told.heard(), told.timers()) == (["b"], [], [])
        assert case.do("b").ended

    def test_beside_it_each_begins_one(self, play: Play) -> None:
        process = draw(self.DRAWN.format("beside"), "s>a hs>b", hs=several(PAID, HOUR))
        case = play(process).fire("hs").hear("hs")
        assert (case.open(), case.heard(), case.timers()) == (["a", "b", "b"], ["hs"], [])
        assert case.do("a").do("b").do("b").ended


class TestThrown:
    def test_all_leave_the_instance_in_the_order_drawn(self) -> None:
        case = Case(draw("s:start x:throw e:end", "s>x x>e", x=several(PAID, STORM, CALM)))
        assert case.thrown == [("message", "paid"), ("signal", "storm"), ("signal", "calm")]
        assert case.ended

    def test_the_second_is_thrown_although_the_first_takes_the_thrower_away(self) -> None:
        process = draw(
            "s:start f:and u:sub u/is:start u/x:throw u@b:stop~signal=storm c:catch~signal=calm "
            "a:user d:user",
            "s>f f>u f>c is>x b>a c>d",
            x=several(STORM, CALM),
        )
        assert Case(process).open() == ["a", "d"]

    def test_an_end_may_tell_and_then_fail(self) -> None:
        failed = EventDefinition(EventKind.ERROR, ref="E1")
        process = draw(
            "s:start u:sub u/is:start u/x:end u@b:stop~error=E1 a:user",
            "s>u is>x b>a",
            x=several(failed, PAID),
        )
        case = Case(process)
        assert (case.open(), case.thrown) == (["a"], [("message", "paid")])
