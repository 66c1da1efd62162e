"""Events that wait for more than one thing: the first that comes goes on, or all have to come.

Each thing is waited for by a step of its own, so that timers, messages and signals are armed, told
and withdrawn one by one, as if each were drawn alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from engine.bpmn.model import Node, waits_for_all
from engine.spiff.build.catching import Catching
from engine.spiff.build.drawn import Drawn
from engine.spiff.contract import Data
from engine.spiff.program import several_name
from engine.spiff.step import Step


class Several(Drawn):
    """An event in the flow; under its step hangs one for each thing that has not come yet."""

    def __init__(self, part: Any, node: Node, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.awaited = [Awaited(part, each, name=name) for name, each in one_by_one(node)]
        for each in self.awaited:
            self.connect(each)

    def enter(self, step: Step) -> None:
        """Wait for all of it."""
        super().enter(step)
        for each in self.awaited:
            step.workflow.put(each, under=step)

    def may_run(self, step: Step) -> bool:  # noqa: ARG002 - what comes decides
        """Stay."""
        return False

    def came(self, step: Step) -> None:
        """Go on when the last thing has come; where one is enough, wait for no other."""
        if not waits_for_all(self.node):
            for other in step.children:
                step.workflow.remove(other)
        if not step.children:
            step.make_ready()


class Awaited(Catching):
    """One of the things; it is gone when it has come."""

    recorded = False

    def trigger(self, step: Step, payload: Data | None = None) -> None:
        """Tell the event that it has come."""
        around = step.parent
        self.take(step, payload)
        step.workflow.remove(step)
        around.task_spec.came(around)

    def _on_cancel(self, step: Step) -> None:
        step.workflow.remove(step)


def one_by_one(
    node: Node, named: Callable[[str, int], str] = several_name
) -> Iterator[tuple[str, Node]]:
    """Yield a node with each of its events alone, and a name for the spec of it."""
    for place, event in enumerate(node.events):
        yield named(node.id, place), replace(node, events=(event,))
