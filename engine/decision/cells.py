"""What an input cell says: some values, tests that others must pass, or anything.

The unary tests of DMN's FEEL (docs/tables.md). Equality with literals is kept apart from all else,
so that it can be indexed. A cell that is not wholly understood is refused: it would decide wrongly
without a word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import Any

from engine.decision.feel import cut
from engine.decision.unary import Data, Functions, UnaryTest, as_test, literals_of
from engine.errors import Invalid
from engine.expr.values import kind_of, same
from engine.i18n import _

MAX_CELL = 2_000

LITERAL = re.compile(
    r"""\s*(?:
        "(?P<text>(?:[^"\\]|\\.)*)"
      | (?P<number>-?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18}))
      | (?P<word>true|false|null)
    )\s*(?P<comma>,|$)""",
    re.VERBOSE | re.ASCII,
)
ESCAPES = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "r": "\r", "'": "'"}
WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
INDEXED = ("text", "number", "boolean", "null", "date", "datetime", "duration")


@dataclass(frozen=True)
class Cell:
    """An input cell. It accepts a value that is one of `values` or passes one of `tests`.

    `values` is None where anything is accepted.
    """

    text: str
    values: tuple[Any, ...] | None
    tests: tuple[UnaryTest, ...] = ()

    def passes(self, value: Any, data: Data, functions: Functions) -> bool:
        """Return whether a value passes one of the tests; `values` are not looked at."""
        return any(test.holds(value, data, functions) for test in self.tests)


ANYTHING = ("", "-")


def read_cell(text: str, known: Collection[str] = (), *, most: int = MAX_CELL) -> Cell:
    """Return what a cell of at most `most` characters says.

    `known` are the names that expressions in it may begin with.

    Raises Invalid("table.cell") or ("expression.…") for a text that is no unary test.
    """
    written = text.strip()
    if written in ANYTHING:
        return Cell(written, None)
    if len(written) > most:
        raise Invalid("table.cell", _("写得太长，最多 {limit} 个字符", limit=most))
    found = _literals(written)
    if found is not None:
        return Cell(written, found)
    negated, parts = cut(written)
    values: list[Any] = []
    tests: list[UnaryTest] = []
    for part in parts:
        literals = literals_of(part, known)
        if literals is None:
            tests.append(as_test(part, known))
        else:
            values += literals
    if negated:
        return Cell(written, (), (_none_of(written, values, tests),))
    return Cell(written, tuple(values), tuple(tests))


def key_of(value: Any) -> Hashable:
    """Return what a value is found by: equal values of one kind, and only those, share it.

    Lists, maps and the like equal no cell.
    """
    kind = kind_of(value)
    return (kind, value if kind in INDEXED else None)


def _literals(written: str) -> tuple[Any, ...] | None:
    """Return the values of a cell that lists literals and nothing else: most cells do."""
    found: list[Any] = []
    position = 0
    while True:
        match = LITERAL.match(written, position)
        if match is None:
            return None
        found.append(_value(match))
        position = match.end()
        if not match["comma"]:
            return tuple(found)


def _none_of(written: str, values: list[Any], tests: list[UnaryTest]) -> UnaryTest:
    def holds(value: Any, data: Data, functions: Functions) -> bool:
        if any(same(value, each) for each in values):
            return False
        return not any(test.holds(value, data, functions) for test in tests)

    points = (*values, *(point for test in tests for point in test.points))
    settled = all(test.settled for test in tests)
    reads = tuple(name for test in tests for name in test.reads)
    return UnaryTest(written, points, settled, reads, holds)


def _value(match: re.Match[str]) -> Any:
    if match["text"] is not None:
        return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[0]), match["text"])
    if match["number"] is not None:
        number = float(match["number"])
        whole = math.isfinite(number) and "." not in match["number"]
        return int(match["number"]) if whole else number
    return WORDS[match["word"]]
