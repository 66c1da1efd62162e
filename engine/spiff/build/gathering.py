"""Activities that begin when several tokens have come: startQuantity (BPMN 2.0.2, 10.3)."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Node, quantity
from engine.spiff.build.drawn import Drawn
from engine.spiff.program import gathering_name
from engine.spiff.step import Step


class Gathering(Drawn):
    """Where tokens wait before an activity until there are enough of them to do it once."""

    recorded = False
    keeps_flow = True
    decides = True

    def __init__(self, part: Any, node: Node, activity: Drawn) -> None:
        super().__init__(part, node, name=gathering_name(node.id))
        self.activity = activity
        self.needed = quantity(node, "startQuantity")
        self.connect(activity)

    def may_run(self, step: Step) -> bool:
        """Take the others along when there are enough."""
        here = step.workflow.steps_at(self)
        others = [each for each in here if each.state == TaskState.WAITING and each is not step]
        if len(others) + 1 < self.needed:
            return False
        for other in others:
            step.workflow.remove(other)
        return True

    def send_on(self, step: Step) -> None:
        """Begin the activity once."""
        step.workflow.put(self.activity, via=step.via)


def with_gathering(part: Any, node: Node, activity: Drawn) -> Drawn:
    """Return an activity, with a place before it where tokens gather if it needs several."""
    if quantity(node, "startQuantity") > 1:
        activity.gathering = Gathering(part, node, activity)
    return activity
