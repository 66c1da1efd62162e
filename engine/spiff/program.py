"""A program: what a drawn process was built into. Built once, shared by all its instances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.bpmn.model import EventKind, Process, Variable


@dataclass(frozen=True, eq=False)
class Program:
    """A process as drawn and the specs built from it; `parts` are its embedded sub-processes.

    `part` is the sub-process whose content alone was built, "" for the whole process.
    """

    process: Process
    spec: Any
    parts: Mapping[str, Any]
    part: str = ""

    def variables(self, scope: str) -> tuple[Variable, ...]:
        """Return the variables that begin with a scope: of a sub-process, or "" for the process."""
        node = self.process.nodes.get(scope or self.part)
        return node.variables if node else self.process.variables

    def handed_down(self) -> tuple[Variable, ...]:
        """Return the variables from around a part: a copy of each stands in its own scope."""
        found: list[Variable] = []
        scope = self.part
        while scope:
            scope = self.process.nodes[scope].scope
            node = self.process.nodes.get(scope)
            found += node.variables if node else self.process.variables
        return tuple(found)

    @cached_property
    def watches(self) -> bool:
        """Whether conditional events are drawn, so that changed data have to be looked at."""
        events = (event for node in self.process.nodes.values() for event in node.events)
        return any(event.kind is EventKind.CONDITION for event in events)


def spec_name(element: str) -> str:
    """Name the spec of a drawn node.

    The prefix keeps drawn ids apart from SpiffWorkflow's own `Start`, `End` and `….EndJoin`; a
    colon cannot occur in an XML id.
    """
    return f"n:{element}"


def repeated_name(element: str) -> str:
    """Name the spec that stands around the rounds of a drawn activity."""
    return f"m:{element}"


def fed_name(element: str) -> str:
    """Name the spec that stands around a drawn activity and copies its data in and out."""
    return f"d:{element}"


def armed_name(element: str) -> str:
    """Name the spec that arms an event sub-process by its start event."""
    return f"a:{element}"
