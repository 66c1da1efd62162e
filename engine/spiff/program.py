"""A program: what a drawn process was built into. Built once, shared by all its instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.bpmn.model import EventKind, Process


@dataclass(frozen=True, eq=False)
class Program:
    """A process as drawn and the specs built from it; `parts` are its embedded sub-processes."""

    process: Process
    spec: Any
    parts: Mapping[str, Any]

    @cached_property
    def watches(self) -> bool:
        """Whether conditional events are drawn, so that changed data have to be looked at."""
        events = (event for node in self.process.nodes.values() for event in node.events)
        return any(event.kind is EventKind.CONDITION for event in events)

    @cached_property
    def specs(self) -> Mapping[str, Any]:
        """Every spec of a drawn node by its name, whatever part it is in."""
        parts = (self.spec, *self.parts.values())
        found = (spec for part in parts for spec in part.task_specs.items())
        return {name: spec for name, spec in found if hasattr(spec, "node")}

    @cached_property
    def joins(self) -> frozenset[str]:
        """Names of the gateways where tokens wait for each other."""
        return self._named(lambda spec: spec.keeps_flow)

    @cached_property
    def holding_many(self) -> frozenset[str]:
        """Names of the specs whose children have tokens of their own."""
        return self._named(lambda spec: spec.holds_many)

    def waiting_for(self, kind: EventKind) -> frozenset[str]:
        """Return the names of the specs that wait for a kind of event."""
        if kind not in self._waiting:
            self._waiting[kind] = self._named(lambda spec: spec.event and spec.event.kind is kind)
        return self._waiting[kind]

    @cached_property
    def _waiting(self) -> dict[EventKind, frozenset[str]]:
        return {}

    def _named(self, wanted: Callable[[Any], Any]) -> frozenset[str]:
        return frozenset(name for name, spec in self.specs.items() if wanted(spec))


def spec_name(element: str) -> str:
    """Name the spec of a drawn node.

    The prefix keeps drawn ids apart from SpiffWorkflow's own `Start`, `End` and `….EndJoin`; a
    colon cannot occur in an XML id.
    """
    return f"n:{element}"


def repeated_name(element: str) -> str:
    """Name the spec that stands around the rounds of a drawn activity."""
    return f"m:{element}"


def armed_name(element: str) -> str:
    """Name the spec that arms an event sub-process by its start event."""
    return f"a:{element}"
