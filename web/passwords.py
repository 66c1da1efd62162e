"""Passwords as Argon2id hashes: what may be chosen, how it is kept, how it is compared."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.errors import Invalid
from engine.i18n import _

SHORTEST = 10
LONGEST = 256  # hashing time grows with length: a megabyte of password is an attack
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice


def hash_password(password: str) -> str:
    """Return the hash to keep. Raises Invalid("password.length") where it is too short or long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            "password.length",
            _("密码应为 {least} 到 {most} 个字符。", least=SHORTEST, most=LONGEST),
        )
    return HASHER.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Tell whether a password is the kept one.

    Without a kept hash the same work is done, so that the time taken does not tell whether a
    login exists.
    """
    try:
        HASHER.verify(kept or nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def nobody() -> str:
    """Return a hash that belongs to no account."""
    return HASHER.hash("no such account")
