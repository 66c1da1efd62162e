"""The Merkle tree of RFC 6962 section 2.1, grown by its peaks.

A tree of n leaves is a row of full subtrees, one for each bit of n, largest first: its peaks. They
are all that is needed to add a leaf (at most log2 n hashes) and to tell the root.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

HASH_BYTES = 32


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two subtrees."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Tree:
    """A tree of `size` leaves, known by its peaks, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def add(self, data: bytes) -> Tree:
        """Return the tree with one leaf more."""
        peaks, carry, size = list(self.peaks), leaf_hash(data), self.size
        while size & 1:  # two subtrees of one size become one, as a carry in binary addition
            carry = node_hash(peaks.pop(), carry)
            size >>= 1
        return Tree(self.size + 1, (*peaks, carry))

    def root(self) -> bytes:
        """Return the Merkle tree hash; of no leaves it is the hash of nothing."""
        if not self.peaks:
            return sha256(b"").digest()
        return reduce(lambda right, left: node_hash(left, right), reversed(self.peaks))

    def packed(self) -> bytes:
        """Return the peaks one after the other, for a column."""
        return b"".join(self.peaks)

    @classmethod
    def unpacked(cls, size: int, packed: bytes) -> Tree:
        """Read back what `packed` gave. Raises ValueError where the peaks are not of `size`."""
        if len(packed) != HASH_BYTES * size.bit_count():
            raise ValueError(f"{len(packed)} bytes are not the peaks of {size} leaves")
        starts = range(0, len(packed), HASH_BYTES)
        return cls(size, tuple(packed[start : start + HASH_BYTES] for start in starts))
