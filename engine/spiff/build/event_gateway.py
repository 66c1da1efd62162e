"""The event-based gateway: the first of the events behind it decides, the others are withdrawn."""

from __future__ import annotations

from typing import Any

from engine.bpmn.model import Node
from engine.spiff.build.catching import RACE
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.step import Step


class EventGateway(Drawn):
    """Puts out a token for each event; which flow was taken shows when one of them has come."""

    recorded = False
    decides = True

    def perform(self, step: Step) -> bool:
        """Let the token through."""
        instance_of(step).passage.path.append(step.element)
        return True

    def send_on(self, step: Step) -> None:
        """Wait at each event behind the gateway at once."""
        for flow, target in self.leaves:
            step.workflow.put(target, via=flow.id, kept={RACE: [step.token, flow.id]})


def build_event_gateway(part: Any, node: Node) -> Drawn:
    """Build an event-based gateway."""
    return EventGateway(part, node)
