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
from engine.spiff.build.hosted import Hosted
from engine.spiff.contract import Data
from engine.spiff.scopes import plain
from engine.spiff.step import Step


class ForEach(Hosted):
    """A multi-instance activity; what opens and withdraws an item says the class below.

    A step keeps `results`, the items `left` to open as [index, item], and the `last` one done.
    """

    limit = 0

    def __init__(self, part: Any, node: Node, *, multi: MultiInstance, **more: Any) -> None:
        super().__init__(part, node, **more)
        self.multi = multi

    def count_open(self, step: Step) -> int:
        """Return how many items are open."""
        raise NotImplementedError

    def open(self, step: Step, index: int, item: Any) -> None:
        """Open an item."""
        raise NotImplementedError

    def withdraw(self, step: Step) -> None:
        """Take back the items that are open."""
        raise NotImplementedError

    def work(self, step: Step) -> bool | None:
        """Begin, or go on after an answer; done when nothing is open or left."""
        kept = step.internal_data
        if "results" not in kept:
            self.begin(step)
        elif "last" in kept and self.is_enough(step):
            kept.pop("left", None)
            self.withdraw(step)
        self.open_next(step)
        if self.count_open(step):
            return None
        self.write(step, {step.element: {"results": kept["results"]}})
        if self.multi.gather:
            self.write(step, {self.multi.gather: kept["gathered"]})
        return True

    def begin(self, step: Step) -> None:
        """Count the items and empty the results."""
        items = plain({"items": self.items(step)})["items"]
        self.write(step, {step.element: {"results": []}})
        step.internal_data["results"] = [None] * len(items)
        if self.multi.gather or self.multi.answer:
            step.internal_data["gathered"] = [None] * len(items)
        if items:
            step.internal_data["left"] = [[index, item] for index, item in enumerate(items)]

    def open_next(self, step: Step) -> None:
        """Open what is left: all at once, or one after the other."""
        left = step.internal_data.pop("left", [])
        count = len(left)
        if self.multi.sequential:
            count = 0 if self.count_open(step) else 1
        for index, item in left[:count]:
            self.open(step, index, item)
        if left[count:]:
            step.internal_data["left"] = left[count:]

    def note(self, step: Step, index: int, item: Any, answer: Any) -> None:
        """Keep an answer."""
        step.internal_data["results"][index] = answer
        if "gathered" in step.internal_data:
            step.internal_data["gathered"][index] = self.gathered(answer)
        if self.multi.completion:
            step.internal_data["last"] = [index, item]

    def gathered(self, answer: Any) -> Any:
        """Return what of an answer is gathered: the field that the drawn item names, else all."""
        name = self.multi.answer
        return answer[name] if isinstance(answer, Mapping) and name in answer else answer

    def is_enough(self, step: Step) -> bool:
        """Ask the completion condition about the answer that came last."""
        kept = step.internal_data
        index, item = kept["last"]
        active = self.count_open(step)
        done = len(kept["results"]) - len(kept.get("left", [])) - active
        names = self.names(index, item) | {
            step.element: kept["results"][index],
            "results": kept["results"],
            "numberOfInstances": len(kept["results"]),
            "numberOfActiveInstances": active,
            "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": 0,
        }
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
