"""A program: what a drawn process was built into. Built once, shared by all its instances."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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

    @cached_property
    def handed_down(self) -> tuple[Variable, ...]:
        """The variables from around a part, each under the names that nothing nearer is called by.

        A copy of each stands in the part's own scope, beside the item that it is a round for.
        """
        found: list[Variable] = []
        node = self.process.nodes.get(self.part)
        nearer = {name for each in self.variables("") for name in each.called}
        while node:
            nearer.add(node.multi.variable if node.multi else "")
            node = self.process.nodes.get(node.scope)
            for each in node.variables if node else self.process.variables:
                called = tuple(name for name in each.called if name not in nearer)
                found.append(replace(each, called=called))
                nearer.update(called)
        return tuple(found)

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


def fed_name(element: str) -> str:
    """Name the spec that stands around a drawn activity and copies its data in and out."""
    return f"d:{element}"


def armed_name(element: str, place: int = 0) -> str:
    """Name the spec that arms an event sub-process by one of the things its start waits for."""
    return f"a:{place}:{element}" if place else f"a:{element}"


def several_name(element: str, place: int) -> str:
    """Name the spec of one of the several things that a drawn event waits for."""
    return f"o:{place}:{element}"


def gathering_name(element: str) -> str:
    """Name the spec where tokens wait for each other before a drawn activity."""
    return f"q:{element}"
