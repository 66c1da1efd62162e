"""Calls of another process: each is an instance of its own, outside. The token waits for its end.

A multi-instance call gives every child a token and keeps in its own state which are open. The
children of a multi-instance sub-process are instances too, so that one of two hundred costs what
one of two does.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import Node
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.each import ForEach
from engine.spiff.build.repeated import build_repeated
from engine.spiff.children import Run
from engine.spiff.contract import Data
from engine.spiff.shelf import Laid
from engine.spiff.step import Step

MAX_CHILDREN = 10_000


class Call(Drawn):
    """A call activity: stays started until its instance has ended."""

    def perform(self, step: Step) -> None:
        """Wait."""

    def children(self, step: Step) -> Run:
        """Return the call that is open."""
        waits = step.state == TaskState.STARTED and not step.internal_data.get("done")
        return Run(step.token, 0, int(waits))

    def end(self, step: Step, token: int, output: Data) -> None:  # noqa: ARG002 - one child only
        """Take what the child gives back and go on."""
        instance_of(step).scopes.write(step.scope, output)
        step.internal_data["done"] = True
        step.run()


class MultiCall(ForEach):
    """A multi-instance call activity or sub-process: it counts, its items stand on the shelf.

    A step keeps the `count` of its items, the index of the `next` to open, and the `run` of tokens
    it gave out last, one after the other: [first token, its index, bits of those still open].
    """

    limit = MAX_CHILDREN
    holds_many = True

    def has_begun(self, step: Step) -> bool:
        """Say whether the items have been counted."""
        return "count" in step.internal_data

    def keep(self, step: Step, items: list[Any]) -> None:
        """Lay the items on the shelf."""
        if items:
            instance_of(step).host.shelf.lay(step.token, [Laid(item) for item in items])
        step.internal_data.update(count=len(items), next=0, run=Run())

    def count(self, step: Step) -> tuple[int, int, int]:
        """Return how many children there are, are open, are left."""
        kept = step.internal_data
        return kept["count"], self.children(step).bits.bit_count(), kept["count"] - kept["next"]

    def open_left(self, step: Step, most: int) -> None:
        """Give the next children their tokens."""
        if most < 1:
            return
        kept, index = step.internal_data, step.internal_data["next"]
        first = instance_of(step).next_tokens(most)
        kept["next"] = index + most
        kept["run"] = Run(first, index, (1 << most) - 1)

    def withdraw(self, step: Step) -> None:
        """Wait for no child any more."""
        kept = step.internal_data
        kept["next"], kept["run"] = kept["count"], Run()

    def keep_answer(self, step: Step, index: int, answer: Any) -> None:
        """Lay what a child gives back beside its item."""
        instance_of(step).host.shelf.answer(step.token, index, answer)

    def kept_at(self, step: Step, index: int) -> Laid:
        """Return what a child is for, and what it gave back."""
        return instance_of(step).host.shelf.at(step.token, index)

    def answers(self, step: Step) -> list[Any]:
        """Return what the children gave back, nothing for one that was not done."""
        return [laid.answer for laid in instance_of(step).host.shelf.all(step.token)]

    def children(self, step: Step) -> Run:
        """Return the children that are open."""
        run = step.internal_data.get("run", Run())
        if not isinstance(run, Run):  # as it was stored
            run = step.internal_data["run"] = Run.unpacked(*run)
        return run

    def end(self, step: Step, token: int, output: Data) -> None:
        """Keep what a child gives back and see how to go on."""
        run = self.children(step)
        step.internal_data["run"] = run.without(token)
        self.note(step, run.place(token), output)
        instance_of(step).stopped.pop(step.token, None)
        step.run()

    def _on_complete(self, step: Step) -> None:
        instance_of(step).host.shelf.clear(step.token)
        super()._on_complete(step)

    def _on_cancel(self, step: Step) -> None:
        instance_of(step).host.shelf.clear(step.token)
        super()._on_cancel(step)


def build_call(part: Any, node: Node) -> Drawn:
    """Build a call activity, for one or for many."""
    if node.multi:
        return MultiCall(part, node, multi=node.multi)
    return build_repeated(part, node, Call)
