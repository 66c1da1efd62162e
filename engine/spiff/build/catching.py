"""Events that wait, in the flow and on activities: until told, whatever it is they wait for.

Timers, messages and signals are told from outside (`Execution.fire`, `Execution.deliver`), thrown
errors and escalations come from inside (`rising`), conditions are looked at when data change.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import EventDefinition, EventKind, Flow, Node, TimerKind
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.contract import Data
from engine.spiff.instance import Part
from engine.spiff.step import Step

RACE = "race"
"""What a token keeps that an event gateway has put out: [the gateway's token, its flow]."""


class Catching(Drawn):
    """Waits for its event."""

    event: EventDefinition

    def __init__(self, part: Any, node: Node, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.event = node.events[0]

    def enter(self, step: Step) -> None:
        """Wait; a condition is looked at as soon as it is armed."""
        super().enter(step)
        instance_of(step).look_again()

    def may_run(self, step: Step) -> bool:  # noqa: ARG002 - only what it waits for decides
        """Stay."""
        return False

    def trigger(self, step: Step, payload: Data | None = None) -> None:
        """Take the event: it has come."""
        raise NotImplementedError

    def take(self, step: Step, payload: Data | None) -> None:
        """Write what came with the event under its id."""
        if payload is not None:
            instance_of(step).scopes.write(step.scope, {step.element: payload})

    @property
    def repeats(self) -> bool:
        """Whether it stays armed after it has come: only a timer that is no cycle comes once."""
        is_timer = self.event.kind is EventKind.TIMER
        return not self.interrupts and (not is_timer or self.event.timer is TimerKind.CYCLE)

    @property
    def interrupts(self) -> bool:
        """Whether it takes the place of what it was waiting beside."""
        return True


class Catch(Catching):
    """An event in the flow: the token goes on when it has come.

    Behind an event gateway it has not been reached before it has come, and then its rivals are
    withdrawn.
    """

    def begin_part(self, part: Part) -> None:
        """Begin with the event that this instance was started for, or by waiting for it."""
        step = part.put(self)
        if self.starts_by_event:
            self.trigger(step)

    def enter(self, step: Step) -> None:
        """Wait, unseen behind an event gateway."""
        if RACE not in step.internal_data:
            super().enter(step)
            return
        step.become(TaskState.WAITING)
        instance_of(step).look_again()

    def trigger(self, step: Step, payload: Data | None = None) -> None:
        """Let the token go on."""
        if RACE in step.internal_data:
            self.win(step)
        self.take(step, payload)
        step.make_ready()

    def win(self, step: Step) -> None:
        """Withdraw the rivals; only now has the token come along its flow."""
        gateway, flow = step.internal_data.pop(RACE)
        for other in list(step.workflow.steps()):
            if other.internal_data.get(RACE, [0])[0] == gateway:
                step.workflow.remove(other)
        instance_of(step).passage.path.append(flow)
        super().enter(step)

    def _on_cancel(self, step: Step) -> None:
        if RACE in step.internal_data:
            step.workflow.remove(step)
        else:
            super()._on_cancel(step)


class Receive(Catch):
    """A receive task: an activity that waits for a message, with events on it."""


class Boundary(Catching):
    """An event on an activity. Its step hangs under the activity's; `fired` counts its comings."""

    recorded = False

    @property
    def interrupts(self) -> bool:
        """Whether the activity is taken away: an error or a cancellation always does."""
        always = {EventKind.ERROR, EventKind.CANCEL}
        return self.node.interrupting or self.event.kind in always

    def leave_by(self, flow: Flow, target: Drawn) -> None:
        """Lead on by a flow, whichever of several things it was that came."""
        super().leave_by(flow, target)
        for each in self.twins:
            each.leave_by(flow, target)

    def trigger(self, step: Step, payload: Data | None = None) -> None:
        """Interrupt the activity, or send a token beside it."""
        instance = instance_of(step)
        instance.passage.path.append(step.element)
        instance.passage.entered.append((step.token, step.element))
        instance.passage.completed.append((step.token, step.element))
        self.take(step, payload)
        if self.repeats:
            step.internal_data["fired"] = step.internal_data.get("fired", 0) + 1
            self.send_on(step)
            return
        activity = step.parent
        step.move_to(step.workflow.task_tree)
        if self.interrupts:
            activity.cancel()
        step.make_ready()

    def _on_cancel(self, step: Step) -> None:
        step.workflow.remove(step)


def is_waiting(step: Step, *kinds: EventKind) -> bool:
    """Say whether a step waits for an event of one of the kinds."""
    event = step.task_spec.event
    return event is not None and event.kind in kinds and step.state == TaskState.WAITING
