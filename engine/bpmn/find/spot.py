"""A place in a diagram, with the words that a rule's sentence needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.bpmn.model import Flow, Node


@dataclass(frozen=True)
class Spot:
    """Where a rule is broken. `words` fill the sentence's placeholders; `name` is always there."""

    element: str
    words: Mapping[str, Any] = field(default_factory=dict)


def at(node: Node, **words: Any) -> Spot:
    """Point at a node, called by its drawn name, else its id."""
    return Spot(node.id, {"name": node.name or node.id, **words})


def on(flow: Flow, **words: Any) -> Spot:
    """Point at a flow, called by its drawn name, else its id."""
    return Spot(flow.id, {"name": flow.name or flow.id, **words})
