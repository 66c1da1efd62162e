"""What every multi-instance activity does alike: count its items, open, gather, know when to stop.

The items are counted once, on entry. The answers stand as `<id>.results` in the order of the items
(nothing where an item was not done), emptied on entry. The completion condition is asked after
each answer; it sees the item just done, its answer under the activity's id, and the counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.model import MultiInstance, Node
from engine.errors import Invalid
from engine.i18n import _
from engine.spiff.build.drawn import instance_of
from engine.spiff.build.hosted import Hosted
from engine.spiff.contract import Data
from engine.spiff.scopes import plain
from engine.spiff.shelf import Laid
from engine.spiff.step import Step


class ForEach(Hosted):
    """A multi-instance activity; what opens, keeps and withdraws items says the class below.

    A step keeps the index of the `last` item done, where a completion condition asks about it.
    """

    limit = 0

    def __init__(self, part: Any, node: Node, *, multi: MultiInstance, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.multi = multi

    def has_begun(self, step: Step) -> bool:
        """Say whether the items have been counted."""
        raise NotImplementedError

    def keep(self, step: Step, items: list[Any]) -> None:
        """Keep the items: none is done, all are left to open."""
        raise NotImplementedError

    def count(self, step: Step) -> tuple[int, int, int]:
        """Return how many items there are, how many are open, how many are left to open."""
        raise NotImplementedError

    def open_left(self, step: Step, most: int) -> None:
        """Open what is left, not more than `most`."""
        raise NotImplementedError

    def withdraw(self, step: Step) -> None:
        """Take back the items that are open, and leave the rest."""
        raise NotImplementedError

    def keep_answer(self, step: Step, index: int, answer: Any) -> None:
        """Keep the answer of an item."""
        raise NotImplementedError

    def kept_at(self, step: Step, index: int) -> Laid:
        """Return an item with its answer."""
        raise NotImplementedError

    def answers(self, step: Step) -> list[Any]:
        """Return the answers in the order of the items."""
        raise NotImplementedError

    def work(self, step: Step) -> bool | None:
        """Begin, or go on after an answer; done when nothing is open or left."""
        if not self.has_begun(step):
            self.begin(step)
        elif "last" in step.internal_data and self.is_enough(step):
            self.withdraw(step)
        _all, active, left = self.count(step)
        if left:
            self.open_left(step, left if not self.multi.sequential else 1 - active)
        if active or left:
            return None
        answers = self.answers(step)
        self.write(step, {step.element: {"results": answers}})
        if self.multi.gather:
            self.write(step, {self.multi.gather: self.gathered(step, answers)})
        return True

    def begin(self, step: Step) -> None:
        """Count the items and empty the results."""
        items = plain({"items": self.items(step)})["items"]
        self.write(step, {step.element: {"results": []}})
        self.keep(step, items)

    def note(self, step: Step, index: int, answer: Any) -> None:
        """Keep an answer."""
        self.keep_answer(step, index, answer)
        if self.multi.completion:
            step.internal_data["last"] = index

    def gathered(self, step: Step, answers: list[Any]) -> list[Any]:  # noqa: ARG002 - what others keep
        """Return the list that a drawn variable takes in the end."""
        return [self.said_in(answer) for answer in answers]

    def said_in(self, answer: Any) -> Any:
        """Return what of an answer is gathered: the field that the drawn item names, else all."""
        name = self.multi.answer
        return answer[name] if isinstance(answer, Mapping) and name in answer else answer

    def is_enough(self, step: Step) -> bool:
        """Ask the completion condition about the answer that came last.

        All answers are brought together only for a condition that reads them.
        """
        index = step.internal_data["last"]
        item, answer = self.kept_at(step, index)
        total, active, left = self.count(step)
        names = self.names(index, item) | {
            step.element: answer,
            "numberOfInstances": total,
            "numberOfActiveInstances": active,
            "numberOfCompletedInstances": total - left - active,
            "numberOfTerminatedInstances": 0,
        }
        read = instance_of(step).host.names(self.multi.completion)
        if any(name.partition(".")[0] == "results" for name in read):
            names["results"] = self.answers(step)
        return bool(self.evaluate(step, self.multi.completion, names))

    def names(self, index: int, item: Any) -> Data:
        """Return what an item's expressions see of it."""
        alias = {self.multi.variable: item} if self.multi.variable else {}
        return {**alias, "index": index, "item": item}

    def items(self, step: Step) -> list[Any]:
        """Return what the rounds are for: the collection's items, or numbers from 0.

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
        if count > self.limit:
            text = _(
                "“{name}”的个数 {count} 超过 {limit}",
                name=self.label,
                count=count,
                limit=self.limit,
            )
            raise Invalid("activity.too_many", text, element=self.node.id)
        return count

    @property
    def label(self) -> str:
        """The name people know the activity by."""
        return self.node.name or self.node.id
