"""What the token game says of a drawing is what the engine then does with it."""

from __future__ import annotations

from itertools import product
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.bpmn import soundness
from engine.bpmn.model import Process
from tests.engine.spiff.drawing import Case, draw

KINDS = ("user", "script", "xor", "and")


@st.composite
def drawings(make: st.DrawFn) -> tuple[Process, int]:
    """Some steps and gateways, drawn so that every flow leads onward; and how many choices."""
    kinds = make(st.lists(st.sampled_from(KINDS), min_size=3, max_size=9))
    names = ["s", *(f"n{place}" for place in range(len(kinds))), "e"]
    ways: dict[str, list[str]] = {name: [] for name in names}
    for place, name in enumerate(names[1:], start=1):
        before = names[make(st.integers(0, place - 1))]
        if before == "s" and ways["s"]:
            before = names[1]
        ways[before].append(name)
    for place, name in enumerate(names[1:-1], start=1):
        kind = kinds[place - 1]
        while len(ways[name]) < (2 if kind in {"xor", "and"} else 1):
            ways[name].append(names[make(st.integers(place + 1, len(names) - 1))])
        ways[name] = list(dict.fromkeys(ways[name]))[:2]
    choices, lines = 0, []
    for name, targets in ways.items():
        chooses = name[0] == "n" and kinds[int(name[1:])] == "xor" and len(targets) > 1
        for place, target in enumerate(targets):
            mark = ("*" if place else f"[c{choices} == 1]") if chooses else ""
            lines.append(f"{name}>{target}{mark}")
        choices += chooses
    nodes = [f"n{place}:{kind}" for place, kind in enumerate(kinds)]
    return draw(" ".join(["s:start", *nodes, "e:end"]), " ".join(lines)), choices


@settings(max_examples=60, suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@given(drawings())
def test_it_is_stuck_in_some_play_if_and_only_if_the_game_says_so(
    drawn: tuple[Process, int],
) -> None:
    process, choices = drawn
    assume(choices <= 4)
    assume(not list(soundness.doubled(process)))
    stuck = any(
        not ends(process, dict(zip(names(choices), chosen, strict=True)))
        for chosen in product((1, 2), repeat=choices)
    )
    assert stuck == bool(list(soundness.deadlocks(process))), sketch(process)


def names(choices: int) -> list[str]:
    return [f"c{place}" for place in range(choices)]


def ends(process: Process, data: dict[str, Any]) -> bool:
    """Play a case to its end, or until nobody has anything to do; no step may come twice."""
    case = Case(process, **data)
    done: set[str] = set()
    while case.open():
        step = case.open()[0]
        assert step not in done
        done.add(step)
        case.do(step)
    return case.ended


def sketch(process: Process) -> str:
    """Say a drawing in a line."""
    kinds = " ".join(f"{node.id}:{node.kind}" for node in process.nodes.values())
    return f"{kinds} | {' '.join(process.flows)}"
