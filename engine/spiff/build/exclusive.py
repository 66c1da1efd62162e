"""The exclusive gateway: the first branch whose condition holds, else the default."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.exclusive_gateway import ExclusiveGateway

from engine.bpmn.model import Flow, Node
from engine.errors import Broken
from engine.i18n import _
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.hosted import Hosted
from engine.spiff.contract import Taken
from engine.spiff.step import Step


class Exclusive(Hosted, ExclusiveGateway):  # type: ignore[misc]
    """Chooses one flow and records the values it read; as a merge it lets every token through."""

    recorded = False
    decides = True

    def work(self, step: Step) -> bool:
        """Choose the flow to leave by."""
        read: dict[str, Any] = {}
        flow = self.choose(step, read)
        step.leaving = (flow,) if flow else ()
        passage = instance_of(step).passage
        passage.path.append(step.element)
        if len(self.leaves) > 1:
            passage.taken.append(Taken(step.element, (flow.id,) if flow else (), read))
        return True

    def choose(self, step: Step, read: dict[str, Any]) -> Flow | None:
        """Return the flow to take, noting in `read` each value its conditions looked at.

        Raises Broken `gateway.no_branch` when no condition holds and there is no default.
        """
        flows = [flow for flow, _target in self.leaves]
        for flow in flows:
            if flow.condition and flow.id != self.node.default_flow:
                self.note(step, flow.condition, read)
                if self.evaluate(step, flow.condition):
                    return flow
        if not flows:
            return None
        default = next((f for f in flows if f.id == self.node.default_flow), None)
        if default is None and len(flows) == 1 and not flows[0].condition:
            default = flows[0]
        if default is None:
            name = self.node.name or self.node.id
            text = _("网关“{name}”的条件都不成立，也没有默认分支", name=name)
            raise Broken("gateway.no_branch", text, element=self.node.id)
        return default

    def note(self, step: Step, condition: str, read: dict[str, Any]) -> None:
        """Note the values of the names a condition reads."""
        for name in instance_of(step).host.names(condition):
            if name not in read:
                read[name] = self.evaluate(step, name)


def build_exclusive(part: Any, node: Node) -> Drawn:
    """Build an exclusive gateway."""
    return Exclusive(part, node)
