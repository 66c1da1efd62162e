"""The text of an expression, and refusals that point into it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from engine.errors import Invalid
from engine.i18n import Text, _

SHOWN = 60


class Failure(Exception):
    """An operation or function cannot give a value; raised where the place is not known."""

    def __init__(self, code: str, reason: Text) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Source:
    """What somebody wrote, so that a refusal can say where. `what` is the code's noun."""

    text: str
    what: str = "expression"

    def refuse(self, code: str, reason: Text, node: ast.AST | None = None) -> Invalid:
        """Return a refusal `<what>.<code>` that names line and column of `node`."""
        line, column = self._place(node)
        return self.refuse_at(code, reason, (line, column))

    def refuse_at(self, code: str, reason: Text, place: tuple[int, int]) -> Invalid:
        """Return a refusal at a line and column, both counted from 1."""
        line, column = place
        sentence = _(
            "“{source}”第 {line} 行第 {column} 个字符：{reason}",
            source=self.excerpt(),
            line=line,
            column=column,
            reason=reason,
        )
        return Invalid(f"{self.what}.{code}", sentence, source=self.text, line=line, column=column)

    def excerpt(self) -> str:
        """Return the beginning of the text on one line, for sentences."""
        flat = " ".join(self.text.split())
        return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"

    def _place(self, node: ast.AST | None) -> tuple[int, int]:
        line = getattr(node, "lineno", 1)
        offset = getattr(node, "col_offset", 0)
        lines = self.text.split("\n")
        written = lines[line - 1] if line <= len(lines) else ""
        # ast counts bytes of UTF-8; people count characters.
        return line, len(written.encode()[:offset].decode(errors="ignore")) + 1
