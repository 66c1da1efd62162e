"""The pure functions that expressions may call: this registry and nothing else.

Each entry's docstring is its line in docs/expressions.md. A function never sees anything but
values, never loops beyond its arguments, and answers null input with the plainest answer.
"""

from __future__ import annotations

import inspect
import math
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.errors import Invalid
from engine.expr.plain import storable
from engine.expr.reading import member
from engine.expr.source import Failure
from engine.expr.values import KIND_NAMES, bounded, kind_of, ordering, same
from engine.i18n import _
from engine.sla.iso import parse_date, parse_duration, parse_instant

HOST_FUNCTIONS = frozenset({"due", "warn"})
"""Names that the run layer supplies, in timers; refused anywhere else when it comes to it."""


@dataclass(frozen=True)
class Function:
    """One registered function: how it is written, what it is for, how many arguments it takes."""

    name: str
    call: Callable[..., Any]
    signature: str
    about: str
    least: int
    most: float

    def takes(self, count: int) -> bool:
        """Return whether it can be called with `count` arguments."""
        return self.least <= count <= self.most


REGISTRY: dict[str, Function] = {}


def function(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a pure function under the name that expressions use."""

    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        parameters = inspect.signature(call).parameters.values()
        many = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        single = [p for p in parameters if p.kind is not p.VAR_POSITIONAL]
        words = [f"{p.name}=…" if p.default is not p.empty else p.name for p in single]
        REGISTRY[name] = Function(
            name=name,
            call=call,
            signature=f"{name}({', '.join(words + (['…'] if many else []))})",
            about=inspect.cleandoc(call.__doc__ or ""),
            least=sum(p.default is p.empty for p in single),
            most=math.inf if many else len(single),
        )
        return call

    return register


def expect(value: Any, *kinds: str) -> Any:
    """Return `value` if it is of one of the kinds, else refuse it."""
    found = kind_of(value)
    if found not in kinds:
        reason = _(
            "这里要{wanted}，得到的是{found}", wanted=KIND_NAMES[kinds[0]], found=KIND_NAMES[found]
        )
        raise Failure("wrong_kind", reason)
    return value


def entries(value: Any) -> list[Any]:
    """Return the entries of a list that are not null; null is an empty list."""
    return [entry for entry in (expect(value, "list", "null") or ()) if entry is not None]


SMALLER = ordering("<", operator.lt)


@function("len")
def length(value: Any) -> int:
    """Number of characters, entries or keys; 0 for null."""
    return len(expect(value, "list", "text", "map", "null") or ())


@function("sum")
def total(values: Any) -> Any:
    """Sum of a list of numbers, nulls left out; 0 for null."""
    return bounded(sum(expect(entry, "number") for entry in entries(values)))


@function("min")
def least(first: Any, *others: Any) -> Any:
    """Smallest of the arguments, or of one list; nulls left out; null if nothing is left."""
    return _extreme(first, others, SMALLER)


@function("max")
def greatest(first: Any, *others: Any) -> Any:
    """Largest of the arguments, or of one list; nulls left out; null if nothing is left."""
    return _extreme(first, others, lambda a, b: SMALLER(b, a))


def _extreme(first: Any, others: Iterable[Any], before: Callable[[Any, Any], bool]) -> Any:
    values = entries([first, *others] if others else expect(first, "list", "null"))
    best = values[0] if values else None
    for value in values:
        if before(value, best):
            best = value
    return best


@function("abs")
def absolute(number: Any) -> Any:
    """The number without its sign."""
    return bounded(abs(expect(number, "number")))


@function("round")
def rounded(number: Any, digits: Any = 0) -> Any:
    """Rounded half away from zero, to a whole number or to `digits` (0 to 9) places."""
    places = expect(digits, "number")
    if not isinstance(places, int) or not 0 <= places <= 9:
        raise Failure("wrong_kind", _("小数位数是 0 到 9 的整数"))
    if isinstance(expect(number, "number"), int):
        return number
    scaled = bounded(abs(number) * 10**places)
    whole = math.copysign(math.floor(scaled + 0.5), number)
    return whole / 10**places if places else bounded(int(whole))


@function("floor")
def floor(number: Any) -> int:
    """Largest whole number that is not above."""
    return int(bounded(math.floor(expect(number, "number"))))


@function("ceil")
def ceil(number: Any) -> int:
    """Smallest whole number that is not below."""
    return int(bounded(math.ceil(expect(number, "number"))))


@function("number")
def number_of(value: Any) -> Any:
    """The number that a text writes; null if it writes none."""
    if kind_of(value) == "number":
        return value
    written = (expect(value, "text", "null") or "").strip()
    if not written.isascii() or len(written) > 40 or "_" in written:
        return None
    try:
        return bounded(int(written) if written.lstrip("+-").isdigit() else float(written))
    except (ValueError, Failure):
        return None


@function("text")
def text_of(value: Any) -> str:
    """The value in words: numbers in digits, dates in ISO 8601, null as an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(storable(expect(value, "text", "number", "date", "datetime", "duration")))


@function("lower")
def lower(text: Any) -> str:
    """The text in small letters."""
    return str(bounded((expect(text, "text", "null") or "").lower()))


@function("upper")
def upper(text: Any) -> str:
    """The text in capital letters."""
    return str(bounded((expect(text, "text", "null") or "").upper()))


@function("trim")
def trim(text: Any) -> str:
    """The text without blanks at both ends."""
    return str((expect(text, "text", "null") or "").strip())


@function("contains")
def contains(whole: Any, part: Any) -> bool:
    """Whether a text contains a part, or a list an entry; false for null."""
    if isinstance(whole, str):
        return isinstance(part, str) and part in whole
    return any(same(part, entry) for entry in expect(whole, "list", "null") or ())


@function("starts_with")
def starts_with(text: Any, beginning: Any) -> bool:
    """Whether a text begins so; false for null."""
    return bool((expect(text, "text", "null") or "").startswith(expect(beginning, "text")))


@function("ends_with")
def ends_with(text: Any, ending: Any) -> bool:
    """Whether a text ends so; false for null."""
    return bool((expect(text, "text", "null") or "").endswith(expect(ending, "text")))


@function("join")
def join(values: Any, between: Any = "、") -> str:
    """The entries of a list in words, one after the other, with `between` between them."""
    words = (text_of(entry) for entry in entries(values))
    return str(bounded(str(expect(between, "text")).join(words)))


@function("first")
def first(values: Any) -> Any:
    """First entry of a list; null if it is empty."""
    return member(expect(values, "list", "null"), 0)


@function("last")
def last(values: Any) -> Any:
    """Last entry of a list; null if it is empty."""
    return member(expect(values, "list", "null"), -1)


@function("pluck")
def pluck(values: Any, key: Any) -> list[Any]:
    """What each map of a list has under `key`: `pluck(departments.results, "outcome")`."""
    return [member(entry, expect(key, "text")) for entry in expect(values, "list", "null") or ()]


@function("where")
def where(values: Any, key: Any, value: Any) -> list[Any]:
    """The maps of a list that have `value` under `key`."""
    name = expect(key, "text")
    return [entry for entry in entries(values) if same(member(entry, name), value)]


@function("default")
def default(value: Any, otherwise: Any) -> Any:
    """The value, or `otherwise` where it is null."""
    return otherwise if value is None else value


@function("date")
def date_of(value: Any) -> Any:
    """The date that an ISO 8601 text writes: `date("2026-05-01")`; null for null."""
    return _temporal(value, parse_date)


@function("datetime")
def instant_of(value: Any) -> Any:
    """The instant that an ISO 8601 text writes, without an offset in Asia/Shanghai."""
    return _temporal(value, parse_instant)


@function("duration")
def duration_of(value: Any) -> Any:
    """The duration that an ISO 8601 text writes: `duration("PT2H")`; null for null."""
    return _temporal(value, parse_duration)


def _temporal(value: Any, parse: Callable[[str], Any]) -> Any:
    if value is None or kind_of(value) in ("date", "datetime", "duration"):
        return value
    try:
        return parse(expect(value, "text"))
    except Invalid as refusal:
        raise Failure(refusal.code.partition(".")[2], refusal.text) from None


@function("days")
def days(count: Any) -> timedelta:
    """A duration of so many times 24 hours."""
    return _duration(expect(count, "number") * 86_400)


@function("hours")
def hours(count: Any) -> timedelta:
    """A duration of so many hours."""
    return _duration(expect(count, "number") * 3_600)


@function("minutes")
def minutes(count: Any) -> timedelta:
    """A duration of so many minutes."""
    return _duration(expect(count, "number") * 60)


def _duration(seconds: float) -> timedelta:
    try:
        return timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        raise Failure("too_big", _("时长超出了允许的范围")) from None


def registered(functions: Mapping[str, Callable[..., Any]], name: str) -> Callable[..., Any]:
    """Return the function a call means: a registered one, else what the host supplies here."""
    known = REGISTRY.get(name)
    if known is not None:
        return known.call
    supplied = functions.get(name)
    if supplied is None:
        raise Failure("function_not_here", _("“{name}()”在这里不能用", name=name))
    return supplied
