"""Events that are thrown, in the flow and at ends; send tasks throw a message too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.bpmn.mapping import passed_on
from engine.bpmn.model import EventDefinition, EventKind, Node
from engine.spiff.build.catching import is_waiting
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.hosted import Hosted, Service
from engine.spiff.contract import Data, Thrown
from engine.spiff.instance import Instance
from engine.spiff.rising import WORDS, rise, standing
from engine.spiff.step import Step

SENT = frozenset({EventKind.MESSAGE, EventKind.SIGNAL})
FATAL = frozenset({EventKind.ERROR, EventKind.CANCEL})


class Throw(Hosted):
    """Throws what is drawn on it, if anything, and goes on if it still stands."""

    def __init__(self, part: Any, node: Node, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.sends = tuple(event for event in node.events if event.kind in SENT)
        self.throws = tuple(event for event in node.events if event.kind not in SENT)
        self.passes = passed_on(node)

    def perform(self, step: Step) -> bool | None:
        """Say what is passed on, which may fail and stop the token; then throw."""
        if super().perform(step) is None:
            return None
        send(step, self.sends, step.data)
        for event in self.throws:
            if standing(step):
                self.throw(step, event)
        return True if standing(step) else None

    def work(self, step: Step) -> bool:
        """Evaluate what goes with the event."""
        step.data = {name: self.evaluate(step, text) for name, text in self.passes}
        return True

    def throw(self, step: Step, event: EventDefinition) -> None:
        """Throw what rises or ends, the way its kind does."""
        if event.kind is EventKind.ESCALATION:
            rise(step, event.kind, event.ref)
        elif event.kind is EventKind.TERMINATE:
            step.workflow.clear(but=step)
        elif event.kind in FATAL:
            # The end has been reached, whatever becomes of the scope around it.
            instance_of(step).passage.completed.append((step.token, step.element))
            step.workflow.remove(step)
            rise(step, event.kind, event.ref)


class Link(Drawn):
    """A throwing link: its only way on is the jump to the catching link, which nobody drew."""

    def send_on(self, step: Step) -> None:
        """Jump."""
        for _flow, target in self.leaves:
            step.workflow.put(target)


def send(step: Step, events: Iterable[EventDefinition], payload: Data) -> None:
    """Throw messages and signals outwards; signals at once to all in here who wait for them.

    All are thrown, whatever the first of them does to the token.
    """
    instance, scope = instance_of(step), step.scope
    for event in events:
        data = instance.scopes.copy(scope)
        instance.passage.thrown.append(
            Thrown(WORDS[event.kind], event.ref, step.element, scope, data)
        )
    for event in events:
        if event.kind is EventKind.SIGNAL:
            _let_hear(instance, event, payload)


def _let_hear(instance: Instance, event: EventDefinition, payload: Data) -> None:
    able = instance.steps_on(instance.program.waiting_for(EventKind.SIGNAL))
    for each in [each for each in able if is_waiting(each, EventKind.SIGNAL)]:
        if each.task_spec.event.ref == event.ref and standing(each):
            each.task_spec.trigger(each, payload)


def build_throw(part: Any, node: Node) -> Drawn:
    """Build an intermediate throwing event."""
    is_link = bool(node.events) and node.events[0].kind is EventKind.LINK
    return Link(part, node) if is_link else Throw(part, node)


def build_end(part: Any, node: Node) -> Drawn:
    """Build an end event: the token is gone; the part ends when the last one is."""
    return Throw(part, node)


def build_send(part: Any, node: Node) -> Drawn:
    """Build a send task: it throws its message, or does the operation that sends it."""
    return Service(part, node) if node.operation else Throw(part, node)
