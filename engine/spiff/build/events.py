"""Plain start and end events."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.start_event import StartEvent

from engine.bpmn.model import Node
from engine.spiff.build.drawn import Drawn


class Start(Drawn, StartEvent):  # type: ignore[misc]
    """A start event: the token goes on at once."""


class End(Drawn, EndEvent):  # type: ignore[misc]
    """An end event: the token is gone; the part ends when the last one is."""


def build_start(part: Any, node: Node) -> Drawn:
    """Build a start event and let the process begin there."""
    start = Start(part, node, event_definition=NoneEventDefinition())
    part.start.connect(start)
    return start


def build_end(part: Any, node: Node) -> Drawn:
    """Build an end event."""
    return End(part, node, event_definition=NoneEventDefinition())
