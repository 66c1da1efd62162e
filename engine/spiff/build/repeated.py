"""Activities that are done more than once inside one visit: multi-instance tasks and loops.

The visit is a step of its own that boundary events sit on; each round is a step of the plain
activity under it. Of a multi-instance every round has a scope with `item` and `index`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.bpmn.model import Kind, Loop, MultiInstance, Node
from engine.spiff.build.around import Builder, Repeated
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.each import ForEach
from engine.spiff.build.fed import build_fed
from engine.spiff.contract import Data
from engine.spiff.shelf import Laid
from engine.spiff.step import Step

MAX_ROUNDS_INSIDE = 100


class Many(ForEach, Repeated):
    """A multi-instance task inside the instance: once on the path, each round told as a visit."""

    recorded = False
    limit = MAX_ROUNDS_INSIDE

    def __init__(self, part: Any, node: Node, inner: Drawn, *, multi: MultiInstance) -> None:
        super().__init__(part, node, inner=inner, multi=multi)
        while isinstance(inner, Repeated):
            inner = inner.inner
        inner.on_path = False

    def enter(self, step: Step) -> None:
        """Put it on the path, also where there is nothing to do."""
        instance_of(step).passage.path.append(step.element)
        super().enter(step)

    def has_begun(self, step: Step) -> bool:
        """Say whether the items have been counted."""
        return "results" in step.internal_data

    def keep(self, step: Step, items: list[Any]) -> None:
        """Keep the answers to come, and the items that are left."""
        step.internal_data["results"] = [None] * len(items)
        step.internal_data["left"] = list(enumerate(items))
        if self.multi.gather:
            step.internal_data["gathered"] = [None] * len(items)

    def count(self, step: Step) -> tuple[int, int, int]:
        """Return how many rounds there are, are open, are left."""
        kept = step.internal_data
        return len(kept["results"]), len(self.rounds(step)), len(kept.get("left", ()))

    def open_left(self, step: Step, most: int) -> None:
        """Open rounds, each in a scope where the activity's own name is its answer."""
        left = step.internal_data.pop("left")
        for index, item in left[:most]:
            own = self.names(index, item) | {step.element: None}
            if self.multi.answer:
                own[self.multi.answer] = None
            step.workflow.put(self.inner, under=step, own=own).internal_data["index"] = index
        if left[most:]:
            step.internal_data["left"] = left[most:]

    def withdraw(self, step: Step) -> None:
        """Cancel the rounds that are open."""
        step.internal_data.pop("left", None)
        for each in self.rounds(step):
            each.cancel()

    def keep_answer(self, step: Step, index: int, answer: Any) -> None:
        """Keep an answer in its place."""
        step.internal_data["results"][index] = answer

    def kept_at(self, step: Step, index: int) -> Laid:
        """Return what the last round was for, and its answer."""
        return Laid(step.internal_data["of"], step.internal_data["results"][index])

    def answers(self, step: Step) -> list[Any]:
        """Return the answers, nothing for a round that was not done."""
        answers: list[Any] = step.internal_data["results"]
        return answers

    def gathered(self, step: Step, answers: list[Any]) -> list[Any]:
        """Return what the rounds wrote under the drawn name, else what their answers say."""
        kept = step.internal_data.get("gathered")
        return super().gathered(step, answers) if kept is None else kept

    def round_done(self, step: Step, inner: Step) -> None:
        """Keep the answer of a round; what a script names is its answer."""
        own: Data = inner.internal_data["own"]
        index = inner.internal_data["index"]
        known = self.names(index, None).keys() | {step.element}
        answer = own[step.element]
        if self.node.kind is Kind.SCRIPT_TASK:
            answer = {name: value for name, value in own.items() if name not in known}
        self.note(step, index, answer)
        if self.multi.completion:
            step.internal_data["of"] = own["item"]
        if "gathered" in step.internal_data:
            said = own.get(self.multi.answer)
            step.internal_data["gathered"][index] = self.said_in(answer) if said is None else said
        super().round_done(step, inner)


class Looped(Repeated):
    """A standard loop: the activity again while its condition holds."""

    recorded = False

    def __init__(self, part: Any, node: Node, inner: Drawn, *, loop: Loop) -> None:
        super().__init__(part, node, inner)
        self.loop = loop

    def work(self, step: Step) -> bool | None:
        """Begin another round, or be done."""
        if not self.again(step):
            return True
        step.internal_data["rounds"] = step.internal_data.get("rounds", 0) + 1
        step.workflow.put(self.inner, under=step)
        return None

    def again(self, step: Step) -> bool:
        """Say whether there is another round; `index` and `loopCounter` are the rounds so far."""
        done = step.internal_data.get("rounds", 0)
        if self.loop.maximum and done >= int(self.loop.maximum):
            return False
        if not self.loop.condition or (done == 0 and not self.loop.test_before):
            return True
        names = {"index": done, "loopCounter": done}
        return bool(self.evaluate(step, self.loop.condition, names))


def build_repeated(part: Any, node: Node, build: Builder) -> Drawn:
    """Build an activity with `build`, and around it what repeats it, if anything does."""
    if node.multi is None and node.loop is None:
        return build_fed(part, node, build)
    inner = build_fed(part, replace(node, multi=None, loop=None), build)
    if node.multi is not None:
        return Many(part, node, inner, multi=node.multi)
    return Looped(part, node, inner, loop=node.loop or Loop())
