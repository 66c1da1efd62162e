"""What `in` and `out` of calls pass: nothing else crosses from one instance to another."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from engine.bpmn.model import Node
from engine.run.host import RunHost
from engine.spiff.names import Fetch, Names
from engine.spiff.scopes import Called


def mapped(
    pairs: Iterable[tuple[str, str]], host: RunHost, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what pairs of name and expression give, each expression read over `data`."""
    return {name: host.evaluate(expression, data) for name, expression in pairs}


def own_names(node: Node, *, item: Any, index: int | None) -> dict[str, Any]:
    """Return what one of many sees of itself: `item`, also as it is drawn, and `index`."""
    called = {node.multi.variable: item} if node.multi and node.multi.variable else {}
    return {} if index is None else {**called, "item": item, "index": index}


def item_names(data: Mapping[str, Any], own: dict[str, Any]) -> Mapping[str, Any]:
    """Return the data that a call's `in` reads: the scope's, with its own names on top."""
    return ChainMap(own, data) if own else data  # type: ignore[arg-type]  # only read


def left_by(part: Mapping[str, Any], fetch: Fetch) -> Mapping[str, Any]:
    """Return what a call's `out` reads of a part that has ended, as its job tells it."""
    left = Names.of(part["data"], part.get("far", {}), fetch)
    return ChainMap(left, Called(left, part.get("called", {})))  # type: ignore[arg-type]  # only read
