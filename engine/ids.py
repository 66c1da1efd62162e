"""The only place that makes ids: UUIDv7 (RFC 9562), which sort by the time of their making."""

from __future__ import annotations

import itertools
import os
import time
from typing import Protocol
from uuid import UUID, uuid5


class Ids(Protocol):
    """Makes unique ids."""

    def new(self) -> UUID:
        """Return an id never given before."""
        ...


class SystemIds:
    """UUIDv7 from the machine's clock and its random source."""

    def new(self) -> UUID:
        """Return a UUIDv7: 48 bits of milliseconds, then 74 random bits."""
        return uuid7(time.time_ns() // 1_000_000, int.from_bytes(os.urandom(10), "big"))


class CountingIds:
    """The same ids in the same order each time, for runs that are compared."""

    def __init__(self, start: int = 1) -> None:
        self._count = itertools.count(start)

    def new(self) -> UUID:
        """Return the next id of the sequence."""
        return uuid7(0, next(self._count))


def uuid7(milliseconds: int, rest: int) -> UUID:
    """Lay out a UUIDv7 from a Unix time in milliseconds and at least 74 bits of `rest`."""
    low = rest & ((1 << 62) - 1)
    mid = (rest >> 62) & 0xFFF
    value = (milliseconds & ((1 << 48) - 1)) << 80 | 0x7 << 76 | mid << 64 | 0b10 << 62 | low
    return UUID(int=value)


def offer_id(instance_id: UUID, token: int) -> UUID:
    """Return the id of what is offered at a token, which has no row of its own to have one."""
    return uuid5(instance_id, f"offer {token}")
