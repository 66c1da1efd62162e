"""`in` and `out` of calls and sub-processes: `unit = item.unit; kind = item.kind`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def mapped(text: str, evaluate: Callable[[str], Any]) -> dict[str, Any]:
    """Return what a mapping names. A bare name stands for `name = name`."""
    found: dict[str, Any] = {}
    for part in filter(None, (piece.strip() for piece in text.replace("\n", ";").split(";"))):
        name, equals, expression = part.partition("=")
        found[name.strip()] = evaluate(expression.strip() if equals else name.strip())
    return found


def item_names(data: Mapping[str, Any], *, item: Any, index: int | None) -> dict[str, Any]:
    """Return the data that a call's `in` reads: the scope's, with `item` and `index` on top."""
    return {**data, "item": item, "index": index} if index is not None else dict(data)
