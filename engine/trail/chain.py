"""The chain of one instance: every entry's hash covers the hash before it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

FIRST = bytes(32)  # stands where the hash before the first entry would be


@dataclass(frozen=True)
class Head:
    """The end of a chain: number and hash of its last entry."""

    seq: int
    hash: bytes


START = Head(seq=0, hash=FIRST)


def seal(previous: bytes, body: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ previous ‖ body), the hash of an entry."""
    return sha256(b"\x00" + previous + body).digest()
