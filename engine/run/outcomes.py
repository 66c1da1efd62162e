"""A step's buttons are its drawn outcomes and nothing else."""

from __future__ import annotations

from typing import Final

from engine.bpmn.model import Node

USUAL: Final = "usual"


def outcomes_of(node: Node) -> tuple[str, ...]:
    """Return the codes of a step's outcomes as drawn, in order."""
    return tuple(node.properties.get("outcomes", "").replace(",", " ").split())


def usual_of(node: Node) -> str:
    """Return the outcome that a step's form opens with, "" where the person has to choose."""
    return node.properties.get(USUAL, "").strip()
