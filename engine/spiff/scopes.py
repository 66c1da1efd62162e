"""The data of an instance: one scope for it and one for each open embedded sub-process.

Branches write a scope in the order of events and see each other's writes at once. What is written
is brought to plain JSON first, so that a value reads the same before and after it was stored.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from engine.bpmn.model import Variable
from engine.errors import Invalid
from engine.i18n import _
from engine.spiff.contract import Data
from engine.spiff.names import Names

MAX_BYTES = 64 * 1024


LARGE = 1024
"""Bytes of JSON above which a value is not copied into every part that may read it."""


class Seen(NamedTuple):
    """The names visible at a place: small values, large ones, and where others stand.

    `called` are the other names of drawn variables, each with the one that its value stands under.
    """

    near: Data
    large: Data
    far: dict[str, str]
    called: dict[str, str]


class Scopes:
    """Scopes by id; 0 is the instance and the outermost. `changes` counts what was written."""

    def __init__(self, outermost: Names) -> None:
        self.outermost = outermost
        self._data: dict[int, Data | Names] = {0: outermost}
        self._outer: dict[int, int] = {}
        self._called: dict[int, dict[str, str]] = {}
        self._closed: set[int] = set()
        self.changes = 0

    def open(self, scope: int, *, outer: int, data: Mapping[str, Any] | None = None) -> None:
        """Open a scope inside another one."""
        self._data[scope] = dict(data or {})
        self._outer[scope] = outer

    def share(self, scope: int, *, outer: int, data: Data, closed: bool = False) -> None:
        """Open a scope whose data the caller keeps: what is written there is kept with it.

        A closed scope takes the names that it has; all others are written outside it.
        """
        self._data[scope] = data
        self._outer[scope] = outer
        if closed:
            self._closed.add(scope)

    def call(self, scope: int, variables: Iterable[Variable]) -> None:
        """Let drawn variables be read and written in a scope under their other names too."""
        called = {other: each.name for each in variables for other in each.called}
        if called:
            self._called[scope] = called

    def has(self, scope: int, variable: Variable) -> bool:
        """Say whether a scope itself holds a variable under any of its names."""
        return any(name in self._data[scope] for name in (variable.name, *variable.called))

    def declare(self, scope: int, variables: Iterable[Variable]) -> None:
        """Begin drawn variables: with what the scope was given under any of their names.

        What was given under a variable's own name is not looked at: it may stand elsewhere.
        """
        data = self._data[scope]
        for each in variables:
            given = [name for name in each.called if name in data]
            if each.name not in data:
                data[each.name] = data[given[0]] if given else initial(each)
            for name in given:
                del data[name]

    def close(self, scope: int) -> None:
        """Close a scope; its data are gone."""
        del self._data[scope], self._outer[scope]
        self._called.pop(scope, None)
        self._closed.discard(scope)

    def own(self, scope: int) -> Data | Names:
        """Return the data of one scope alone."""
        return self._data[scope]

    def visible(self, scope: int) -> Mapping[str, Any]:
        """Return what can be read in a scope: its own names, then those around it. Read only."""
        chain = self._chain(scope)
        if len(chain) == 1 and not self._called:
            return MappingProxyType(self._data[scope])
        return MappingProxyType(ChainMap(*self._views((each, self._data[each]) for each in chain)))

    def _views(self, opened: Iterable[tuple[int, Data | Names]]) -> Iterator[Any]:
        for scope, data in opened:
            yield data
            if scope in self._called:
                yield Called(data, self._called[scope])

    def seen(self, scope: int) -> Seen:
        """Return the names visible in a scope, apart by what it costs to carry them."""
        chain = self._chain(scope)
        inner = ChainMap(*(self._data[each] for each in chain[:-1]))
        called = ChainMap(*(self._called.get(each, {}) for each in chain))
        far = {n: ref for n, ref in self.outermost.far().items() if n not in inner}
        near: Data = {}
        large: Data = {}
        for name in dict.fromkeys((*self.outermost, *inner)):
            if name not in far:
                value = inner[name] if name in inner else self.outermost[name]
                (large if len(orjson.dumps(value)) > LARGE else near)[name] = value
        return Seen(near, large, far, dict(called))

    def copy(self, scope: int) -> Mapping[str, Any]:
        """Return what can be read in a scope now, whatever is written later."""
        copies = ((each, self._data[each].copy()) for each in self._chain(scope))
        return MappingProxyType(ChainMap(*self._views(copies)))

    def write(self, scope: int, values: Mapping[str, Any]) -> None:
        """Assign names: each in the nearest scope that has it, else in `scope` itself.

        Raises Invalid with `data.not_plain` or `data.too_large`.
        """
        chain = self._chain(scope)
        for name, value in plain(values).items():
            home, stored = self._home(chain, name)
            self._data[home][stored] = value
        self.changes += 1

    def _home(self, chain: list[int], name: str) -> tuple[int, str]:
        for scope in chain:
            if name in self._data[scope]:
                return scope, name
            stored = self._called.get(scope, {}).get(name, "")
            if stored in self._data[scope]:
                return scope, stored
        return next(scope for scope in chain if scope not in self._closed), name

    def _chain(self, scope: int) -> list[int]:
        chain = [scope]
        while chain[-1] in self._outer:
            chain.append(self._outer[chain[-1]])
        return chain


class Called(Mapping[str, Any]):
    """Variables of one scope under their other names."""

    def __init__(self, data: Mapping[str, Any], called: Mapping[str, str]) -> None:
        self._data, self._called = data, called

    def __getitem__(self, name: str) -> Any:
        return self._data[self._called[name]]

    def __iter__(self) -> Iterator[str]:
        return (name for name, stored in self._called.items() if stored in self._data)

    def __len__(self) -> int:
        return sum(1 for _name in self)


def initial(variable: Variable) -> Any:
    """Return what a variable is before anything was written to it."""
    return [] if variable.collection else None


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
