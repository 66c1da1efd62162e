"""Tests of an input cell that are more than equality with a literal."""

from __future__ import annotations

import operator
from collections import ChainMap
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.decision.feel import THIS, Comparison, Interval, Part, Term, refused
from engine.errors import Invalid
from engine.expr import HOST_FUNCTIONS, Expression, compile_expression
from engine.expr.source import Failure
from engine.expr.values import ORDERED, differs, kind_of, ordering, same, within
from engine.i18n import _

Data = Mapping[str, Any]
Functions = Mapping[str, Callable[..., Any]]
Holds = Callable[[Any, Data, Functions], bool]

COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": ordering("<", operator.lt),
    "<=": ordering("<=", operator.le),
    ">": ordering(">", operator.gt),
    ">=": ordering(">=", operator.ge),
    "=": same,
    "!=": differs,
}
BY_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class UnaryTest:
    """A test over the column's value and the data.

    `points` are the literals at which its answer turns; `settled` says that it turns there and
    nowhere else, whatever the data: only of such a test can anything be said beforehand. `reads`
    are the names it reads.
    """

    text: str
    points: tuple[Any, ...]
    settled: bool
    reads: tuple[str, ...]
    holds: Holds = field(repr=False, compare=False)


@dataclass(frozen=True)
class Operand:
    """A side of a comparison: a literal's value, or an expression over the data."""

    expression: Expression
    constant: bool
    literal: Any = None

    def value(self, data: Data, functions: Functions) -> Any:
        """Return its value now."""
        return self.literal if self.constant else self.expression.value(data, functions)


def literals_of(part: Part, known: Collection[str]) -> tuple[Any, ...] | None:
    """Return the values that a part equals one of, None where only asking can tell."""
    if not isinstance(part, Term) or part.decides:
        return None
    operand = _operand(part.text, known)
    if not operand.constant:
        return None
    return tuple(operand.literal) if isinstance(operand.literal, list) else (operand.literal,)


def as_test(part: Part, known: Collection[str]) -> UnaryTest:
    """Return the test that a part is. `known` are the names that the table's inputs begin with.

    Raises Invalid("table.cell") or ("expression.…").
    """
    match part:
        case Interval():
            return _within_interval(part, known)
        case Comparison():
            return _compared(part, known)
        case Term(decides=True):
            return _condition(part, known)
    operand = _operand(part.text, known)
    return UnaryTest(part.text, (), False, operand.expression.names, _equal_or_listed(operand))


def _operand(text: str, known: Collection[str]) -> Operand:
    expression = compile_expression(text)
    _check_names(expression, known)
    host = any(call.function in HOST_FUNCTIONS for call in expression.calls)
    if expression.names or host:
        return Operand(expression, constant=False)
    return Operand(expression, constant=True, literal=expression.value({}))


def _check_names(expression: Expression, known: Collection[str]) -> None:
    for name in expression.names:
        root = name.partition(".")[0]
        if root not in known and root != THIS:
            reason = _("“{name}”不是本表用到的数据；如果是文字，请加上双引号", name=name)
            raise Invalid("table.cell", reason)


def _compared(part: Comparison, known: Collection[str]) -> UnaryTest:
    operand = _operand(part.operand, known)
    text = f"{part.sign} {part.operand}"
    if operand.constant and part.sign in BY_ORDER and kind_of(operand.literal) not in ORDERED:
        raise refused(text)
    points = (operand.literal,) if operand.constant else ()
    holds = _holds(part.sign, operand)
    return UnaryTest(text, points, operand.constant, operand.expression.names, holds)


def _holds(sign: str, operand: Operand) -> Holds:
    """Return the comparison of a value with an operand."""
    compare = COMPARE[sign]
    if not operand.constant or sign not in BY_ORDER:
        return lambda value, data, functions: compare(value, operand.value(data, functions))
    literal, act, kind = operand.literal, BY_ORDER[sign], kind_of(operand.literal)

    def holds(value: Any, _data: Data, _functions: Functions) -> bool:
        # A table may ask hundreds of rows: values of one kind are compared without ceremony.
        return act(value, literal) if kind_of(value) == kind else compare(value, literal)

    return holds if kind != "datetime" else lambda value, _data, _functions: compare(value, literal)


def _within_interval(part: Interval, known: Collection[str]) -> UnaryTest:
    low, high = _operand(part.low, known), _operand(part.high, known)
    _check_interval(low, high)
    above = _holds(">=" if part.low_included else ">", low)
    below = _holds("<=" if part.high_included else "<", high)
    return UnaryTest(
        f"{part.low}..{part.high}",
        tuple(end.literal for end in (low, high) if end.constant),
        low.constant and high.constant,
        (*low.expression.names, *high.expression.names),
        lambda value, data, functions: (
            above(value, data, functions) and below(value, data, functions)
        ),
    )


def _check_interval(low: Operand, high: Operand) -> None:
    for end in (low, high):
        if end.constant and kind_of(end.literal) not in ORDERED:
            raise Invalid("table.cell", _("区间的两端要是数字、文字、日期、时刻或时长"))
    if low.constant and high.constant:
        if kind_of(low.literal) != kind_of(high.literal):
            raise Invalid("table.cell", _("区间的两端不是同一类值"))
        if COMPARE["<"](high.literal, low.literal):
            raise Invalid("table.cell", _("区间的起点比终点大，什么也不会符合"))


def _condition(part: Term, known: Collection[str]) -> UnaryTest:
    expression = compile_expression(part.text)
    _check_names(expression, known)
    if not expression.names:
        raise Invalid("table.cell", _("这个条件不看任何数据，结果总是一样"))

    def holds(value: Any, data: Data, functions: Functions) -> bool:
        answer = expression.value(ChainMap({THIS: value}, data), functions)  # type: ignore[arg-type]
        if answer is None or isinstance(answer, bool):
            return answer is True
        raise Failure("wrong_kind", _("条件的结果不是真假值"))

    return UnaryTest(part.text, (), False, expression.names, holds)


def _equal_or_listed(operand: Operand) -> Holds:
    def holds(value: Any, data: Data, functions: Functions) -> bool:
        wanted = operand.value(data, functions)
        return within(value, wanted) if isinstance(wanted, list | tuple) else same(value, wanted)

    return holds
