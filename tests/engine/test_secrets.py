"""Keys are made once and stay; what they seal opens only where it belongs."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from engine.errors import Broken
from engine.sealing import Place, blind_index, decrypt, encrypt
from engine.secrets import Keys

NAME = Place("case_file", "reporter_name", UUID(int=1))


def test_keys_are_made_once_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    made = Keys.create(tmp_path)
    assert Keys.create(tmp_path) == made == Keys.load(tmp_path)
    files = list((tmp_path / "keys").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert len(files) == 5
    assert len({made.field_key, made.index_key, made.session_key, made.signing_key}) == 4


def test_keys_do_not_show_themselves(tmp_path: Path) -> None:
    made = Keys.create(tmp_path)
    assert made.signing_key.hex() not in repr(made)
    assert str(made.field_key) not in repr(made)


def test_missing_and_damaged_keys_are_told_with_their_file(tmp_path: Path) -> None:
    with pytest.raises(Broken, match=r"field\.key") as missing:
        Keys.load(tmp_path)
    Keys.create(tmp_path)
    (tmp_path / "keys" / "index.key").write_text("abc")
    with pytest.raises(Broken, match=r"index\.key") as damaged:
        Keys.load(tmp_path)
    assert (missing.value.code, damaged.value.code) == ("keys.missing", "keys.damaged")


def test_heads_of_an_earlier_signing_key_stay_provable(tmp_path: Path) -> None:
    old = Keys.create(tmp_path)
    signature = old.sign(b"head")
    (tmp_path / "keys" / "signing.key").unlink()
    new = Keys.create(tmp_path)
    assert new.signer != old.signer
    assert new.signed(b"head", signature, by=old.signer)
    assert not new.signed(b"head", signature, by=new.signer)
    assert not new.signed(b"other", signature, by=old.signer)
    assert not new.signed(b"head", signature, by="unknown")


def test_a_sealed_value_opens_only_in_its_place_and_with_its_key() -> None:
    keys = Keys.random()
    sealed = encrypt(keys, "张三", NAME)
    assert decrypt(keys, sealed, NAME) == "张三"
    assert "张三".encode() not in sealed
    assert encrypt(keys, "张三", NAME) != sealed
    for other in (
        replace(NAME, row=UUID(int=2)),
        replace(NAME, column="address"),
        replace(NAME, table="person"),
    ):
        with pytest.raises(Broken):
            decrypt(keys, sealed, other)
    for damaged in (b"", b"\x01", b"\x02" + sealed[1:], sealed[:-1] + b"x"):
        with pytest.raises(Broken) as refused:
            decrypt(keys, damaged, NAME)
        assert refused.value.code == "privacy.unreadable"
    with pytest.raises(Broken):
        decrypt(Keys.random(), sealed, NAME)


def test_a_blind_index_needs_the_key_and_tells_purposes_apart() -> None:
    keys = Keys.random()
    assert blind_index(keys, "1", "phone") == blind_index(keys, "1", "phone")
    assert blind_index(keys, "1", "phone") != blind_index(keys, "1", "name")
    assert blind_index(keys, "1", "phone") != blind_index(Keys.random(), "1", "phone")
