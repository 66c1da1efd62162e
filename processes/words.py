"""What texts are found by: pairs of signs, as Chinese has no blanks between words.

Ten digits make too few pairs to tell numbers apart: of numbers and Latin letters groups of three
and of four are kept as well.

A text is folded first: full-width signs become half-width, capitals small. Simplified and
traditional characters stay what they are. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

LONGEST: Final = 1000  # signs of a case's texts that are searched; a report is rarely 200 long
RUN: Final = re.compile(r"[^\W_]+")
SIZE: Final = 2
SERIAL: Final = re.compile(r"[0-9a-z]+")
SERIAL_SIZES: Final = (3, 4)


def fold(text: str) -> str:
    """Return a text as it is compared: `ＡＢ　路灯` and `ab 路灯` are the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def searched(*texts: str) -> str:
    """Return the folded texts of a case as they are kept for searching, at most `LONGEST`."""
    return fold("\n".join(texts))[:LONGEST]


def grams(folded: str) -> frozenset[str]:
    """Return the pairs of signs that stand side by side, and the longer groups in numbers.

    Neither reaches over punctuation.
    """
    serials = SERIAL.findall(folded)
    longer = (pieces(serials, size) for size in SERIAL_SIZES)
    return frozenset(pieces(RUN.findall(folded), SIZE)).union(*longer)


def pieces(runs: Iterable[str], size: int) -> Iterator[str]:
    """Yield the pieces of a size that stand in some runs of signs."""
    for run in runs:
        yield from (run[start : start + size] for start in range(len(run) - size + 1))
