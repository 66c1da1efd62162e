"""A call begins the called process plainly: one that waits for an event cannot be called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.bpmn.rules import check_calls
from tests.engine.spiff.drawing import draw

CALLER = draw("s:start k:call e:end", "s>k k>e", k={"called": "q"})


@pytest.mark.parametrize(
    ("nodes", "flows", "told"),
    [
        ("s:start~message=m a:user e:end", "s>a a>e", ["call.begun_by_event"]),
        ("s:start~timer=PT1H t:start~signal=go e:end", "s>e t>e", ["call.begun_by_event"]),
        ("s:start~message=m t:start a:user e:end", "s>a t>a a>e", []),
        ("a:user e:end", "a>e", []),
    ],
)
def test_a_call_needs_a_plain_start(nodes: str, flows: str, told: list[str]) -> None:
    called = replace(draw(nodes, flows), id="q", name="办理")
    found = check_calls({"p": CALLER, "q": called})
    assert [each.code for each in found] == told
    assert all(each.element == "k" and "“办理”" in str(each.text) for each in found)


def test_a_process_that_is_drawn_elsewhere_is_not_judged_here() -> None:
    assert check_calls({"p": CALLER}) == []
