"""Calls of another process: each is an instance of its own, outside. The token waits for its end.

A multi-instance call gives every child a token and keeps them in its own state. The children of a
multi-instance sub-process are instances too, so that one of two hundred costs what one of two does.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Node
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.each import ForEach
from engine.spiff.build.repeated import build_repeated
from engine.spiff.contract import Data, WaitingCall
from engine.spiff.step import Step

MAX_CHILDREN = 10_000


class Call(Drawn):
    """A call activity: stays started until its instance has ended."""

    def perform(self, step: Step) -> None:
        """Wait."""

    def waiting(self, step: Step) -> list[WaitingCall]:
        """Return the call that is open."""
        if step.state != TaskState.STARTED or step.internal_data.get("done"):
            return []
        return [WaitingCall(step.token, step.element, step.scope, step.token)]

    def waits_for(self, step: Step, token: int) -> bool:
        """Say whether it is this step's call that is open."""
        return step.token == token and bool(self.waiting(step))

    def end(self, step: Step, token: int, output: Data) -> None:  # noqa: ARG002 - one child only
        """Take what the child gives back and go on."""
        instance_of(step).scopes.write(step.scope, output)
        step.internal_data["done"] = True
        step.run()


class MultiCall(ForEach):
    """A multi-instance call activity or sub-process: `open` holds [token, index, item]."""

    limit = MAX_CHILDREN

    def count_open(self, step: Step) -> int:
        """Return how many children have not ended."""
        return len(step.internal_data.get("open", ()))

    def open(self, step: Step, index: int, item: Any) -> None:
        """Give a child its token."""
        token = instance_of(step).next_token()
        step.internal_data.setdefault("open", []).append([token, index, item])

    def withdraw(self, step: Step) -> None:
        """Wait for no child any more."""
        step.internal_data["open"] = []

    def waits_for(self, step: Step, token: int) -> bool:
        """Say whether a child is open; tokens are given out in order."""
        opened = step.internal_data.get("open", [])
        place = bisect_left(opened, [token])
        return place < len(opened) and opened[place][0] == token

    def waiting(self, step: Step) -> list[WaitingCall]:
        """Return the children that have not ended."""
        element, scope, activity = step.element, step.scope, step.token
        return [
            WaitingCall(token, element, scope, activity, index, item)
            for token, index, item in step.internal_data.get("open", [])
        ]

    def end(self, step: Step, token: int, output: Data) -> None:
        """Keep what a child gives back and see how to go on."""
        opened = step.internal_data["open"]
        _token, index, item = opened.pop(bisect_left(opened, [token]))
        self.note(step, index, item, output)
        instance_of(step).stopped.pop(step.token, None)
        step.run()


def build_call(part: Any, node: Node) -> Drawn:
    """Build a call activity, for one or for many."""
    if node.multi:
        return MultiCall(part, node, multi=node.multi)
    return build_repeated(part, node, Call)
