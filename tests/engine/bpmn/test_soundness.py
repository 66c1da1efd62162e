"""What playing a drawing shows, on one sample of each kind, and on what is shipped."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from engine.bpmn import soundness
from engine.bpmn.find import endless
from engine.bpmn.model import EventDefinition, EventKind, Process
from engine.bpmn.read import read_diagram
from engine.bpmn.rules import SOUNDNESS, check
from tests.engine.spiff.drawing import draw

SHIPPED = sorted((Path(__file__).parents[3] / "bpmn").rglob("*.bpmn"))
FAULTS = {rule.code: rule.find for rule in SOUNDNESS}


def found(process: Process) -> list[tuple[str, str]]:
    """The (element, code) pairs that playing shows."""
    return [(spot.element, code) for code, find in FAULTS.items() for spot in find(process)]


def parallel(branches: int, *, length: int = 3) -> Process:
    """Draw many long branches between a split and a join."""
    nodes, flows = ["s:start", "f:and", "j:and", "e:end"], ["s>f", "j>e"]
    for branch in range(branches):
        steps = [f"b{branch}s{step}" for step in range(length)]
        nodes += [f"{step}:user" for step in steps]
        way = ["f", *steps, "j"]
        flows += [f"{a}>{b}" for a, b in pairwise(way)]
    return draw(" ".join(nodes), " ".join(flows))


SOUND = {
    "branches that join": draw(
        "s:start f:and a:user b:user j:and e:end", "s>f f>a f>b a>j b>j j>e"
    ),
    "a choice that merges": draw(
        "s:start g:xor a:user b:user m:xor e:end", "s>g g>a[x == 1] g>b* a>m b>m m>e"
    ),
    "a loop with a way out": draw("s:start a:user g:xor e:end", "s>a a>g g>a[x == 1] g>e*"),
    "branches with ends of their own": draw(
        "s:start f:and a:user b:user e:end d:end", "s>f f>a f>b a>e b>d"
    ),
    "branches that end in one place": draw(
        "s:start f:and a:user b:user e:end", "s>f f>a f>b a>e b>e"
    ),
    "a deadline that takes over": draw(
        "s:start a:user a@t:stop b:user m:xor e:end", "s>a t>b a>m b>m m>e"
    ),
    "a reminder beside": draw("s:start a:user a@r:remind x:script e:end d:end", "s>a a>e r>x x>d"),
    "a sub-process with branches": draw(
        "s:start u:sub u/i:start u/f:and u/a:user u/b:user u/j:and e:end",
        "s>u u>e i>f f>a f>b a>j b>j",
    ),
    "a task that chooses by conditions": draw(
        "s:start a:user b:user m:xor e:end", "s>a a>b[x == 1] a>m[x == 2] b>m m>e"
    ),
    "a default beside a branch that is always taken": draw(
        "s:start a:user b:user c:user d:user m:xor j:and e:end",
        "s>a a>b[x == 1] a>c* a>d b>m c>m m>j d>j j>e",
    ),
    "an end that takes all away": draw(
        "s:start f:and a:user b:user c:user e:end d:end",
        "s>f f>a f>b b>c a>e c>d",
        e={"events": (EventDefinition(EventKind.TERMINATE),)},
    ),
    "two hundred branches": parallel(200),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_drawing_has_no_faults(name: str) -> None:
    assert found(SOUND[name]) == []


UNSOUND = {
    "a choice that is joined": (
        [("j", "sound.deadlock")],
        draw("s:start g:xor a:user b:user j:and e:end", "s>g g>a[x == 1] g>b* a>j b>j j>e"),
    ),
    "a choice that is joined, inside": (
        [("j", "sound.deadlock")],
        draw(
            "s:start u:sub u/i:start u/g:xor u/a:user u/b:user u/j:and e:end",
            "s>u u>e i>g g>a[x == 1] g>b* a>j b>j",
        ),
    ),
    "a loop that comes back into a join": (
        [("j", "sound.deadlock")],
        draw("s:start j:and a:user g:xor e:end", "s>j j>a a>g g>j[x == 1] g>e*"),
    ),
    "a deadline that leaves a branch of a join": (
        [("j", "sound.deadlock")],
        draw(
            "s:start f:and a:user b:user b@t:stop j:and e:end d:end",
            "s>f f>a f>b a>j b>j t>d j>e",
        ),
    ),
    "branches that are merged": (
        [("m", "sound.doubled")],
        draw("s:start f:and a:user b:user m:xor c:user e:end", "s>f f>a f>b a>m b>m m>c c>e"),
    ),
    "branches of different length that meet in a task": (
        [("c", "sound.doubled")],
        draw("s:start f:and a:user b:user c:user e:end", "s>f f>c f>a a>b b>c c>e"),
    ),
    "a loop that sheds a token each round": (
        [("f", "sound.doubled")],
        draw(
            "s:start m:xor f:and a:user b:user g:xor e:end",
            "s>m m>f f>a f>b a>g g>m[x == 1] g>e* b>e",
        ),
    ),
    "a reminder that comes back": (
        [("m", "sound.doubled")],
        draw("s:start a:user a@r:remind m:xor b:user e:end", "s>a a>m r>m m>b b>e"),
    ),
    "a join that only the end of all ends": (
        [("j", "sound.dead")],
        draw(
            "s:start f:and g:xor a:user b:user j:and c:user d:end e:end",
            "s>f f>e f>g g>a[x == 1] g>b* a>j b>j j>c c>d",
            e={"events": (EventDefinition(EventKind.TERMINATE),)},
        ),
    ),
    "a way without an end": (
        [("a", "sound.no_end")],
        draw("s:start g:xor a:user b:user e:end", "s>g g>e* g>a[x == 1] a>b b>a"),
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_each_fault_is_told_at_its_element(name: str) -> None:
    expected, process = UNSOUND[name]
    assert [each for each in found(process) if each in expected] == expected
    assert {code for _element, code in found(process)} == {code for _element, code in expected}


def test_a_game_too_long_is_cut_and_says_nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "MAX_STATES", 3)
    assert found(SOUND["branches that join"]) == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_is_shipped_is_sound(path: Path) -> None:
    assert check(read_diagram(path.read_bytes())) == ()


ENDLESS = {
    "two scripts in a ring": draw("s:start x:script y:script", "s>x x>y y>x"),
    "a choice whose ways all come back": draw(
        "s:start g:xor x:script y:script", "s>g g>x[a == 1] g>y* x>g y>g"
    ),
    "a split that sheds tokens for ever": draw(
        "s:start m:xor f:and x:script a:user e:end", "s>m m>f f>x f>a x>m a>e"
    ),
    "a sub-process that never waits": draw(
        "s:start u:sub u/i:start u/x:script u/d:end y:script", "s>u u>y y>u i>x x>d"
    ),
}
BOUNDED = {
    "a choice that can leave": draw("s:start x:script g:xor e:end", "s>x x>g g>x[a == 1] g>e*"),
    "a person in the ring": draw("s:start x:script a:user", "s>x x>a a>x"),
    "a timer in the ring": draw("s:start x:script c:catch", "s>x x>c c>x"),
    "a sub-process in which somebody waits": draw(
        "s:start u:sub u/i:start u/a:user y:script", "s>u u>y y>u i>a"
    ),
    "a deadline out of a service": draw(
        "s:start x:service x@t:stop e:end", "s>x x>x t>e", x={"operation": "go"}
    ),
}


@pytest.mark.parametrize("name", [*ENDLESS, *BOUNDED])
def test_only_what_surely_runs_for_ever_is_refused(name: str) -> None:
    process = {**ENDLESS, **BOUNDED}[name]
    assert bool(list(endless.never_waits(process))) == (name in ENDLESS)


def calling(ident: str, called: str, *, first: str = "") -> Process:
    nodes, flows = ("s:start k:call", "s>k")
    if first:
        nodes, flows = f"s:start w:{first} k:call e:end", "s>w w>k[a == 1] w>e*"
    return replace(draw(nodes, flows, k={"called": called}), id=ident)


def test_calls_that_come_round_are_refused_unless_something_waits_or_chooses() -> None:
    def endless_among(*drawn: Process) -> list[str]:
        return [spot.element for spot in endless.endless_calls({p.id: p for p in drawn})]

    assert endless_among(calling("a", "a")) == ["k"]
    assert endless_among(calling("a", "b"), calling("b", "a")) == ["k", "k"]
    assert endless_among(calling("a", "b"), calling("b", "c"), calling("c", "b")) == ["k", "k"]
    assert endless_among(calling("a", "b"), calling("b", "gone")) == []
    assert endless_among(calling("a", "a", first="xor")) == []
    assert endless_among(calling("a", "a", first="user")) == []
