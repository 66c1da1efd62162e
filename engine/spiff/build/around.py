"""What stands around the visits of an activity: a step of its own that boundary events sit on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.bpmn.model import Node
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.hosted import Hosted
from engine.spiff.program import repeated_name
from engine.spiff.step import Step

Builder = Callable[[Any, Node], Drawn]


class Repeated(Hosted):
    """What stands around the rounds of an activity. `inner` is the activity done once."""

    def __init__(self, part: Any, node: Node, inner: Drawn, *, name: str = "", **more: Any) -> None:
        super().__init__(part, node, name=name or repeated_name(node.id), **more)
        self.inner = inner
        inner.repeated = self
        self.connect(inner)

    def round_done(self, step: Step, inner: Step) -> None:  # noqa: ARG002 - what others note
        """Take note of a round that is done and see how to go on."""
        instance_of(step).stopped.pop(step.token, None)
        step.make_ready()

    def rounds(self, step: Step) -> list[Step]:
        """Return the rounds that are open."""
        return [each for each in step.children if each.task_spec is self.inner]
