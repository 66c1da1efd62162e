"""The keys of an installation: files in `SHAODAO_HOME/keys`, made once, readable by their owner.

They are not in the database, so that a stolen copy of it gives away no names and forges no heads;
a backup needs both. Losing `field.key` loses the encrypted columns for good.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import Broken
from engine.i18n import _

KEY_BYTES = 32
FIELD, INDEX, SESSION, SIGNING = "field.key", "index.key", "session.key", "signing.key"
FILES = (FIELD, INDEX, SESSION, SIGNING)
PUBLIC = "signing-{id}.pub"  # one for each signing key ever used; old heads need theirs


@dataclass(frozen=True)
class Keys:
    """All keys of an installation. `repr` shows none of them.

    `field_key` encrypts personal data, `index_key` makes phones findable, `session_key` signs
    cookies, `signing_key` is the Ed25519 seed that signs heads. `public` holds the public keys of
    this and earlier signing keys by their id.
    """

    field_key: bytes = field(repr=False)
    index_key: bytes = field(repr=False)
    session_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    public: Mapping[str, bytes]

    @classmethod
    def create(cls, home: Path) -> Keys:
        """Make the keys that are missing, mode 0600, and return all; none is ever overwritten."""
        folder = home / "keys"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in FILES:
            write_once(folder / name, secrets.token_hex(KEY_BYTES))
        public = public_of(read_key(folder / SIGNING))
        write_once(folder / PUBLIC.format(id=key_id(public)), public.hex())
        return cls.load(home)

    @classmethod
    def load(cls, home: Path) -> Keys:
        """Read the keys. Raises `Broken("keys.missing")` or `Broken("keys.damaged")`."""
        folder = home / "keys"
        field_key, index_key, session_key, signing_key = (read_key(folder / n) for n in FILES)
        earlier = [read_key(path) for path in sorted(folder.glob(PUBLIC.format(id="*")))]
        public = {key_id(key): key for key in (*earlier, public_of(signing_key))}
        return cls(field_key, index_key, session_key, signing_key, public)

    @classmethod
    def random(cls) -> Keys:
        """Return keys that are kept nowhere, for trying things out."""
        field_key, index_key, session_key, signing_key = (
            secrets.token_bytes(KEY_BYTES) for _name in FILES
        )
        public = public_of(signing_key)
        return cls(field_key, index_key, session_key, signing_key, {key_id(public): public})

    @property
    def signer(self) -> str:
        """Return the id of the key that signs now."""
        return key_id(public_of(self.signing_key))

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature of `message`."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_key).sign(message)

    def signed(self, message: bytes, signature: bytes, *, by: str) -> bool:
        """Tell whether `signature` is of `message` by the key with the id `by`."""
        public = self.public.get(by)
        if public is None:
            return False
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


def public_of(seed: bytes) -> bytes:
    """Return the public key of an Ed25519 seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def key_id(public: bytes) -> str:
    """Return the id of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public).hexdigest()[:16]


def write_once(path: Path, text: str) -> None:
    """Write a file that only its owner may read, unless it stands already.

    It is linked into place when it is whole: a crash leaves no half key, two starting processes
    agree on one.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()


def read_key(path: Path) -> bytes:
    """Read a key of 32 bytes in hexadecimal."""
    try:
        key = bytes.fromhex(path.read_text().strip())
    except FileNotFoundError as error:
        raise Broken(
            "keys.missing",
            _("缺少密钥文件 {path}，请从备份恢复", path=str(path)),
        ) from error
    except (OSError, ValueError) as error:
        raise unreadable(path) from error
    if len(key) != KEY_BYTES:
        raise unreadable(path)
    return key


def unreadable(path: Path) -> Broken:
    """Return the refusal of a key file that cannot be used."""
    return Broken(
        "keys.damaged", _("密钥文件 {path} 无法读取或已损坏，请从备份恢复", path=str(path))
    )
