"""A step's buttons are its drawn outcomes and nothing else."""

from __future__ import annotations

from engine.bpmn.model import Node


def outcomes_of(node: Node) -> tuple[str, ...]:
    """Return the codes of a step's outcomes as drawn, in order."""
    return tuple(node.properties.get("outcomes", "").replace(",", " ").split())
