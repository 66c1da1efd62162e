"""The data of an instance: one scope for it and one for each open embedded sub-process.

Branches write a scope in the order of events and see each other's writes at once. What is written
is brought to plain JSON first, so that a value reads the same before and after it was stored.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from engine.errors import Invalid
from engine.i18n import _
from engine.spiff.contract import Data
from engine.spiff.names import Names

MAX_BYTES = 64 * 1024


LARGE = 1024
"""Bytes of JSON above which a value is not copied into every part that may read it."""


class Seen(NamedTuple):
    """The names visible at a place: small values, large ones, and where others stand."""

    near: Data
    large: Data
    far: dict[str, str]


class Scopes:
    """Scopes by id; 0 is the instance and the outermost. `changes` counts what was written."""

    def __init__(self, outermost: Names) -> None:
        self.outermost = outermost
        self._data: dict[int, MutableMapping[str, Any]] = {0: outermost}
        self._outer: dict[int, int] = {}
        self.changes = 0

    def open(self, scope: int, *, outer: int, data: Mapping[str, Any] | None = None) -> None:
        """Open a scope inside another one."""
        self._data[scope] = dict(data or {})
        self._outer[scope] = outer

    def share(self, scope: int, *, outer: int, data: Data) -> None:
        """Open a scope whose data the caller keeps: what is written there is kept with it."""
        self._data[scope] = data
        self._outer[scope] = outer

    def close(self, scope: int) -> None:
        """Close a scope; its data are gone."""
        del self._data[scope], self._outer[scope]

    def own(self, scope: int) -> MutableMapping[str, Any]:
        """Return the data of one scope alone."""
        return self._data[scope]

    def visible(self, scope: int) -> Mapping[str, Any]:
        """Return what can be read in a scope: its own names, then those around it. Read only."""
        chain = self._chain(scope)
        if len(chain) == 1:
            return MappingProxyType(self._data[scope])
        return MappingProxyType(ChainMap(*(self._data[each] for each in chain)))

    def seen(self, scope: int) -> Seen:
        """Return the names visible in a scope, apart by what it costs to carry them."""
        inner = ChainMap(*(self._data[each] for each in self._chain(scope)[:-1]))
        far = {n: ref for n, ref in self.outermost.far().items() if n not in inner}
        near: Data = {}
        large: Data = {}
        for name in dict.fromkeys((*self.outermost, *inner)):
            if name not in far:
                value = inner[name] if name in inner else self.outermost[name]
                (large if len(orjson.dumps(value)) > LARGE else near)[name] = value
        return Seen(near, large, far)

    def copy(self, scope: int) -> Mapping[str, Any]:
        """Return what can be read in a scope now, whatever is written later."""
        inner = (dict(self._data[each]) for each in self._chain(scope)[:-1])
        return MappingProxyType(ChainMap(*inner, self.outermost.copy()))

    def write(self, scope: int, values: Mapping[str, Any]) -> None:
        """Assign names: each in the nearest scope that has it, else in `scope` itself.

        Raises Invalid with `data.not_plain` or `data.too_large`.
        """
        chain = self._chain(scope)
        for name, value in plain(values).items():
            home = next((each for each in chain if name in self._data[each]), scope)
            self._data[home][name] = value
        self.changes += 1

    def _chain(self, scope: int) -> list[int]:
        chain = [scope]
        while chain[-1] in self._outer:
            chain.append(self._outer[chain[-1]])
        return chain


def plain(values: Mapping[str, Any]) -> Data:
    """Return the values as plain JSON (a copy); instants become ISO 8601 text."""
    try:
        packed = orjson.dumps(dict(values))
    except TypeError as error:
        text = _("流程数据只能存放文字、数字、是否、列表和表：{reason}", reason=str(error))
        raise Invalid("data.not_plain", text) from error
    if len(packed) > MAX_BYTES:
        limit = MAX_BYTES >> 10
        raise Invalid("data.too_large", _("一次写入的流程数据超过 {limit} KB", limit=limit))
    result: Data = orjson.loads(packed)
    return result
