"""A decision table, and how it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Final

from engine.decision.cells import Cell
from engine.decision.feel import THIS
from engine.decision.index import Column, column, rows_of
from engine.decision.policy import HitPolicy, Values, gathered, rank
from engine.errors import Broken, Invalid
from engine.expr import Expression, plain
from engine.expr.source import Failure
from engine.i18n import _
from engine.sla.iso import parse_date, parse_duration, parse_instant

Functions = Mapping[str, Callable[..., Any]]

NO_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType({})

READERS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "date": parse_date,
        "dateTime": parse_instant,
        "date and time": parse_instant,
        "dayTimeDuration": parse_duration,
        "days and time duration": parse_duration,
    }
)
"""Types of input columns whose values are texts in the data: JSON has no dates."""

DEFAULTS_ROW = 0
"""Where no row hit and the default outputs spoke, `Answer.rows` names this row."""


@dataclass(frozen=True)
class Input:
    """An input column: what it reads, its heading, the type it declares, the values it lists."""

    expression: Expression
    label: str = ""
    kind: str = ""
    listed: tuple[Any, ...] = ()

    def value(self, data: Mapping[str, Any], functions: Functions) -> Any:
        """Return the column's value. Raises what the expression or reading a date raises."""
        value = self.expression.value(data, functions)
        reader = READERS.get(self.kind)
        return reader(value) if reader and isinstance(value, str) else value


