"""Draws sound diagrams by chance: blocks inside blocks, each with one way in and one way out.

Every choice in them is made by a person's outcome; "a" always leads out of a loop, so that a case
whose people say "a" comes to its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from engine.bpmn.model import Loop, MultiInstance, Process
from tests.engine.spiff.drawing import draw

Block = tuple[Any, ...]
SIMPLE = ("user", "manual", "service", "script", "rule", "call", "catch")
MULTI = ("user", "service", "script", "rule", "call", "sub")

tasks = st.tuples(st.just("task"), st.sampled_from(SIMPLE))
multis = st.tuples(
    st.just("multi"),
    st.sampled_from(MULTI),
    st.integers(0, 3),
    st.booleans(),
    st.sampled_from(["", "numberOfCompletedInstances == 2"]),
)
rounds = st.tuples(st.just("rounds"), st.sampled_from(["user", "sub"]), st.booleans())
doubles = st.tuples(st.just("double"), st.sampled_from(["user", "call", "rule"]))
leaves = tasks | multis | rounds | doubles


def wider(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """Blocks made of smaller ones."""
    some = st.lists(inner, min_size=2, max_size=3)
    split = st.sampled_from(["and", "fork", "any", "any-default", "xor", "ways"])
    return (
        st.tuples(st.just("row"), some)
        | st.tuples(st.just("split"), split, some)
        | st.tuples(st.just("loop"), inner)
        | st.tuples(st.just("sub"), inner, st.sets(st.sampled_from(["stop", "remind", "cycle"])))
    )


small = leaves | wider(leaves)
blocks = wider(small | wider(small))


@dataclass
class Pen:
    """Draws blocks one after the other; `at` is the last node drawn, `place` the scope's path."""

    nodes: list[str] = field(default_factory=list)
    flows: list[str] = field(default_factory=list)
    more: dict[str, dict[str, Any]] = field(default_factory=dict)
    place: str = ""
    at: str = ""
    count: int = 0

    def node(self, kind: str, *, on: str = "", **more: Any) -> str:
        self.count += 1
        name = f"n{self.count}"
        self.nodes.append(f"{self.place}{on and on + '@'}{name}:{kind}")
        if more:
            self.more[name] = more
        return name

    def go(self, target: str, rest: str = "") -> str:
        self.flows.append(f"{self.at}>{target}{rest}")
        self.at = target
        return target

    def add(self, kind: str, **more: Any) -> str:
        return self.go(self.node(kind, **more))

    def block(self, block: Block) -> None:
        getattr(self, f"draw_{block[0]}")(*block[1:])

    def draw_task(self, kind: str) -> None:
        self.add(kind)

    def draw_multi(
        self,
        kind: str,
        count: int,
        sequential: bool,  # noqa: FBT001 - as the block says it
        completion: str,
    ) -> None:
        how = MultiInstance(sequential=sequential, cardinality=str(count), completion=completion)
        script = {"script": "mine = item"} if kind == "script" else {}
        activity = self.add(kind, multi=how, **script)
        if kind == "sub":
            self.inside(activity, ("task", "user"))

    def draw_rounds(self, kind: str, before: bool) -> None:  # noqa: FBT001
        activity = self.node(kind)
        self.go(activity)
        asked = self.inside(activity, ("task", "user")) if kind == "sub" else activity
        loop = Loop(test_before=before, maximum="3", condition=f"{activity}.outcome == {asked}.x")
        if not before:
            loop = Loop(maximum="3", condition=f'{activity}.outcome == "b"')
        self.more[activity] = {"loop": loop}

    def draw_double(self, kind: str) -> None:
        self.add("service", attributes={"completionQuantity": "2"})
        self.add(kind)
        self.add("user", attributes={"startQuantity": "2"})

    def draw_row(self, inner: list[Block]) -> None:
        for each in inner:
            self.block(each)

    def draw_split(self, how: str, inner: list[Block]) -> None:
        asked = self.add("user")
        if how in {"and", "any", "any-default", "xor"}:
            self.add(how.partition("-")[0])
        begin = self.at
        ends = []
        for number, each in enumerate(inner):
            self.at = begin
            self.go(self.node("xor"), self.condition(how, asked, number, len(inner)))
            self.block(each)
            ends.append(self.at)
        join = self.node({"and": "and", "fork": "and", "xor": "xor"}.get(how, "any"))
        for self.at in ends:
            self.go(join)

    def condition(self, how: str, asked: str, number: int, count: int) -> str:
        """The branches of a choice: the last is the default, or always taken."""
        if how in {"and", "fork"}:
            return ""
        if number == count - 1:
            return "" if how == "any" else "*"
        return f'[{asked}.outcome == "{"ab"[number]}"]'

    def draw_loop(self, inner: Block) -> None:
        top = self.add("xor")
        self.block(inner)
        asked = self.add("user")
        gateway = self.add("xor")
        self.flows.append(f'{gateway}>{top}[{asked}.outcome == "b"]')
        self.go(self.node("xor"), "*")

    def draw_sub(self, inner: Block, timers: set[str]) -> None:
        activity = self.add("sub")
        self.inside(activity, inner)
        merge = self.add("xor")
        for kind in sorted(timers):
            self.at = self.node(kind, on=activity)
            self.add("service" if kind == "cycle" else "user")
            if kind == "stop":
                self.go(merge)
        self.at = merge

    def inside(self, activity: str, inner: Block) -> str:
        place, at = self.place, self.at
        self.place = f"{place}{activity}/"
        self.at = self.node("start")
        self.block(inner)
        last = self.at
        self.place, self.at = place, at
        return last


def drawn(block: Block) -> Process:
    """Draw a block between a start and an end."""
    pen = Pen()
    pen.at = pen.node("start")
    pen.block(block)
    pen.add("end")
    return draw(" ".join(pen.nodes), " ".join(pen.flows), **pen.more)
