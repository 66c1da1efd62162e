"""Reading data by name: what is missing is null, at any depth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def member(value: Any, key: Any) -> Any:
    """Return the entry `key` of a map or a list, None where there is none."""
    if isinstance(value, dict | Mapping):  # dict first: the plain check is the quick one
        return value.get(key) if isinstance(key, str) else None
    if isinstance(value, list | tuple) and isinstance(key, int) and not isinstance(key, bool):
        return value[key] if -len(value) <= key < len(value) else None
    return None


def follow(data: Mapping[str, Any], path: Sequence[str]) -> Any:
    """Return what stands at the end of a path of keys, None where it breaks off."""
    value: Any = data
    for key in path:
        # Most of what stands on a path are plain maps: they are spared a call.
        value = value.get(key) if type(value) is dict else member(value, key)
        if value is None:
            return None
    return value


def lookup(name: str, data: Mapping[str, Any]) -> Any:
    """Return what a dotted name such as `case.urgency` reads, as an expression would."""
    return follow(data, name.split("."))
