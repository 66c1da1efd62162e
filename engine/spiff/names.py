"""The data of an instance by name: read from its bytes when somebody asks for the name.

A list of two hundred departments is carried past a command that does not look at it as the bytes it
was stored as. What is too much to carry at all stands elsewhere (`far`) and is fetched when read.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, Mapping, MutableMapping
from typing import Any

import orjson

from engine.spiff.contract import Data

FAR = b"@"
"""How bytes begin that say where a value stands; no JSON begins like that."""

Fetch = Callable[[str], Any]


class Names(MutableMapping[str, Any]):
    """Values by name. Whoever reads one must not change it; assigning a name replaces it whole."""

    def __init__(self, stored: Mapping[str, bytes], fetch: Fetch) -> None:
        # None where a value has been assigned since: it stands in `_read` alone.
        self._stored: dict[str, bytes | None] = dict(stored)
        self._read: Data = {}
        self._fetch = fetch

    @classmethod
    def of(cls, data: Mapping[str, Any], far: Mapping[str, str], fetch: Fetch) -> Names:
        """Return names with values at hand and others that stand elsewhere."""
        made = cls({name: FAR + ref.encode() for name, ref in far.items()}, fetch)
        made.update(data)
        return made

    def copy(self) -> Names:
        """Return the same names; what is assigned to one is not seen by the other."""
        made = Names({}, self._fetch)
        made._stored.update(self._stored)
        made._read.update(self._read)
        return made

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            stored = self._stored[name] or b"null"
            far = stored.startswith(FAR)
            self._read[name] = self._fetch(stored[1:].decode()) if far else orjson.loads(stored)
        return self._read[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._stored[name] = None
        self._read[name] = value

    def __delitem__(self, name: str) -> None:
        del self._stored[name]
        self._read.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def stored(self) -> dict[str, bytes]:
        """Return each name with the bytes to store, in the order in which they came."""
        return {n: b if b is not None else orjson.dumps(self._read[n]) for n, b in self._pairs()}

    def far(self) -> dict[str, str]:
        """Return where the values stand that are not here."""
        return {n: b[1:].decode() for n, b in self._pairs() if b and b.startswith(FAR)}

    def _pairs(self) -> ItemsView[str, bytes | None]:
        return self._stored.items()
