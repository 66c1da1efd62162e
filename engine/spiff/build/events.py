"""Start events, and what simply goes on: the task of no particular type."""

from __future__ import annotations

from typing import Any

from engine.bpmn.model import Node
from engine.spiff.build.drawn import Drawn


class Start(Drawn):
    """A start event: the token goes on at once. What it was started by has come already."""


class Plain(Drawn):
    """A task of no particular type: drawn for people to read, passed through."""


def build_task(part: Any, node: Node) -> Drawn:
    """Build a task of no particular type."""
    return Plain(part, node)
