"""Event sub-processes: armed while their scope is open, run beside it or in its place.

What arms one is a step of its own in the scope around (`Trigger`), which nothing waits for: a scope
with nothing but triggers left has ended.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.model import EventKind, Node
from engine.spiff.build.catching import Catching
from engine.spiff.build.drawn import instance_of
from engine.spiff.build.sub_process import SubProcess
from engine.spiff.contract import Data
from engine.spiff.step import Step


class Handler(SubProcess):
    """A run of an event sub-process; the token came by its start event."""

    def open_content(self, step: Step) -> None:
        """Open the content at the start event that was triggered."""
        instance_of(step).open_inner(step).begin(step.via)


class Trigger(Catching):
    """What the start event of an event sub-process waits for, in the scope that it watches over."""

    recorded = False
    idle = True

    def __init__(self, part: Any, node: Node, *, opens: Handler, name: str) -> None:
        super().__init__(part, node, name=name)
        self.opens = opens

    @property
    def interrupts(self) -> bool:
        """Whether it takes the place of all that is open in the scope: an error always does."""
        return self.node.interrupting or self.event.kind is EventKind.ERROR

    def trigger(self, step: Step, payload: Data | None = None) -> None:
        """Run the event sub-process; its own scope takes what came with the event."""
        part = step.workflow
        if self.interrupts:
            part.clear(but=step)
        if self.repeats:
            step.internal_data["fired"] = step.internal_data.get("fired", 0) + 1
        else:
            part.remove(step)
        handler = part.put(self.opens, via=step.element)
        if payload is not None:
            instance_of(step).scopes.write(handler.token, {step.element: payload})

    def _on_cancel(self, step: Step) -> None:
        step.workflow.remove(step)


def build_handler(part: Any, node: Node) -> Handler:
    """Build an event sub-process; its content and its triggers are built beside it."""
    return Handler(part, node)
