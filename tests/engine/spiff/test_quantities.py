"""Several tokens on one flow: activities that give more than one, or need more than one."""

from __future__ import annotations

from typing import Any

from engine.bpmn.model import MultiInstance
from tests.engine.spiff.drawing import Play, draw


def needs(count: int) -> dict[str, Any]:
    return {"attributes": {"startQuantity": str(count)}}


def leaves(count: int) -> dict[str, Any]:
    return {"attributes": {"completionQuantity": str(count)}}


def test_each_token_goes_its_own_way_and_both_are_needed(play: Play) -> None:
    process = draw("s:start a:service b:user c:user", "s>a a>b b>c", a=leaves(2), c=needs(2))
    case = play(process)
    assert case.open() == ["b", "b"]
    assert case.do("b").open() == ["b"]
    assert case.do("b").open() == ["c"]
    assert case.do("c").ended


def test_each_flow_that_is_taken_gets_as_many(play: Play) -> None:
    process = draw("s:start a:user b:user c:user", "s>a a>b[x == 1] a>c", a=leaves(2))
    assert play(process, x=1).do("a").open() == ["b", "b", "c", "c"]
    assert play(process).do("a").open() == ["c", "c"]


def test_it_does_not_matter_by_which_flow_they_come(play: Play) -> None:
    process = draw("s:start f:and a:user b:user c:user", "s>f f>a f>b a>c b>c", c=needs(2))
    case = play(process).do("a")
    assert case.open() == ["b"]
    assert case.do("b").open() == ["c"]


def test_what_is_too_many_waits_for_the_next_time(play: Play) -> None:
    process = draw("s:start a:service b:user", "s>a a>b", a=leaves(5), b=needs(2))
    case = play(process)
    assert (case.open(), case.stopped()) == (["b", "b"], [])
    case.do("b").do("b")
    assert [(each.element, each.code) for each in case.execution.snapshot().stopped] == [
        ("b", "gateway.starved")
    ]


def test_an_event_on_the_activity_is_armed_when_it_begins(play: Play) -> None:
    process = draw(
        "s:start f:and a:user b:user c:sub c/is:start c/d:user c@t:stop",
        "s>f f>a f>b a>c b>c is>d",
        c=needs(2),
    )
    case = play(process).do("a")
    assert case.timers() == []
    assert case.do("b").timers() == ["t"]
    assert case.fire("t").ended


def test_many_rounds_are_one_activity(play: Play) -> None:
    both = {"startQuantity": "2", "completionQuantity": "2"}
    fields = {"attributes": both, "multi": MultiInstance(cardinality="3")}
    process = draw("s:start a:service b:service c:user", "s>a a>b b>c", a=leaves(2), b=fields)
    case = play(process)
    assert (case.host.done, case.open()) == (["a", "b", "b", "b"], ["c", "c"])


def test_an_inclusive_join_waits_for_tokens_that_gather(play: Play) -> None:
    process = draw(
        "s:start g:any a:user b:user c:service k:user j:any e:user",
        "s>g g>a g>b a>c b>c c>j g>k k>j j>e",
        c=needs(2),
    )
    case = play(process).do("k").do("a")
    assert case.open() == ["b"]
    assert case.do("b").open() == ["e"]
