"""Children of one activity by their tokens: a run of numbers, and one bit for each still open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Run(NamedTuple):
    """Tokens given out one after the other; the first is for the item at `begin`.

    Ten thousand children are 1.3 kB of bits, whichever of them have ended.
    """

    first: int = 0
    begin: int = 0
    bits: int = 0

    def has(self, token: int) -> bool:
        """Say whether the child of a token is open."""
        return token >= self.first and bool(self.bits >> (token - self.first) & 1)

    def place(self, token: int) -> int:
        """Return the index of the item that a token is for."""
        return self.begin + token - self.first

    def without(self, token: int) -> Run:
        """Return the run when a child of it has ended."""
        return self._replace(bits=self.bits & ~(1 << (token - self.first)))

    def only(self, token: int) -> Run:
        """Return the run with no child but one."""
        return self._replace(bits=self.bits & (1 << (token - self.first)))

    def but(self, other: Run) -> Run:
        """Return the children open in this run and not in another one of the same activity."""
        if self.first != other.first:
            return self
        return self._replace(bits=self.bits & ~other.bits)

    def tokens(self) -> Iterator[int]:
        """Yield the tokens of the open children, in order."""
        bits = f"{self.bits:b}"[::-1]
        place = bits.find("1")
        while place >= 0:
            yield self.first + place
            place = bits.find("1", place + 1)

    def packed(self) -> list[int | str]:
        """Return what is stored of it."""
        return [self.first, self.begin, f"{self.bits:x}"]

    @classmethod
    def unpacked(cls, first: int, begin: int, bits: str) -> Run:
        """Return a run as it was stored."""
        return cls(first, begin, int(bits, 16))
