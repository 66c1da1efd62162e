"""Every expression written in a folder, as trees that can be asked what they compare with what."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator

from engine.bpmn.mapping import read_mapping
from engine.bpmn.model import Node, Process
from engine.errors import ShaodaoError
from engine.run.choices import WHEN
from engine.run.folder import Folder
from engine.run.host import PARAMETER
from engine.run.timers import is_time
from engine.trials.drawn import processes_of

EXPRESSIONS = ("unit", "collection", "key")
MAPPINGS = ("in", "out")


def trees(folder: Folder) -> Iterator[ast.AST]:
    """Yield the tree of each expression and script; what is no expression is left out."""
    for text in texts(folder):
        try:
            yield ast.parse(textwrap.dedent(text).strip())
        except SyntaxError:
            continue  # deploy tells


def texts(folder: Folder) -> Iterator[str]:
    """Yield what is written in the diagrams of a folder."""
    for process in processes_of(folder):
        yield from (asked(flow.condition) for flow in process.flows.values() if flow.condition)
        for node in process.nodes.values():
            yield from _texts_of(node)


def _texts_of(node: Node) -> Iterator[str]:
    yield from (event.text for event in node.events if not is_time(event.text))
    if node.multi:
        yield from (node.multi.cardinality, node.multi.collection)
    if node.script:
        yield node.script
    for name, text in node.properties.items():
        if name == WHEN or name.startswith(f"{WHEN}."):
            yield asked(text)
        elif name in EXPRESSIONS or name.startswith(PARAMETER):
            yield text
        elif name in MAPPINGS:
            yield from (given for _name, given in mapped(text))


def asked(condition: str) -> str:
    """Write a condition so that its tree shows that only its truth is asked for."""
    return f"({condition}) and True"


def mapped(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a mapping; none of one that cannot be read, which deploy tells."""
    try:
        return read_mapping(text)
    except ShaodaoError:
        return ()


def dotted(node: ast.AST) -> str:
    """Return the dotted name that a tree is, "" where it is anything else."""
    if isinstance(node, ast.Attribute):
        head = dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return node.id if isinstance(node, ast.Name) else ""


def written_in(process: Process) -> set[str]:
    """Return the names that something in a process writes: elements, scripts, mappings."""
    names = {"item", "index", *process.nodes}
    for node in process.nodes.values():
        for each in MAPPINGS:
            names.update(name for name, _text in mapped(node.properties.get(each, "")))
        if node.script:
            names.update(_assigned(node.script))
    return names


def _assigned(script: str) -> Iterator[str]:
    try:
        tree = ast.parse(textwrap.dedent(script).strip())
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            yield from (each.id for each in node.targets if isinstance(each, ast.Name))
