"""Passwords: what may be chosen, and what is kept of them."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from web.passwords import LONGEST, SHORTEST, hash_password, matches


def test_the_right_password_matches_and_no_other() -> None:
    kept = hash_password("春江潮水连海平海上明月")
    assert kept.startswith("$argon2id$")
    assert "春江" not in kept
    assert matches("春江潮水连海平海上明月", kept)
    assert not matches("春江潮水连海平海上明年", kept)


@pytest.mark.parametrize("password", ["a" * (SHORTEST - 1), "a" * (LONGEST + 1), ""])
def test_too_short_and_too_long_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        hash_password(password)
    assert refusal.value.code == "password.length"


def test_without_a_kept_hash_nothing_matches() -> None:
    assert not matches("no such account", None)
    assert not matches("anything at all", "not a hash")
