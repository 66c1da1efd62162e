"""What is thrown inside a round of a repeated activity, and what happens beside it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.model import Loop, MultiInstance
from engine.errors import ShaodaoError
from engine.spiff.build import build
from engine.spiff.execution import Execution
from tests.engine.spiff.drawing import Case, FakeHost, Play, draw


def many(**how: Any) -> dict[str, Any]:
    return {"multi": MultiInstance(**{"collection": "items", **how})}


@pytest.mark.parametrize(
    "how", [many(), many(sequential=True), {"loop": Loop(maximum="3")}], ids=["all", "one", "loop"]
)
def test_an_error_of_one_round_is_caught_on_the_activity(play: Play, how: dict[str, Any]) -> None:
    process = draw("s:start y:service y@x:stop~error=E1 b:user e:user", "s>y y>e x>b", y=how)
    case = play(process, throwing={"y": "E1"}, items=["SZ", "CG"])
    assert (case.open(), case.stopped()) == (["b"], [])
    assert case.do("b").ended


def test_an_error_that_nobody_catches_ends_the_instance(play: Play) -> None:
    process = draw("s:start y:service e:user", "s>y y>e", y=many())
    assert play(process, throwing={"y": "E1"}, items=["SZ", "CG"]).ended


def test_an_error_inside_a_repeated_sub_process(play: Play) -> None:
    process = draw(
        "s:start u:sub u@x:stop~error u/is:start u/a:user u/ie:end~error=E1 b:user",
        "s>u x>b is>a a>ie",
        u={"loop": Loop(maximum="3")},
    )
    assert play(process).do("a").open() == ["b"]


def test_a_failed_child_takes_the_others_with_it(play: Play) -> None:
    process = draw("s:start k:many k@x:stop~error=E1 b:user e:user", "s>k k>e x>b")
    case = play(process, items=["SZ", "CG"])
    case.execution.fail_call(case.execution.snapshot().calls[1].token, "error", "E1")
    case.execution.run()
    assert (case.calls(), case.open()) == ([], ["b"])


def test_an_escalation_of_a_child_lets_the_others_go_on(play: Play) -> None:
    process = draw("s:start k:many k@x:remind~escalation=up b:user e:user", "s>k k>e x>b")
    case = play(process, items=["SZ", "CG"])
    for call in case.execution.snapshot().calls:
        case.execution.fail_call(call.token, "escalation", "up")
        case.execution.run()
    assert (case.calls(), case.open()) == (["SZ", "CG"], ["b", "b"])
    assert "e" in case.end_call().end_call().open()


def test_a_message_beside_many_people(play: Play) -> None:
    process = draw("s:start a:user a@x:stop~message=off b:user", "s>a x>b", a=many())
    case = play(process, items=["SZ", "CG"])
    waiting = case.execution.snapshot().events
    case.execution.deliver(waiting[0].token, None)
    case.execution.run()
    assert case.open() == ["b"]


def test_a_message_is_sent_for_each(play: Play) -> None:
    process = draw("s:start a:send~message=hello e:end", "s>a a>e", a=many())
    case = play(process, items=["SZ", "CG"])
    assert case.ended


def test_the_join_does_not_wait_for_a_handler_that_is_armed(play: Play) -> None:
    process = draw(
        "s:start g:any a:user b:user j:any e:user h:handler h/hs:beside~message=m h/c:user",
        "s>g g>a g>b a>j b>j j>e hs>c",
    )
    assert play(process).do("a").do("b").open() == ["e"]


def test_the_join_waits_for_a_race(play: Play) -> None:
    process = draw(
        "s:start g:any a:user r:race m:catch~message=m t:catch z:end j:any e:user",
        "s>g g>a g>r r>m r>t m>j t>z a>j j>e",
    )
    case = play(process).do("a")
    assert case.open() == []
    assert case.fire("t").open() == ["e"]


def test_links_count_as_ways_to_the_join(play: Play) -> None:
    process = draw(
        "s:start g:any a:user b:user l:throw~link=L k:catch~link=L c:user j:any e:user",
        "s>g g>a g>b a>j b>l k>c c>j j>e",
    )
    case = play(process).do("a")
    assert case.open() == ["b"]
    assert case.do("b").open() == ["c"]
    assert case.do("c").open() == ["e"]


def test_a_part_begins_at_its_plain_start_with_its_handlers_armed() -> None:
    process = draw(
        "s:start u:sub u/is:start u/a:user u/h:handler u/h/hs:beside~message=m u/h/c:service",
        "s>u is>a hs>c",
        u=many(),
    )
    program = build(process, part="u")
    case = Case(process)
    case.program, case.execution = program, Execution.start(program, FakeHost(), {})
    case._go()
    assert case.open() == ["a"]
    event = case.execution.snapshot().events[0]
    case.execution.deliver(event.token, {"x": 1})
    case._go()
    assert case.do("a").ended


def test_an_unknown_child_is_refused() -> None:
    case = Case(draw("s:start k:many", "s>k"), items=["SZ"])
    with pytest.raises(ShaodaoError) as refusal:
        case.execution.end_call(99, {})
    assert refusal.value.code == "token.gone"


class TestReceiveTasks:
    def test_all_rounds_wait_at_once_and_their_messages_are_the_answers(self, play: Play) -> None:
        case = play(draw("s:start m:receive~message=yes b:user", "s>m m>b", m=many()), items=[1, 2])
        assert case.heard() == ["m", "m"]
        assert case.hear("m", by="SZ").heard() == ["m"]
        assert case.hear("m", by="CG").open() == ["b"]
        assert case.execution.data(0)["m"] == {"results": [{"by": "SZ"}, {"by": "CG"}]}

    def test_one_after_the_other_until_it_is_enough(self, play: Play) -> None:
        how = many(sequential=True, completion='m.by == "CG"')
        case = play(draw("s:start m:receive~message=yes b:user", "s>m m>b", m=how), items=[1, 2, 3])
        assert case.hear("m", by="SZ").heard() == ["m"]
        assert case.hear("m", by="CG").open() == ["b"]

    def test_a_loop_hears_again_and_again(self, play: Play) -> None:
        again = {"loop": Loop(maximum="2")}
        case = play(draw("s:start m:receive~message=yes b:user", "s>m m>b", m=again))
        assert case.hear("m", n=1).heard() == ["m"]
        assert case.hear("m", n=2).open() == ["b"]
        assert case.execution.data(0)["m"] == {"n": 2}

    def test_what_interrupts_it_takes_all_rounds(self, play: Play) -> None:
        nodes = "s:start m:receive~message=yes m@x:stop b:user c:user"
        case = play(draw(nodes, "s>m m>b x>c", m=many()), items=[1, 2]).fire("x")
        assert (case.heard(), case.open()) == ([], ["c"])