@dataclass(frozen=True)
class Output:
    """An output column: the key of the answer, its heading, the values it lists (best first)."""

    name: str
    label: str = ""
    listed: tuple[Any, ...] = ()
    default: Expression | None = None


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
    """One decision, named by its drawn id. `aggregation` is "", SUM, MIN, MAX or COUNT.

    `required` are the tables of the same file whose answers it reads, under their ids.
    """

    key: str
    name: str
    hit_policy: HitPolicy
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    required: tuple[Table, ...] = ()

    def decide(self, data: Mapping[str, Any], functions: Functions = NO_FUNCTIONS) -> Answer:
        """Return the answer over `data`.

        UNIQUE, FIRST, PRIORITY and ANY give one map of outputs, COLLECT, RULE ORDER and OUTPUT
        ORDER a list of them, COLLECT with an aggregation one map with the figure. Where no row
        hits, the default outputs speak (`rows` is then 0), if there are any.

        Raises Broken("table.no_answer"), Broken("table.several_answers"),
        Broken("table.wrong_kind"), Broken("table.no_rank"), or what an expression raises.
        """
        if self.required:
            data = {**data, **{each.key: each.said(data, functions) for each in self.required}}
        values = [each.value(data, functions) for each in self.inputs]
        hits = self._hits(values, data, functions)
        if not hits and self.has_defaults:
            said = self._said((each.default for each in self.outputs), data, functions)
            return Answer([said] if self._lists else said, (DEFAULTS_ROW,))
        if self.hit_policy.many:
            return self._several_rows(hits, data, functions)
        if not hits:
            raise Broken(
                "table.no_answer", _("决策表“{table}”里没有适用的一行，请补上", table=self.shown)
            )
        return self._single(hits, data, functions)

    def said(self, data: Mapping[str, Any], functions: Functions) -> Any:
        """Return its answer as other tables read it: of a single output, the value itself."""
        value = self.decide(data, functions).value
        if len(self.outputs) > 1:
            return value
        name = self.outputs[0].name
        return value[name] if isinstance(value, dict) else [each[name] for each in value]

    def hits(self, values: Sequence[Any]) -> list[int]:
        """Return the rows, counted from 0, that hit for the values of the input columns.

        For whoever studies a table: cells that read other data find none.
        """
        return self._hits(values, NO_FUNCTIONS, NO_FUNCTIONS)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The dotted names that its inputs and outputs read."""
        cells = [cell for rule in self.rules for cell in rule.outputs if cell is not None]
        defaults = [each.default for each in self.outputs if each.default is not None]
        columns = [each.expression for each in self.inputs]
        read = [name for each in (*columns, *cells, *defaults) for name in each.names]
        tests = [t for rule in self.rules for cell in rule.inputs for t in cell.tests]
        read += [name for test in tests for name in test.reads if name != THIS]
        return tuple(dict.fromkeys(read))

    @property
    def shown(self) -> str:
        """Its name for people."""
        return self.name or self.key

    @property
    def has_defaults(self) -> bool:
        """Whether an output says what holds where no row hits."""
        return any(each.default is not None for each in self.outputs)

    @property
    def _lists(self) -> bool:
        return self.hit_policy.many and not self.aggregation

    @cached_property
    def else_row(self) -> int:
        """The last row if it takes anything: it speaks only where no other row does. -1 if none."""
        last = len(self.rules) - 1
        return last if last >= 0 and self.rules[last].takes_anything else -1

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The index of each input column."""
        return tuple(
            column([rule.inputs[at] for rule in self.rules]) for at in range(len(self.inputs))
        )

    def _hits(
        self, values: Sequence[Any], data: Mapping[str, Any], functions: Functions
    ) -> list[int]:
        found = (1 << len(self.rules)) - 1
        asked: list[tuple[int, Column, int]] = []
        for at, (value, each) in enumerate(zip(values, self.columns, strict=True)):
            equal = each.equal(value)
            if each.tested:
                asked.append((at, each, each.tested & ~equal))
            found &= equal | each.tested
        for at, each, tested in asked:
            for row in rows_of(found & tested):
                if not self._passes(each.cells[row], values[at], data, functions, row=row, at=at):
                    found ^= 1 << row
        rows = list(rows_of(found))
        return [row for row in rows if row != self.else_row] or rows

    def _passes(
        self,
        cell: Cell,
        value: Any,
        data: Mapping[str, Any],
        functions: Functions,
        *,
        row: int,
        at: int,
    ) -> bool:
        try:
            return cell.passes(value, data, functions)
        except (Failure, Invalid) as failure:
            reason = failure.reason if isinstance(failure, Failure) else failure.text
            sentence = _(
                "决策表“{table}”第 {row} 行第 {column} 列“{cell}”算不出来：{reason}",
                table=self.shown,
                row=row + 1,
                column=at + 1,
                cell=cell.text,
                reason=reason,
            )
            raise Broken("table.wrong_kind", sentence, row=row + 1, column=at + 1) from None

    def _several_rows(
        self, hits: list[int], data: Mapping[str, Any], functions: Functions
    ) -> Answer:
        found = [(row, self._outputs(row, data, functions)) for row in hits]
        if self.hit_policy.by_output:
            found.sort(key=lambda each: rank(each[1], self._orders, self.shown))
        said = [values for _row, values in found]
        rows = tuple(row + 1 for row, _values in found)
        if not self.aggregation:
            return Answer(said, rows)
        return Answer(gathered(said, self.outputs[0].name, self.aggregation, self.shown), rows)

    def _single(self, hits: list[int], data: Mapping[str, Any], functions: Functions) -> Answer:
        if len(hits) == 1:
            return Answer(self._outputs(hits[0], data, functions), (hits[0] + 1,))
        if self.hit_policy is HitPolicy.UNIQUE:
            raise self._too_many(hits)
        all_wanted = self.hit_policy in (HitPolicy.ANY, HitPolicy.PRIORITY)
        wanted = hits if all_wanted else hits[:1]
        found = [self._outputs(row, data, functions) for row in wanted]
        if self.hit_policy is HitPolicy.PRIORITY:
            ranks = [rank(values, self._orders, self.shown) for values in found]
            best = ranks.index(min(ranks))
            return Answer(found[best], (wanted[best] + 1,))
        if any(value != found[0] for value in found):
            raise self._too_many(hits)
        return Answer(found[0], tuple(row + 1 for row in wanted))

    @cached_property
    def _orders(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        return tuple((each.name, each.listed) for each in self.outputs if each.listed)

    def _too_many(self, hits: list[int]) -> Broken:
        rows = "、".join(str(row + 1) for row in hits[:5])
        sentence = _(
            "决策表“{table}”的第 {rows} 行同时适用，请改到只剩一行", table=self.shown, rows=rows
        )
        return Broken("table.several_answers", sentence, rows=[row + 1 for row in hits])

    @cached_property
    def _constants(self) -> tuple[Values | None, ...]:
        """What rows say that are written in literals alone; None for the others."""
        return tuple(
            {output.name: literal for output, literal in zip(self.outputs, found, strict=True)}
            if NOT_CONSTANT not in (found := [_literal(cell) for cell in rule.outputs])
            else None
            for rule in self.rules
        )

    def _outputs(self, row: int, data: Mapping[str, Any], functions: Functions) -> Values:
        constant = self._constants[row]
        if constant is not None:
            return constant.copy()
        return self._said(self.rules[row].outputs, data, functions)

    def _said(
        self,
        cells: Iterable[Expression | None],
        data: Mapping[str, Any],
        functions: Functions,
    ) -> Values:
        return {
            output.name: plain(cell.value(data, functions)) if cell is not None else None
            for output, cell in zip(self.outputs, cells, strict=True)
        }


NOT_CONSTANT: Final = object()


def _literal(cell: Expression | None) -> Any:
    """Return what an output cell always says, if it can be shared: no list, no map, no call."""
    if cell is None:
        return None
    if cell.names or cell.calls:
        return NOT_CONSTANT
    value = cell.value({})
    return NOT_CONSTANT if isinstance(value, list | dict) else value
