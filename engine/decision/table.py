"""A decision table, and how it answers.

Rows are found without going through them: each column knows, for each value, the set of rows that
accept it (one bit a row), and the rows that hit are the intersection over the columns.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from engine.decision.cells import Cell, key_of
from engine.errors import Broken
from engine.expr import Expression, plain
from engine.i18n import _

NO_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType({})


class HitPolicy(StrEnum):
    """What several hits mean. The others of the standard are refused when a table is read."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"

    @property
    def many(self) -> bool:
        """Whether the answer is a list."""
        return self in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER)


@dataclass(frozen=True)
class Input:
    """An input column: what it reads, and its heading."""

    expression: Expression
    label: str = ""


@dataclass(frozen=True)
class Output:
    """An output column: the key of the answer, and its heading."""

    name: str
    label: str = ""


@dataclass(frozen=True)
class Rule:
    """A row. A cell of `outputs` is an expression, None where it is empty."""

    inputs: tuple[Cell, ...]
    outputs: tuple[Expression | None, ...]
    note: str = ""

    @property
    def takes_anything(self) -> bool:
        """Whether every input cell is `-` or empty."""
        return all(cell.values is None for cell in self.inputs)


@dataclass(frozen=True)
class Answer:
    """What a table says, and the numbers of the rows that said it, counted from 1."""

    value: Any
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Table:
    """One decision, named by its drawn id. `aggregation` is "", SUM, MIN, MAX or COUNT."""

    key: str
    name: str
    hit_policy: HitPolicy
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    def decide(
        self, data: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]] = NO_FUNCTIONS
    ) -> Answer:
        """Return the answer over `data`.

        UNIQUE, FIRST and ANY give one map of outputs, COLLECT and RULE ORDER a list of them in the
        order of the rows, COLLECT with an aggregation one map with the figure. Raises
        Broken("table.no_answer"), Broken("table.several_answers"), or what an expression raises.
        """
        values = [column.expression.value(data, functions) for column in self.inputs]
        hits = self._hits(values)
        if self.hit_policy.many:
            found = [self._outputs(row, data, functions) for row in hits]
            rows = tuple(row + 1 for row in hits)
            return Answer(self._gathered(found) if self.aggregation else found, rows)
        if not hits:
            raise Broken(
                "table.no_answer", _("决策表“{table}”里没有适用的一行，请补上", table=self._shown())
            )
        return self._single(hits, data, functions)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted names that its inputs and outputs read."""
        cells = [cell for rule in self.rules for cell in rule.outputs if cell is not None]
        columns = [column.expression for column in self.inputs]
        return tuple(dict.fromkeys(name for each in columns + cells for name in each.names))

    @cached_property
    def _else_row(self) -> int:
        """The last row if it takes anything: it speaks only where no other row does. -1 if none."""
        last = len(self.rules) - 1
        return last if last >= 0 and self.rules[last].takes_anything else -1

    @cached_property
    def _columns(self) -> tuple[tuple[int, Mapping[Hashable, int]], ...]:
        """Per input: the rows that take anything, and for each value all rows that accept it."""
        return tuple(
            _index([rule.inputs[column] for rule in self.rules])
            for column in range(len(self.inputs))
        )

    def _hits(self, values: Sequence[Any]) -> list[int]:
        found = (1 << len(self.rules)) - 1
        for value, (anything, accepted) in zip(values, self._columns, strict=True):
            found &= accepted.get(key_of(value), anything)
        rows: list[int] = []
        while found:
            lowest = found & -found
            rows.append(lowest.bit_length() - 1)
            found ^= lowest
        return [row for row in rows if row != self._else_row] or rows

    def _single(
        self, hits: list[int], data: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
    ) -> Answer:
        if self.hit_policy is HitPolicy.UNIQUE and len(hits) > 1:
            raise self._several(hits)
        wanted = hits if self.hit_policy is HitPolicy.ANY else hits[:1]
        found = [self._outputs(row, data, functions) for row in wanted]
        if any(value != found[0] for value in found):
            raise self._several(hits)
        return Answer(found[0], tuple(row + 1 for row in wanted))

    def _several(self, hits: list[int]) -> Broken:
        rows = "、".join(str(row + 1) for row in hits[:5])
        sentence = _(
            "决策表“{table}”的第 {rows} 行同时适用，请改到只剩一行", table=self._shown(), rows=rows
        )
        return Broken("table.several_answers", sentence, rows=[row + 1 for row in hits])

    def _outputs(
        self, row: int, data: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]
    ) -> dict[str, Any]:
        cells = zip(self.outputs, self.rules[row].outputs, strict=True)
        return {
            output.name: plain(cell.value(data, functions)) if cell is not None else None
            for output, cell in cells
        }

    def _gathered(self, found: list[dict[str, Any]]) -> dict[str, Any]:
        name = self.outputs[0].name
        numbers = [value[name] for value in found if value[name] is not None]
        if self.aggregation == "COUNT":
            return {name: len(numbers)}
        if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
            sentence = _("决策表“{table}”要汇总的列里有不是数字的值", table=self._shown())
            raise Broken("table.not_a_number", sentence)
        if self.aggregation == "SUM":
            return {name: sum(numbers)}
        pick = min if self.aggregation == "MIN" else max
        return {name: pick(numbers, default=None)}

    def _shown(self) -> str:
        return self.name or self.key


def _index(cells: Sequence[Cell]) -> tuple[int, Mapping[Hashable, int]]:
    anything = 0
    accepted: dict[Hashable, int] = {}
    for row, cell in enumerate(cells):
        if cell.values is None:
            anything |= 1 << row
        for value in cell.values or ():
            key = key_of(value)
            accepted[key] = accepted.get(key, 0) | 1 << row
    return anything, {key: rows | anything for key, rows in accepted.items()}
