"""What a drawing reads and never writes, and the values that make a difference to it.

Those are the view (`case.*`), what operations give back, and the data a process is started with.
The values are those that the drawing compares a name with, those a table lists, and one more.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.bpmn.model import Kind
from engine.decision import Table
from engine.run.folder import Folder
from engine.trials.drawn import processes_of
from engine.trials.texts import dotted, trees, written_in

OTHER = "other"
WORDS = ("true", "false", "null")
MOST_VALUES = 4
World = Mapping[str, Any]


@dataclass(frozen=True)
class Unknown:
    """A dotted name, and the values worth trying; the first is the usual one."""

    name: str
    values: tuple[Any, ...]


def unknowns(folder: Folder, tables: Sequence[Table], view: str) -> tuple[Unknown, ...]:
    """Return what is unknown of a folder: first what its drawings compare, then what tables ask."""
    start = f"{view}."
    listed = {n: v for table in tables for n, v in _listed(table) if n.startswith(start)}
    compared: dict[str, list[Any]] = {}
    for tree in trees(folder):
        for name, values in _compared(tree):
            compared.setdefault(name, []).extend(values)
    names = sorted(name for name in {*listed, *compared} if _is_unknown(folder, name, view))
    found = (Unknown(n, _worth(listed.get(n, []), compared.get(n, []))) for n in names)
    return tuple(sorted(found, key=lambda each: not compared.get(each.name)))


def worlds(found: Sequence[Unknown]) -> Iterator[World]:
    """Yield the usual world, those that differ from it in everything, then in one name each."""
    turns = max((len(each.values) for each in found), default=1)
    for turn in range(turns):
        yield {each.name: each.values[turn % len(each.values)] for each in found}
    usual = {each.name: each.values[0] for each in found}
    for each in found:
        for value in each.values[1:]:
            yield {**usual, each.name: value}


def nested(world: World, head: str) -> dict[str, Any]:
    """Return what a world says under a name: `{"urgency": …}` for "case"."""
    start = f"{head}."
    return {
        name.removeprefix(start): value for name, value in world.items() if name.startswith(start)
    }


def _worth(listed: list[Any], compared: list[Any]) -> tuple[Any, ...]:
    """Return values worth trying: a table's own, and those that a drawing compares with."""
    values = [value for value in compared if not listed or value != OTHER]
    return tuple(_distinct([*listed, *values]))


def _is_unknown(folder: Folder, name: str, view: str) -> bool:
    head, _dot, rest = name.partition(".")
    if head in WORDS:
        return False
    if head == view:
        return bool(rest)
    kinds = {p.nodes[head].kind for p in processes_of(folder) if head in p.nodes}
    if kinds:
        return Kind.SERVICE_TASK in kinds and bool(rest)
    return not any(head in written_in(process) for process in processes_of(folder))


def _listed(table: Table) -> Iterator[tuple[str, list[Any]]]:
    for place, column in enumerate(table.inputs):
        for name in column.expression.names:
            cells = (rule.inputs[place].values or () for rule in table.rules)
            values = [*column.listed, *(value for cell in cells for value in cell)]
            yield name, _distinct(values)[:MOST_VALUES]


def _compared(tree: ast.AST) -> Iterator[tuple[str, list[Any]]]:
    """Yield each dotted name that is read, with what it is compared with; of a truth both."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            values = [value for side in sides for value in _constants(side)]
            yield from ((name, values) for name in map(dotted, sides) if name)
        yield from ((name, [True, False]) for name in map(dotted, _truths(node)) if name)
    parts = {ast.Attribute: "value", ast.Call: "func"}
    inner = {id(getattr(node, parts[type(node)])) for node in ast.walk(tree) if type(node) in parts}
    for node in ast.walk(tree):
        if (name := dotted(node)) and id(node) not in inner:
            yield name, []


def _truths(node: ast.AST) -> list[ast.expr]:
    """Return the parts of a tree that are asked only whether they hold."""
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.IfExp):
        return [node.test]
    return [node.operand] if isinstance(node, ast.UnaryOp) else []


def _constants(side: ast.AST) -> list[Any]:
    if isinstance(side, ast.List):
        return [value for each in side.elts for value in _constants(each)]
    if not isinstance(side, ast.Constant) or side.value is None:
        return []
    value = side.value
    if isinstance(value, int) and not isinstance(value, bool):
        return [value - 1, value, value + 1]
    return [OTHER, value] if isinstance(value, str) else [value]


def _distinct(values: Sequence[Any]) -> list[Any]:
    """Return values once each, those that compare as one and are not, as True and 1, apart."""
    found: dict[tuple[type, Any], Any] = {}
    for value in values:
        found.setdefault((type(value), value), value)
    return [value for value in found.values() if value is not None] or [OTHER]
