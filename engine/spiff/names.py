"""The data of an instance by name: read from its bytes when somebody asks for the name.

A list of two hundred departments is carried past a command that does not look at it as the bytes it
was stored as. What is too much to carry at all stands elsewhere (`far`) and is fetched when read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import orjson

from engine.spiff.contract import Data

FAR = b"@"
"""How bytes begin that say where a value stands; no JSON begins like that."""

Fetch = Callable[[str], Any]


class Names(MutableMapping[str, Any]):
    """Values by name. Whoever reads one must not change it; assigning a name replaces it whole.

    `stored` is LF, name, TAB, value for each name, in JSON, which holds neither; in the order in
    which they came. It is searched, not split: most names of a long case are asked for by nobody.
    """

    def __init__(self, stored: bytes, fetch: Fetch) -> None:
        self.stored = stored
        self._read: Data = {}
        self._fetch = fetch

    @classmethod
    def of(cls, data: Mapping[str, Any], far: Mapping[str, str], fetch: Fetch) -> Names:
        """Return names with values at hand and others that stand elsewhere."""
        there = (b"\n%s\t%s%s" % (orjson.dumps(n), FAR, ref.encode()) for n, ref in far.items())
        here = (b"\n%s\t%s" % (orjson.dumps(n), orjson.dumps(value)) for n, value in data.items())
        return cls(b"".join((*there, *here)), fetch)

    def copy(self) -> Names:
        """Return the same names; what is assigned to one is not seen by the other."""
        return Names(self.stored, self._fetch)

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            begin, end = self._place(name)
            value = self.stored[begin:end]
            far = value.startswith(FAR)
            self._read[name] = self._fetch(value[1:].decode()) if far else orjson.loads(value)
        return self._read[name]

    def __setitem__(self, name: str, value: Any) -> None:
        packed = orjson.dumps(value)
        if name in self:
            begin, end = self._place(name)
            self.stored = self.stored[:begin] + packed + self.stored[end:]
        else:
            self.stored += b"\n%s\t%s" % (orjson.dumps(name), packed)
        self._read[name] = value

    def __delitem__(self, name: str) -> None:
        begin, end = self._place(name)
        self.stored = self.stored[: self.stored.rindex(b"\n", 0, begin)] + self.stored[end:]
        self._read.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return b"\n%s\t" % orjson.dumps(name) in self.stored

    def __iter__(self) -> Iterator[str]:
        return (orjson.loads(line.split(b"\t")[0]) for line in self.stored.split(b"\n")[1:])

    def __len__(self) -> int:
        return self.stored.count(b"\n")

    def far(self) -> dict[str, str]:
        """Return where the values stand that are not here."""
        pairs = (line.split(b"\t") for line in self.stored.split(b"\n")[1:])
        return {orjson.loads(n): value[1:].decode() for n, value in pairs if value[:1] == FAR}

    def _place(self, name: str) -> tuple[int, int]:
        key = b"\n%s\t" % orjson.dumps(name)
        found = self.stored.find(key)
        if found < 0:
            raise KeyError(name)
        end = self.stored.find(b"\n", found + 1)
        return found + len(key), len(self.stored) if end < 0 else end
