"""What `in` and `out` of calls pass: nothing else crosses from one instance to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.mapping import read_mapping
from engine.run.host import RunHost


def mapped(text: str, host: RunHost, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a mapping names, each expression read over `data`."""
    return {name: host.evaluate(expression, data) for name, expression in read_mapping(text)}


def item_names(data: Mapping[str, Any], *, item: Any, index: int | None) -> dict[str, Any]:
    """Return the data that a call's `in` reads: the scope's, with `item` and `index` on top."""
    return {**data, "item": item, "index": index} if index is not None else dict(data)
