"""Text to tree, with Python's parser: it builds a tree and runs nothing."""

from __future__ import annotations

import ast
from typing import Literal

from engine.expr.limits import MAX_SOURCE
from engine.expr.source import Source
from engine.expr.walk import check_size
from engine.i18n import _


def parse(source: Source, mode: Literal["eval", "exec"]) -> ast.AST:
    """Return the checked-for-size tree of a source. Raises Invalid with the place."""
    if len(source.text) > MAX_SOURCE:
        raise source.refuse("too_long", _("写得太长，最多 {limit} 个字符", limit=MAX_SOURCE))
    try:
        tree = ast.parse(source.text, mode=mode)
    except SyntaxError as error:
        place = (max(error.lineno or 1, 1), max(error.offset or 1, 1))
        raise source.refuse_at("syntax", _("这里看不懂，请检查括号、引号和运算符"), place) from None
    except (ValueError, RecursionError, MemoryError):
        raise source.refuse("syntax", _("这里看不懂，请检查括号、引号和运算符")) from None
    check_size(source, tree)
    return tree
