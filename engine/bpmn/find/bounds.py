"""Drawings that are too much: names, expressions and counts beyond what can be borne."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.bpmn.find.spot import Spot, at
from engine.bpmn.model import Node, Process

MAX_ID, MAX_NAME = 255, 1_000
MAX_EXPRESSIONS, MAX_CHARACTERS = 5_000, 400_000
MAX_CHILDREN = 10_000
PLAIN_COUNT = re.compile(r"[+-]?\s*\d+", re.ASCII)


def long_names(process: Process) -> Iterator[Spot]:
    """Elements whose id or name does not fit where people and databases keep them."""
    named = [(process.id, process.name), *((each.id, each.name) for each in process.lanes)]
    named += [(each.id, each.name) for each in process.nodes.values()]
    named += [(each.id, each.name) for each in process.flows.values()]
    for ident, name in named:
        if len(ident) > MAX_ID or len(name) > MAX_NAME:
            yield Spot(ident, {"name": (name or ident)[:40], "id": MAX_ID, "most": MAX_NAME})


def too_much_written(process: Process) -> Iterator[Spot]:
    """Processes with more expressions and scripts than can be read in good time."""
    texts = [flow.condition for flow in process.flows.values() if flow.condition]
    for node in process.nodes.values():
        texts += _texts(node)
    if len(texts) > MAX_EXPRESSIONS or sum(map(len, texts)) > MAX_CHARACTERS:
        yield Spot(process.id, {"name": process.name or process.id, "most": MAX_EXPRESSIONS})


def _texts(node: Node) -> Iterator[str]:
    yield from (text for text in (node.script, *node.properties.values()) if text)
    yield from (event.text for event in node.events if event.text)
    if node.multi:
        multi = node.multi
        yield from filter(None, (multi.cardinality, multi.collection, multi.completion))


def unbearable_counts(process: Process) -> Iterator[Spot]:
    """Multi-instance activities whose plain number is negative or beyond all measure."""
    for node in process.nodes.values():
        written = node.multi.cardinality.strip() if node.multi else ""
        if PLAIN_COUNT.fullmatch(written) and not _is_bearable(written):
            yield at(node, count=written[:20], most=MAX_CHILDREN)


def _is_bearable(written: str) -> bool:
    return len(written) < 20 and 0 <= int(written.replace(" ", "")) <= MAX_CHILDREN
