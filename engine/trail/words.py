"""Free text in the trail: a digest that proves the words while kept, and tells nothing after.

HMAC-SHA-256 with a random salt per field. The salt stands beside the words, and is erased with
them: without it a short text could be guessed from its digest.
"""

from __future__ import annotations

import hmac
import secrets

SALT_BYTES = 16


def digest(words: str, salt: bytes) -> str:
    """Return the digest of `words` as lower-case hexadecimal."""
    return hmac.digest(salt, words.encode(), "sha256").hex()


def matches(words: str, salt: bytes, expected: str) -> bool:
    """Tell whether `words` are the ones that were digested."""
    return hmac.compare_digest(digest(words, salt), expected)


def new_salt() -> bytes:
    """Return a fresh salt from the machine's random source."""
    return secrets.token_bytes(SALT_BYTES)
