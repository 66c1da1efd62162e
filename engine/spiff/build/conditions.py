"""Conditional events: looked at when armed, and whenever data have changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.model import EventKind
from engine.spiff.build.catching import is_waiting
from engine.spiff.contract import HostFailed
from engine.spiff.rising import standing
from engine.spiff.step import Step

if TYPE_CHECKING:
    from engine.spiff.instance import Instance

HELD = "held"
"""Kept by a step whose condition held at the last look: it comes again only after it did not."""


def look(instance: Instance) -> None:
    """Trigger every conditional event whose condition has come to hold."""
    able = instance.steps_on(instance.program.waiting_for(EventKind.CONDITION))
    for step in [each for each in able if is_waiting(each, EventKind.CONDITION)]:
        if standing(step) and step.token not in instance.stopped:
            _look_at(instance, step)


def _look_at(instance: Instance, step: Step) -> None:
    text = step.task_spec.event.text
    try:
        holds = bool(instance.host.evaluate(text, instance.scopes.visible(step.scope)))
    except HostFailed:
        raise
    except Exception as error:
        instance.stop(step, error)
        return
    if not holds:
        step.internal_data.pop(HELD, None)
    elif HELD not in step.internal_data:
        if step.task_spec.repeats:
            step.internal_data[HELD] = True
        step.task_spec.trigger(step)
