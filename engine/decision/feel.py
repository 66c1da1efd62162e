"""The texts of FEEL in input cells: cut into tests, and turned into our own expressions.

What stands between the commas of a cell is an interval, a comparison whose left side is left out,
or an expression. Expressions are ours (docs/expressions.md) but for a few spellings of FEEL that
are put over here: `?`, `=`, `@"…"`, `date and time("…")`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.iso import is_duration, shown

THIS = "本值"
"""What the column's own value is called inside an expression; people write `?`.

A word, since sentences about the expression show it.
"""

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>"(?:[^"\\]|\\.)*")
      | (?P<number>\d+(?:\.\d+)?|\.\d+)
      | (?P<name>[^\W\d]\w*)
      | (?P<sign>\.\.|<=|>=|!=|==|//|[-+*/%<>=?@.,:()\[\]{}])
    )\s*""",
    re.VERBOSE,
)
COMPARISONS = ("<", "<=", ">", ">=", "=", "==", "!=")
DECIDING = frozenset({"?", "and", "or", "not", "in", *COMPARISONS})
OPENING, CLOSING = ("[", "(", "{"), ("]", ")", "}")


@dataclass(frozen=True)
class Interval:
    """From `low` to `high`, each with or without the end itself."""

    low: str
    high: str
    low_included: bool
    high_included: bool


@dataclass(frozen=True)
class Comparison:
    """A comparison of the column's value with `operand`; `sign` is one of six."""

    sign: str
    operand: str


@dataclass(frozen=True)
class Term:
    """An expression. `decides` says whether it is a condition itself, and not a value to equal."""

    text: str
    decides: bool


Part = Interval | Comparison | Term


def cut(text: str) -> tuple[bool, tuple[Part, ...]]:
    """Return the tests of a cell, and whether the cell accepts what none of them does (`not(…)`).

    Raises Invalid("table.cell").
    """
    tokens = _tokens(text)
    if tokens[:2] == ["not", "("] and tokens[-1] == ")":
        try:
            return True, _parts(tokens[2:-1], text)
        except Invalid:
            pass  # `not(a) and (b)` begins and ends so too, and is an expression
    return False, _parts(tokens, text)


def expression_of(text: str) -> str:
    """Return a FEEL value as an expression of ours. Raises Invalid("table.cell")."""
    return _written(_tokens(text), text)


def refused(text: str) -> Invalid:
    """Return the refusal of a cell that is not understood."""
    reason = _(
        '看不懂“{text}”；可以写带引号的文字、数字、true、false、null、日期 date("…")、'
        "比较（>= 5）、区间（[1..10]）、not(…)、用逗号隔开的几个，或“-”",
        text=shown(text),
    )
    return Invalid("table.cell", reason)


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    position = 0
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise refused(text)
        found.append(match[0].strip())
        position = match.end()
        if found[-3:] == ["date", "and", "time"]:
            found[-3:] = ["datetime"]
    return found


def _parts(tokens: Sequence[str], text: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    start = 0
    while True:
        interval = _interval(tokens, start, text)
        end = interval[1] if interval else _end_of_term(tokens, start)
        parts.append(interval[0] if interval else _term(tokens[start:end], text))
        if end == len(tokens):
            return tuple(parts)
        if tokens[end] != ",":
            raise refused(text)
        start = end + 1


def _interval(tokens: Sequence[str], start: int, text: str) -> tuple[Interval, int] | None:
    """Return the interval that begins here and where it ends, None where none does."""
    if start >= len(tokens) or tokens[start] not in ("[", "(", "]"):
        return None
    dots = _find(tokens, start + 1, ("..",))
    if dots is None:
        return None
    end = _find(tokens, dots + 1, ("]", ")", "["))
    if end is None:
        raise refused(text)
    low, high = tokens[start + 1 : dots], tokens[dots + 1 : end]
    interval = Interval(
        _written(low, text), _written(high, text), tokens[start] == "[", tokens[end] == "]"
    )
    return interval, end + 1


def _find(tokens: Sequence[str], start: int, wanted: tuple[str, ...]) -> int | None:
    """Return where one of `wanted` stands outside all brackets. A `[` closes only before a comma
    or the end: elsewhere it opens."""
    depth = 0
    for at in range(start, len(tokens)):
        each = tokens[at]
        is_last = at + 1 == len(tokens) or tokens[at + 1] == ","
        if depth == 0 and each in wanted and (each != "[" or is_last):
            return at
        depth += (each in OPENING) - (each in CLOSING)
        if depth < 0:
            return None
    return None


def _end_of_term(tokens: Sequence[str], start: int) -> int:
    end = _find(tokens, start, (",",))
    return len(tokens) if end is None else end


def _term(tokens: Sequence[str], text: str) -> Part:
    if tokens and tokens[0] in COMPARISONS:
        return Comparison(tokens[0].replace("==", "="), _written(tokens[1:], text))
    return Term(_written(tokens, text), decides=not DECIDING.isdisjoint(tokens))


def _written(tokens: Sequence[str], text: str) -> str:
    """Return tokens as an expression of ours."""
    if not tokens or ".." in tokens or not _balanced(tokens):
        raise refused(text)
    found: list[str] = []
    rest = list(tokens)
    while rest:
        each = rest.pop(0)
        if each == "@":
            found.append(_at(rest.pop(0) if rest else "", text))
        elif each.startswith('"') and found and found[-1].endswith('"'):
            raise refused(text)  # two texts side by side would become one
        else:
            found.append({"?": THIS, "=": "=="}.get(each, each))
    return " ".join(found)


def _balanced(tokens: Sequence[str]) -> bool:
    depth = 0
    for each in tokens:
        depth += (each in OPENING) - (each in CLOSING)
        if depth < 0:
            return False
    return depth == 0


def _at(literal: str, text: str) -> str:
    """Return what `@"…"` means: a duration, an instant or a date, by its shape."""
    if not literal.startswith('"'):
        raise refused(text)
    inside = literal[1:-1]
    if is_duration(inside):
        return f"duration({literal})"
    return f"datetime({literal})" if "T" in inside else f"date({literal})"
