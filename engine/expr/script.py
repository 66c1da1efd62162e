"""A script task's text: lines of `name = expression` or `operation(…)`, nothing else."""

from __future__ import annotations

import ast
import textwrap
from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from engine.expr.expression import NO_FUNCTIONS, Functions
from engine.expr.parsing import parse
from engine.expr.plain import storable
from engine.expr.source import Failure, Source
from engine.expr.walk import CONSTANTS, Call, Frame, Step, Walker
from engine.i18n import _


@dataclass(frozen=True)
class Assignment:
    """A line `name = expression`."""

    name: str
    step: Step


@dataclass(frozen=True)
class Invocation:
    """A line `operation(…)`. Its arguments may be named."""

    operation: str
    arguments: tuple[Step, ...]
    named: Mapping[str, Step]
    step: Callable[[Frame, Mapping[str, Callable[..., Any]]], None] = field(repr=False)


@dataclass(frozen=True)
class Script:
    """A checked script: the names it reads, the operations it calls, the names it assigns."""

    text: str
    names: tuple[str, ...]
    calls: tuple[Call, ...]
    assigns: tuple[str, ...]
    operations: tuple[str, ...]
    lines: tuple[Assignment | Invocation, ...] = field(repr=False, compare=False)

    def run(
        self,
        data: Mapping[str, Any],
        functions: Functions = NO_FUNCTIONS,
        operations: Mapping[str, Callable[..., Any]] = NO_FUNCTIONS,
    ) -> dict[str, Any]:
        """Run the lines in order and return what they assign, ready for JSON.

        A later line sees what an earlier one assigned; `data` itself is not changed. What an
        operation returns is not used. Raises Invalid("script.…") with line and column.
        """
        assigned: dict[str, Any] = {}
        frame = Frame(ChainMap(assigned, data), functions)  # type: ignore[arg-type]  # only read
        for line in self.lines:
            if isinstance(line, Assignment):
                assigned[line.name] = line.step(frame)
            else:
                line.step(frame, operations)
        return assigned


@lru_cache(maxsize=1024)
def compile_script(text: str) -> Script:
    """Return the checked script of a text. Raises Invalid("script.…") with the place."""
    source = Source(textwrap.dedent(text.replace("\r\n", "\n")).strip(), what="script")
    tree = parse(source, "exec")
    walker = Walker(source)
    statements = tree.body if isinstance(tree, ast.Module) else []
    lines = tuple(_line(walker, statement) for statement in statements)
    return Script(
        text=source.text,
        names=tuple(walker.names),
        calls=tuple(walker.calls),
        assigns=tuple(dict.fromkeys(li.name for li in lines if isinstance(li, Assignment))),
        operations=tuple(dict.fromkeys(li.operation for li in lines if isinstance(li, Invocation))),
        lines=lines,
    )


def _line(walker: Walker, statement: ast.stmt) -> Assignment | Invocation:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            if name.startswith("__") or name in CONSTANTS:
                raise walker.source.refuse(
                    "not_allowed", _("不能给“{name}”赋值", name=name), statement
                )
            return Assignment(name, _stored(walker, value))
        case ast.Expr(value=ast.Call(func=ast.Name(id=operation)) as call):
            return _invocation(walker, operation, call)
    reason = _("脚本的每一行只能是“名字 = 表达式”或“操作(…)”")
    raise walker.source.refuse("not_allowed", reason, statement)


def _stored(walker: Walker, value: ast.expr) -> Step:
    step = walker.build(value)
    return walker.guarded(value, lambda frame: storable(step(frame)))


def _invocation(walker: Walker, operation: str, call: ast.Call) -> Invocation:
    arguments = tuple(_stored(walker, argument) for argument in call.args)
    named: dict[str, Step] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            raise walker.source.refuse("not_allowed", _("操作的参数要逐个写明"), call)
        named[keyword.arg] = _stored(walker, keyword.value)

    def perform(frame: Frame, operations: Mapping[str, Callable[..., Any]]) -> None:
        act = operations.get(operation)
        if act is None:
            reason = _("没有名为“{name}”的操作", name=operation)
            raise walker.source.refuse("unknown_operation", reason, call)
        try:
            act(*[a(frame) for a in arguments], **{k: s(frame) for k, s in named.items()})
        except Failure as failure:
            raise walker.source.refuse(failure.code, failure.reason, call) from None

    return Invocation(operation, arguments, named, perform)
