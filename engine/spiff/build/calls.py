"""Calls of another process: each is an instance of its own, outside. The token waits for its end.

A multi-instance call gives every child a token and keeps them in its own state; it is done when
all have ended, and its results stand in the order of the items.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.model import MultiInstance, Node
from engine.errors import Invalid
from engine.i18n import _
from engine.spiff.build.drawn import Drawn, instance_of
from engine.spiff.build.hosted import Hosted
from engine.spiff.contract import Data, WaitingCall
from engine.spiff.step import Step

MAX_CHILDREN = 1_000


class Call(Drawn):
    """A call activity: stays started until its instance has ended."""

    def perform(self, step: Step) -> None:
        """Wait."""

    def waiting(self, step: Step) -> list[WaitingCall]:
        """Return the call that is open."""
        if step.state != TaskState.STARTED:
            return []
        return [WaitingCall(step.token, step.element, step.scope, step.token)]

    def end(self, step: Step, token: int, output: Data) -> None:  # noqa: ARG002 - one child only
        """Take what the child gives back and go on."""
        instance_of(step).scopes.write(step.scope, output)
        step.complete()


class MultiCall(Hosted):
    """A parallel multi-instance call activity."""

    def __init__(self, part: Any, node: Node, multi: MultiInstance, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.multi = multi

    def work(self, step: Step) -> bool | None:
        """Give each item a token; with none at all, or once all have ended, write and go on."""
        if "results" in step.internal_data:
            self.write(step, {step.element: {"results": step.internal_data["results"]}})
            return True
        items = self.items(step)
        self.write(step, {step.element: {"results": []}})
        if not items:
            return True
        give = instance_of(step).next_token
        step.internal_data["open"] = [[give(), index, item] for index, item in enumerate(items)]
        step.internal_data["results"] = [None] * len(items)
        return None

    def items(self, step: Step) -> list[Any]:
        """Return what the children are for: the collection's items, or numbers from 0.

        Raises Invalid with `activity.not_a_list`, `activity.not_a_count` or `activity.too_many`.
        """
        if self.multi.collection:
            value = self.evaluate(step, self.multi.collection)
            items = [] if value is None else value
            if not isinstance(items, list | tuple):
                text = _("“{name}”的集合不是列表", name=self.label)
                raise Invalid("activity.not_a_list", text, element=self.node.id)
            return list(items[: self.check_count(len(items))])
        count = self.evaluate(step, self.multi.cardinality)
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            text = _("“{name}”的个数不是非负整数", name=self.label)
            raise Invalid("activity.not_a_count", text, element=self.node.id)
        return list(range(self.check_count(count)))

    def check_count(self, count: int) -> int:
        """Return the count if it is bearable."""
        if count > MAX_CHILDREN:
            text = _(
                "“{name}”的个数 {count} 超过 {limit}",
                name=self.label,
                count=count,
                limit=MAX_CHILDREN,
            )
            raise Invalid("activity.too_many", text, element=self.node.id)
        return count

    @property
    def label(self) -> str:
        """The name people know the activity by."""
        return self.node.name or self.node.id

    def waiting(self, step: Step) -> list[WaitingCall]:
        """Return the children that have not ended."""
        return [
            WaitingCall(token, step.element, step.scope, step.token, index=index, item=item)
            for token, index, item in step.internal_data.get("open", [])
        ]

    def end(self, step: Step, token: int, output: Data) -> None:
        """Keep what a child gives back; after the last one go on."""
        opened = step.internal_data["open"]
        entry = next(each for each in opened if each[0] == token)
        opened.remove(entry)
        step.internal_data["results"][entry[1]] = output
        if not opened:
            step.run()


def build_call(part: Any, node: Node) -> Drawn:
    """Build a call activity, for one or for many."""
    return MultiCall(part, node, node.multi) if node.multi else Call(part, node)
