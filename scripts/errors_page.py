"""Write docs/errors.md from the code: every refusal's code, what kind it is, and its sentence.

A refusal is a call of one of the error classes, or of a function beside it, whose first arguments
are a code `<noun>.<reason>` and a sentence. Run it after adding one; a test compares.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

TOP = Path(__file__).parents[1]
PAGE = TOP / "docs" / "errors.md"
CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_0-9]*")
KINDS = {
    "NotFound": "not found",
    "Forbidden": "forbidden",
    "Conflict": "conflict",
    "Invalid": "invalid",
    "Broken": "broken",
    "Busy": "broken",
    "Unreachable": "broken",
}
HEAD = """# Errors

A refusal is one sentence a clerk can act on and a stable code `<noun>.<reason>`. Over HTTP it is
`application/problem+json` with `code`; the status follows from the kind: invalid 422, forbidden
403, not found 404, conflict 409, broken 503. On the command line it is the sentence and exit
code 1.

This page is written by `scripts/errors_page.py`; `{…}` stands for what is filled in.

| code | kind | sentence |
|---|---|---|
"""


def refusals() -> dict[str, tuple[str, str]]:
    """Return kind and sentence of each code."""
    found: dict[str, tuple[str, str]] = {}
    for package in ("engine", "processes", "web"):
        for path in sorted((TOP / package).rglob("*.py")):
            if "node_modules" not in path.parts:
                for code, kind, sentence in refusals_in(ast.parse(path.read_text("utf-8"))):
                    if code not in found or found[code][1] == "":
                        found[code] = (kind, sentence)
    return found


def refusals_in(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Yield code, kind and sentence of each refusal in a module."""
    named = named_sentences(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        said = [text for text in map(constant, node.args[:2]) if text and CODE.fullmatch(text)]
        sentences = [
            text for each in node.args[:4] if (text := sentence(each) or last_before(each, named))
        ]
        kind = KINDS.get(name_of(node.func), "")
        if said and (kind or sentences):
            yield said[0], kind or "invalid", next(iter(sentences), "")


def named_sentences(tree: ast.AST) -> list[tuple[int, str, str]]:
    """Return line, name and text of each sentence that is given a name first."""
    return [
        (node.lineno, node.targets[0].id, said)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and (said := sentence(node.value))
    ]


def last_before(argument: ast.expr, named: list[tuple[int, str, str]]) -> str:
    """Return the sentence that a name was given last before it is used."""
    if not isinstance(argument, ast.Name):
        return ""
    fits = [row for row in named if row[1] == argument.id and row[0] <= argument.lineno]
    return max(fits, default=(0, "", ""))[2]


def name_of(function: ast.expr) -> str:
    """Return the last name of what is called."""
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def constant(argument: ast.expr) -> str:
    """Return a literal text."""
    is_text = isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    return str(argument.value) if is_text else ""  # type: ignore[attr-defined]


def sentence(argument: ast.expr) -> str:
    """Return the text of a marked sentence."""
    is_marked = isinstance(argument, ast.Call) and name_of(argument.func) == "_" and argument.args
    return constant(argument.args[0]) if is_marked else ""  # type: ignore[attr-defined]


def page() -> str:
    """Return the whole page."""
    rows = [
        f"| `{code}` | {kind} | {said.replace('|', '/')} |"
        for code, (kind, said) in sorted(refusals().items())
    ]
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
