"""JUEL and FEEL conditions of the simple kind, put into our own expressions.

`${amount > 5 && approved}` and `=amount > 5 and approved` say `amount > 5 and approved`. What has
a method call, a pipe or anything else of its own in it is not translated.
"""

from __future__ import annotations

import re

from engine.errors import ShaodaoError
from engine.expr import compile_expression

JUEL = re.compile(r"\s*[$#]\{([^{}]*)\}\s*", re.DOTALL)
FEEL = re.compile(r"\s*=(?!=)(.*)", re.DOTALL)
TEXT = re.compile(r"""("[^"]*"|'[^']*')""")
WORDS = (
    (re.compile(r"&&"), " and "),
    (re.compile(r"\|\|"), " or "),
    (re.compile(r"!(?!=)"), " not "),
    (re.compile(r"\beq\b"), "=="),
    (re.compile(r"\bne\b"), "!="),
    (re.compile(r"\bgt\b"), ">"),
    (re.compile(r"\blt\b"), "<"),
    (re.compile(r"\bge\b"), ">="),
    (re.compile(r"\ble\b"), "<="),
    (re.compile(r"(?<![=!<>])=(?!=)"), "=="),
    (re.compile(r"\s+"), " "),
)


def translated(text: str) -> str | None:
    """Return the expression of ours that says the same, None where there is none."""
    match = JUEL.fullmatch(text) or FEEL.fullmatch(text)
    if match is None:
        return None
    ours = "".join(
        part if TEXT.fullmatch(part) else _words(part) for part in TEXT.split(match[1])
    ).strip()
    try:
        compile_expression(ours)
    except ShaodaoError:
        return None
    return ours


def _words(part: str) -> str:
    for theirs, ours in WORDS:
        part = theirs.sub(ours, part)
    return part
