"""One expression: compiled once, evaluated over data as often as wanted."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from engine.expr.parsing import parse
from engine.expr.source import Source
from engine.expr.walk import Call, Frame, Step, Walker
from engine.i18n import _

Functions = Mapping[str, Callable[..., Any]]

NO_FUNCTIONS: Functions = MappingProxyType({})


@dataclass(frozen=True)
class Expression:
    """A checked expression.

    `names` are the dotted names it reads, `calls` the functions it calls with their literal
    arguments, so that deploy can check clocks and a gateway can record what it read.
    """

    text: str
    names: tuple[str, ...]
    calls: tuple[Call, ...]
    step: Step = field(repr=False, compare=False)

    def value(self, data: Mapping[str, Any], functions: Functions = NO_FUNCTIONS) -> Any:
        """Return its value over `data`; `functions` are the host's own (`due`, `warn`, `now`).

        Missing names are None. Raises Invalid("expression.…") with line and column.
        """
        return self.step(Frame(data, functions))


@lru_cache(maxsize=4096)
def compile_expression(text: str) -> Expression:
    """Return the checked expression of a text. Raises Invalid("expression.…") with the place."""
    # Line breaks are layout in XML files; characters keep their places.
    source = Source(text.strip().replace("\r", " ").replace("\n", " ").replace("\t", " "))
    if not source.text:
        raise source.refuse("empty", _("表达式是空的"))
    tree = parse(source, "eval")
    if not isinstance(tree, ast.Expression):
        raise source.refuse("syntax", _("这里看不懂，请检查括号、引号和运算符"))
    walker = Walker(source)
    step = walker.build(tree.body)
    return Expression(source.text, tuple(walker.names), tuple(walker.calls), step)
