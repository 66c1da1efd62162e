"""What `in` and `out` of calls pass: nothing else crosses from one instance to another."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from engine.bpmn.mapping import read_mapping
from engine.run.host import RunHost


def mapped(text: str, host: RunHost, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a mapping names, each expression read over `data`."""
    return {name: host.evaluate(expression, data) for name, expression in read_mapping(text)}


def item_names(data: Mapping[str, Any], *, item: Any, index: int | None) -> Mapping[str, Any]:
    """Return the data that a call's `in` reads: the scope's, with `item` and `index` on top."""
    if index is None:
        return data
    return ChainMap({"item": item, "index": index}, data)  # type: ignore[arg-type]  # only read
