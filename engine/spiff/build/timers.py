"""Timers, in the flow and on activities: they wait to be fired and know nothing about time.

When a timer is due is the run layer's business (the job's `due_at` is the only truth).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import (
    BoundaryEvent,
    IntermediateCatchEvent,
)
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Node, TimerKind
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.step import Step


class Fired(EventDefinition):  # type: ignore[misc]
    """An event that happens when somebody outside says so, addressed by task and not by name."""

    def catches(self, my_task: Any, event: Any) -> bool:  # noqa: ARG002 - SpiffWorkflow's signature
        """Catch nothing that is thrown about."""
        return False


class Timer(Drawn, IntermediateCatchEvent):  # type: ignore[misc]
    """An intermediate catching timer."""

    def may_run(self, step: Step) -> bool:
        """Wait until fired."""
        return bool(self.event_definition.has_fired(step))

    def fire(self, step: Step) -> None:
        """Let the waiting token go on."""
        self.event_definition.catch(step)
        step.arrive()


class BoundaryTimer(Drawn, BoundaryEvent):  # type: ignore[misc]
    """A timer on an activity. Its step hangs under the activity's; `fired` counts a cycle."""

    recorded = False

    def may_run(self, step: Step) -> bool:
        """Wait until fired."""
        return bool(self.event_definition.has_fired(step))

    def fire(self, step: Step) -> None:
        """Interrupt the activity, or send a token beside it; a cycle stays armed."""
        instance = instance_of(step)
        instance.passage.path.append(step.element)
        instance.passage.entered.append((step.token, step.element))
        instance.passage.completed.append((step.token, step.element))
        if self.repeats:
            step.internal_data["fired"] = step.internal_data.get("fired", 0) + 1
            self.send_on(step)
            return
        activity = step.parent
        step.move_to(step.workflow.task_tree)
        if self.cancel_activity:
            activity.cancel()
        self.event_definition.catch(step)
        step.arrive()

    @property
    def repeats(self) -> bool:
        """Whether it stays armed after it fired."""
        return not self.cancel_activity and self.node.events[0].timer is TimerKind.CYCLE

    def _on_cancel(self, step: Step) -> None:
        step.workflow.remove(step)


def is_timer(step: Step) -> bool:
    """Say whether a step is a timer that can be fired now."""
    return isinstance(step.task_spec, Timer | BoundaryTimer) and step.state == TaskState.WAITING


def build_catch(part: Any, node: Node) -> Drawn:
    """Build an intermediate catching timer."""
    return Timer(part, node, event_definition=Fired(node.id))


def build_boundary(part: Any, node: Node) -> Drawn:
    """Build a boundary timer."""
    return BoundaryTimer(
        part, node, event_definition=Fired(node.id), cancel_activity=node.interrupting
    )
