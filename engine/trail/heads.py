"""A signed head of the log: what is kept outside, on paper, by mail or on another host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from engine.errors import Invalid
from engine.i18n import _
from engine.secrets import Keys
from engine.trail.canonical import canonical, instant

VERSION = 1


def head_message(size: int, at: datetime, root: bytes, key: str) -> bytes:
    """Return canonical JSON of {v, size, at, root, key}: what a head's signature covers."""
    return canonical(
        {"v": VERSION, "size": size, "at": instant(at), "root": root.hex(), "key": key}
    )


@dataclass(frozen=True)
class SignedHead:
    """The log at one moment: so many leaves, this root, signed by that key."""

    size: int
    at: datetime
    root: bytes
    key: str
    signature: bytes

    @classmethod
    def of_row(cls, row: Any) -> SignedHead:
        """Return the head that a row of `log_head` holds."""
        return cls(row.size, row.at, bytes(row.root), row.key, bytes(row.signature))

    def genuine(self, keys: Keys) -> bool:
        """Tell whether one of our keys signed exactly this."""
        message = head_message(self.size, self.at, self.root, self.key)
        return keys.signed(message, self.signature, by=self.key)

    def written(self) -> bytes:
        """Return the head as a file: the signed JSON with the signature beside."""
        return canonical(
            {
                "v": VERSION,
                "size": self.size,
                "at": instant(self.at),
                "root": self.root.hex(),
                "key": self.key,
                "signature": self.signature.hex(),
            }
        )

    @classmethod
    def read(cls, text: bytes) -> SignedHead:
        """Read a head's file. Raises `Invalid("head.unreadable")` for anything else."""
        try:
            said = orjson.loads(text)
            if said["v"] != VERSION:
                raise ValueError(said["v"])
            return cls(
                int(said["size"]),
                datetime.fromisoformat(said["at"]),
                bytes.fromhex(said["root"]),
                str(said["key"]),
                bytes.fromhex(said["signature"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise Invalid(
                "head.unreadable", _("不是哨到导出的日志头文件，请检查所选文件")
            ) from error
