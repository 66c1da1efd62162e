"""The parallel gateway: one token from each incoming flow, one to each outgoing flow.

Tokens wait here by the flow they came by, so that a second token on one flow waits for the next
round instead of being merged away, and nothing behind the gateway needs to be remembered.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.parallel_gateway import ParallelGateway
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Flow, Node
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.step import Step


class Parallel(Drawn, ParallelGateway):  # type: ignore[misc]
    """Joins and splits. `arrivals` are the ids of its incoming flows."""

    recorded = False
    keeps_flow = True
    decides = True

    def __init__(self, part: Any, node: Node, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.arrivals: frozenset[str] = frozenset()

    def expect(self, flow: Flow) -> None:
        """Wait for a token on this flow too."""
        self.arrivals |= {flow.id}

    def may_run(self, step: Step) -> bool:
        """Consume the oldest token of each other flow once every flow has one."""
        if step.workflow.count_on(self) < len(self.arrivals):
            return False
        first: dict[str, Step] = {}
        for other in step.workflow.steps_at(self):
            if other.state == TaskState.WAITING:
                first.setdefault(other.via, other)
        if not self.arrivals <= first.keys():
            return False
        for other in first.values():
            if other is not step:
                other.workflow.remove(other)
        return True

    def perform(self, step: Step) -> bool:
        """Let the joined token through."""
        instance_of(step).passage.path.append(step.element)
        return True


def build_parallel(part: Any, node: Node) -> Drawn:
    """Build a parallel gateway."""
    return Parallel(part, node)
