"""What `in` and `out` of calls pass: nothing else crosses from one instance to another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.run.host import RunHost


def mapped(
    pairs: Iterable[tuple[str, str]], host: RunHost, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what pairs of name and expression give, each expression read over `data`."""
    return {name: host.evaluate(expression, data) for name, expression in pairs}


def item_names(
    data: Mapping[str, Any], *, item: Any, index: int | None, called: str = ""
) -> dict[str, Any]:
    """Return the data that a call's `in` reads: the scope's, with `item` and `index` on top.

    `called` is what the drawing calls the item.
    """
    if index is None:
        return dict(data)
    return {**data, **({called: item} if called else {}), "item": item, "index": index}
