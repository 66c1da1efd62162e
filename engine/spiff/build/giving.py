"""Events that give on what came with them: their outputs, as drawn data associations copy them."""

from __future__ import annotations

from typing import Any

from engine.bpmn.model import EventKind, Node
from engine.spiff.build.catching import Boundary, Catch, Receive
from engine.spiff.build.drawn import Drawn
from engine.spiff.build.events import Start
from engine.spiff.build.fed import give, held
from engine.spiff.build.hosted import Hosted
from engine.spiff.build.several import Several, one_by_one
from engine.spiff.step import Step


class Giving(Hosted):
    """What is done with an event that has come, before its token goes on."""

    def work(self, step: Step) -> bool:
        """Copy what came, each output taking the field that bears its name."""
        came = step.workflow.top_workflow.scopes.visible(step.scope).get(step.element)
        give(self, step, held(self.node.variables, {}, came))
        return True


class GivingStart(Giving, Start):
    """A start event that gives."""


class GivingCatch(Giving, Catch):
    """A catching event in the flow that gives."""


class GivingSeveral(Giving, Several):
    """An event in the flow that waits for several things, and gives."""


class GivingReceive(Giving, Receive):
    """A receive task that gives."""


class GivingBoundary(Giving, Boundary):
    """A boundary event that gives; it interrupts, so that it comes once."""


def build_start(part: Any, node: Node) -> Drawn:
    """Build a start event."""
    return GivingStart(part, node) if _gives(node) else Start(part, node)


def build_catch(part: Any, node: Node) -> Drawn:
    """Build an intermediate catching event; of a link it is the place where the jump lands."""
    if node.events[0].kind is EventKind.LINK:
        return Drawn(part, node)
    if len(node.events) > 1:
        return GivingSeveral(part, node) if _gives(node) else Several(part, node)
    return GivingCatch(part, node) if _gives(node) else Catch(part, node)


def build_receive(part: Any, node: Node) -> Drawn:
    """Build a receive task."""
    return GivingReceive(part, node) if _gives(node) else Receive(part, node)


def build_boundary(part: Any, node: Node) -> Drawn:
    """Build a boundary event, for each thing that it waits for."""
    kind = GivingBoundary if _gives(node) else Boundary
    if len(node.events) == 1:
        return kind(part, node)
    first, *others = (kind(part, each, name=name) for name, each in one_by_one(node))
    first.twins = tuple(others)
    return first


def _gives(node: Node) -> bool:
    return any(copy.fault is None for copy in node.gives)
