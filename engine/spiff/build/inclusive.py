"""The inclusive gateway: out by every flow whose condition holds, in when no other token can come.

The join is BPMN's (2.0.2, 13.4.3): tokens wait by the flow they came by; they go on together once
every other token that could still come in by an empty flow could as well come in by one that has a
token. That is asked when nothing else can move, so that it does not depend on who runs first.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Flow, Node, Process
from engine.bpmn.reach import arrivals_from
from engine.spiff.build.drawn import instance_of
from engine.spiff.build.hosted import Hosted
from engine.spiff.build.leaving import choose
from engine.spiff.step import Step


class Inclusive(Hosted):
    """Splits and joins. `arrivals` are the ids of its incoming flows, `process` the drawing."""

    recorded = False
    keeps_flow = True
    decides = True
    patient = True

    def __init__(self, part: Any, node: Node, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.arrivals: frozenset[str] = frozenset()
        self.process: Process | None = None

    def expect(self, flow: Flow, process: Process) -> None:
        """Join the tokens of this flow too."""
        self.arrivals |= {flow.id}
        self.process = process

    @cached_property
    def reach(self) -> Mapping[str, frozenset[str]]:
        """The incoming flows that each node of the drawing leads to."""
        return arrivals_from(self.process, self.node.id) if self.process else {}

    def may_run(self, step: Step) -> bool:
        """Go on at once where there is nothing to join; else wait until nothing can move."""
        if len(self.arrivals) <= 1:
            return True
        instance_of(step).patient.add(step.token)
        return False

    def at_rest(self, step: Step) -> bool:
        """Join what has come, unless more is to come; the joined token is then ready."""
        first: dict[str, Step] = {}
        elsewhere: set[str] = set()
        for other in step.workflow.steps():
            if other.task_spec is self and other.state == TaskState.WAITING:
                first.setdefault(other.via, other)
            elif other.parent is step.workflow.task_tree:
                elsewhere.add(other.element)
        if any(self.may_come(element, first) for element in elsewhere):
            return False
        for other in first.values():
            if other is not step:
                other.workflow.remove(other)
        step.make_ready()
        return True

    def may_come(self, element: str, first: Mapping[str, Step]) -> bool:
        """Say whether a token that stands on an element has to be waited for."""
        flows = self.reach.get(element, frozenset())
        return bool(flows) and flows.isdisjoint(first)

    def work(self, step: Step) -> bool:
        """Choose the flows to leave by."""
        choose(self, step)
        instance_of(step).passage.path.append(step.element)
        return True


def build_inclusive(part: Any, node: Node) -> Inclusive:
    """Build an inclusive gateway."""
    return Inclusive(part, node)
