"""Hit policies: what it means that several rows hit, or none."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from engine.errors import Broken
from engine.expr.values import same
from engine.i18n import _

Values = dict[str, Any]
"""What a row says: the value of each output by its name."""

AGGREGATIONS = frozenset({"", "SUM", "MIN", "MAX", "COUNT"})


class HitPolicy(StrEnum):
    """All that the standard names."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"

    @property
    def many(self) -> bool:
        """Whether the answer is a list."""
        return self in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)

    @property
    def by_output(self) -> bool:
        """Whether the order in which an output lists its values decides."""
        return self in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)


def gathered(found: Sequence[Values], name: str, aggregation: str, table: str) -> Values:
    """Return one figure of the output `name` over some rows; nulls are left out.

    Raises Broken("table.not_a_number") for SUM, MIN and MAX over anything but numbers.
    """
    numbers = [value[name] for value in found if value[name] is not None]
    if aggregation == "COUNT":
        return {name: len(numbers)}
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        sentence = _("决策表“{table}”要汇总的列里有不是数字的值", table=table)
        raise Broken("table.not_a_number", sentence)
    if aggregation == "SUM":
        return {name: sum(numbers)}
    pick = min if aggregation == "MIN" else max
    return {name: pick(numbers, default=None)}


def rank(said: Values, orders: Sequence[tuple[str, tuple[Any, ...]]], table: str) -> Any:
    """Return what rows are sorted by: for each output that has an order, the place of its value.

    Raises Broken("table.no_rank") for a value that the order does not list.
    """
    places: list[int] = []
    for name, order in orders:
        value = said[name]
        at = next((place for place, each in enumerate(order) if same(each, value)), None)
        if at is None:
            sentence = _(
                "决策表“{table}”的结果“{name}”得到“{value}”，它不在这一列列出的先后次序里",
                table=table,
                name=name,
                value=value,
            )
            raise Broken("table.no_rank", sentence)
        places.append(at)
    return tuple(places)
