"""Encryption of whole files that are kept as evidence: AES-256-GCM, bound to the file's name.

A sealed file is one version byte, a 96-bit random nonce, and the encrypted bytes with their tag.
"""

from __future__ import annotations

import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.errors import Broken
from engine.i18n import _
from engine.secrets import Keys

VERSION: Final = b"\x01"
NONCE_BYTES: Final = 12


def seal_file(keys: Keys, data: bytes, *, name: str) -> bytes:
    """Return a file's bytes encrypted under its name."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return VERSION + nonce + AESGCM(keys.field_key).encrypt(nonce, data, bound_to(name))


def unseal_file(keys: Keys, sealed: bytes, *, name: str) -> bytes:
    """Return what was sealed. Raises Broken("file.unreadable") for another key, name or content."""
    nonce, rest = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        if sealed[:1] != VERSION:
            raise InvalidTag
        return AESGCM(keys.field_key).decrypt(nonce, rest, bound_to(name))
    except (InvalidTag, ValueError) as error:
        raise Broken(
            "file.unreadable", _("照片原件无法解密：密钥不符或文件被改动，请联系管理员。")
        ) from error


def bound_to(name: str) -> bytes:
    """Return the associated data that ties a sealed file to its name and to being a file."""
    return VERSION + b"file\x00" + name.encode()
