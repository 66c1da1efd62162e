"""User and manual tasks: the token waits for a person."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.manual_task import ManualTask
from SpiffWorkflow.bpmn.specs.mixins.user_task import UserTask

from engine.bpmn.model import Node
from engine.spiff.build.drawn import Drawn


class User(Drawn, UserTask):  # type: ignore[misc]
    """A user task."""


class Manual(Drawn, ManualTask):  # type: ignore[misc]
    """A manual task: done outside, reported here."""


def build_user(part: Any, node: Node) -> Drawn:
    """Build a user task."""
    return User(part, node)


def build_manual(part: Any, node: Node) -> Drawn:
    """Build a manual task."""
    return Manual(part, node)
