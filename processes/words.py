"""What texts are found by: pairs of signs, as Chinese has no blanks between words.

A text is folded first: full-width signs become half-width, capitals small. Simplified and
traditional characters stay what they are. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 1000  # signs of a case's texts that are searched; a report is rarely 200 long
RUN: Final = re.compile(r"[^\W_]+")
SIZE: Final = 2


def fold(text: str) -> str:
    """Return a text as it is compared: `ＡＢ　路灯` and `ab 路灯` are the same."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def searched(*texts: str) -> str:
    """Return the folded texts of a case as they are kept for searching, at most `LONGEST`."""
    return fold("\n".join(texts))[:LONGEST]


def grams(folded: str) -> frozenset[str]:
    """Return the pairs of signs that stand side by side; pairs do not reach over punctuation."""
    return frozenset(
        run[start : start + SIZE]
        for run in RUN.findall(folded)
        for start in range(len(run) - SIZE + 1)
    )
