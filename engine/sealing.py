"""Personal data in columns: encrypted for reading, blindly indexed for finding.

A sealed value is one version byte, a 96-bit random nonce, and AES-256-GCM's text and tag. The
table, column and row it belongs to are authenticated with it: a value copied into another row or
column does not open there.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import Broken
from engine.i18n import _
from engine.secrets import Keys

VERSION = b"\x01"  # key and method; a new one is told by another byte, old values stay readable
NONCE_BYTES = 12


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands."""

    table: str
    column: str
    row: UUID

    def bytes(self) -> bytes:
        """Return the associated data that binds a value to this place."""
        return f"{self.table}\x00{self.column}\x00{self.row}".encode()


def encrypt(keys: Keys, text: str, place: Place) -> bytes:
    """Return `text` sealed for `place`; never the same bytes twice."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(keys.field_key).encrypt(nonce, text.encode(), VERSION + place.bytes())
    return VERSION + nonce + sealed


def decrypt(keys: Keys, sealed: bytes, place: Place) -> str:
    """Return the text sealed for `place`.

    Raises `Broken("privacy.unreadable")` for another key, another place, or a changed value.
    """
    sealed = bytes(sealed)
    version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        if version != VERSION:
            raise InvalidTag
        return AESGCM(keys.field_key).decrypt(nonce, rest, version + place.bytes()).decode()
    except (InvalidTag, ValueError) as error:
        raise Broken(
            "privacy.unreadable", _("个人信息无法解密：密钥不符或数据被改动，请联系管理员")
        ) from error


def blind_index(keys: Keys, text: str, purpose: str) -> bytes:
    """Return the keyed HMAC-SHA-256 by which equal texts of one `purpose` find each other."""
    return hmac.digest(keys.index_key, f"{purpose}\x00{text}".encode(), "sha256")
