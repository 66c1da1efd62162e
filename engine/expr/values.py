"""What values there are, and the operators on them. Each operator lists the kinds it takes.

A comparison by order with null is false; every other operator refuses null, so that a misspelt
name is seen as an incident and not as a wrong sum.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.expr.limits import MAX_LIST, MAX_NUMBER, MAX_TEXT
from engine.expr.source import Failure
from engine.i18n import Text, _

KIND_NAMES: Mapping[str, Text] = {
    "null": _("空值"),
    "boolean": _("真假值"),
    "number": _("数字"),
    "text": _("文字"),
    "list": _("列表"),
    "map": _("数据组"),
    "date": _("日期"),
    "datetime": _("时刻"),
    "duration": _("时长"),
    "other": _("不认识的值"),
}

# bool before int and datetime before date: the first that fits wins.
KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "boolean"),
    ((int, float), "number"),
    (str, "text"),
    ((list, tuple), "list"),
    (Mapping, "map"),
    (datetime, "datetime"),
    (date, "date"),
    (timedelta, "duration"),
)

Kinds = frozenset[tuple[str, str]]
ORDERED = frozenset({"number", "text", "date", "datetime", "duration"})


def kind_of(value: Any) -> str:
    """Return the kind of a value: null, boolean, number, text, list, map, date, …"""
    cls = type(value)
    kind = _KIND_OF_TYPE.get(cls)
    if kind is None:
        kind = next((name for types, name in KINDS if issubclass(cls, types)), "other")
        _KIND_OF_TYPE[cls] = kind
    return kind


# Asking whether a type is a Mapping is slow, and every operator asks.
_KIND_OF_TYPE: dict[type, str] = {type(None): "null"}


def bounded(value: Any) -> Any:
    """Return `value`, refusing numbers, texts and lists larger than the language allows."""
    if isinstance(value, int):
        if abs(value) > MAX_NUMBER:
            raise Failure("too_big", _("数字超出了允许的范围"))
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Failure("too_big", _("数字超出了允许的范围"))
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise Failure("too_big", _("文字长过 {limit} 个字符", limit=MAX_TEXT))
    elif isinstance(value, list) and len(value) > MAX_LIST:
        raise Failure("too_big", _("列表多过 {limit} 项", limit=MAX_LIST))
    return value


def wrong_kinds(sign: str, *values: Any) -> Failure:
    """Return the refusal of an operator for the kinds it was given."""
    names = [KIND_NAMES[kind_of(value)] for value in values]
    if len(names) == 1:
        reason = _("{kind}不能用“{sign}”", kind=names[0], sign=sign)
    else:
        reason = _("{left}和{right}之间不能用“{sign}”", left=names[0], right=names[1], sign=sign)
    return Failure("wrong_kind", reason)


def pairs(*written: str) -> Kinds:
    """Return the pairs of kinds written as `left right`."""
    return frozenset((left, right) for left, right in (pair.split() for pair in written))


def operation(sign: str, act: Callable[[Any, Any], Any], kinds: Kinds) -> Callable[[Any, Any], Any]:
    """Make an operator that takes the pairs in `kinds` and bounds what it makes."""

    def apply(left: Any, right: Any) -> Any:
        if (kind_of(left), kind_of(right)) not in kinds:
            raise wrong_kinds(sign, left, right)
        try:
            return bounded(act(left, right))
        except ZeroDivisionError:
            raise Failure("division_by_zero", _("不能除以零")) from None
        except OverflowError:
            raise Failure("too_big", _("数字超出了允许的范围")) from None

    return apply


def _shift_date(act: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def shift(left: Any, right: Any) -> Any:
        if kind_of(left) == "date" and isinstance(right, timedelta) and right % timedelta(days=1):
            raise Failure("wrong_kind", _("日期只能加减整天"))
        return act(left, right)

    return shift


NUMBERS = pairs("number number")

ADD = operation(
    "+",
    _shift_date(operator.add),
    NUMBERS
    | pairs("text text", "list list", "duration duration", "date duration")
    | pairs("datetime duration", "duration datetime"),
)
SUBTRACT = operation(
    "-",
    _shift_date(operator.sub),
    NUMBERS
    | pairs("date date", "date duration", "datetime datetime", "datetime duration")
    | pairs("duration duration"),
)
MULTIPLY = operation("*", operator.mul, NUMBERS | pairs("duration number", "number duration"))
DIVIDE = operation("/", operator.truediv, NUMBERS | pairs("duration number"))
FLOOR_DIVIDE = operation("//", operator.floordiv, NUMBERS)
REMAINDER = operation("%", operator.mod, NUMBERS)


def same(left: Any, right: Any) -> bool:
    """Return whether two values are equal; values of different kinds never are."""
    alike = type(left) is type(right) or kind_of(left) == kind_of(right)
    return alike and bool(left == right)


def differs(left: Any, right: Any) -> bool:
    """Return whether two values are not equal."""
    return not same(left, right)


def ordering(sign: str, act: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Make a comparison by order: false where a side is null, refused between unlike kinds."""

    def compare(left: Any, right: Any) -> bool:
        if left is None or right is None:
            return False
        kind = kind_of(left)
        if kind not in ORDERED or kind != kind_of(right):
            raise wrong_kinds(sign, left, right)
        try:
            return act(left, right)
        except TypeError:  # an instant without an offset, handed in by a caller's data
            raise wrong_kinds(sign, left, right) from None

    return compare


def within(item: Any, container: Any) -> bool:
    """Return whether `item` is in a list, is a key of a map, or is part of a text."""
    kind = kind_of(container)
    if kind == "null":
        return False
    if kind == "list":
        return any(same(item, entry) for entry in container)
    if kind == "map":
        return isinstance(item, str) and item in container
    if kind == "text" and isinstance(item, str):
        return item in container
    raise wrong_kinds("in", item, container)


def negative(value: Any) -> Any:
    """Return a number or a duration with its sign turned."""
    if kind_of(value) not in ("number", "duration"):
        raise wrong_kinds("-", value)
    return bounded(-value)
