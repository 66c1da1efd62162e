"""What an input cell says: one of some values, or anything.

The unary tests of DMN's FEEL that are read here are equality with text, number, true, false and
null, lists of these, `-` and the empty cell. Anything else is refused: a cell that is half
understood decides wrongly without a word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid
from engine.expr.values import kind_of
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


@dataclass(frozen=True)
class Cell:
    """An input cell. `values` are what it accepts; None means anything at all."""

    text: str
    values: tuple[Any, ...] | None


def read_cell(text: str) -> Cell:
    """Return what a cell says. Raises Invalid("table.cell") for any other text."""
    written = text.strip()
    if written in ("", "-"):
        return Cell(written, None)
    if len(written) > MAX_CELL:
        raise Invalid("table.cell", _("写得太长，最多 {limit} 个字符", limit=MAX_CELL))
    found: list[Any] = []
    position = 0
    while True:
        match = LITERAL.match(written, position)
        if match is None:
            raise Invalid("table.cell", _not_understood(written))
        found.append(_value(match))
        position = match.end()
        if not match["comma"]:
            return Cell(written, tuple(found))


def key_of(value: Any) -> Hashable:
    """Return what a value is found by: equal values of one kind, and only those, share it.

    Lists, maps and the like equal no cell.
    """
    kind = kind_of(value)
    if kind in ("text", "number", "boolean", "null"):
        return (kind, value)
    return (kind, None)


def _value(match: re.Match[str]) -> Any:
    if match["text"] is not None:
        return re.sub(r"\\(.)", lambda m: ESCAPES.get(m[1], m[0]), match["text"])
    if match["number"] is not None:
        number = float(match["number"])
        whole = math.isfinite(number) and "." not in match["number"]
        return int(match["number"]) if whole else number
    return WORDS[match["word"]]


def _not_understood(written: str) -> Any:
    shown = written if len(written) <= 40 else written[:39] + "…"
    return _(
        "看不懂“{text}”；可以写带引号的文字、数字、true、false、用逗号隔开的几个值，或“-”",
        text=shown,
    )
