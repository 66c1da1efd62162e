"""The bytes of a trail entry: what is hashed, stored and shown to an outsider.

Canonical here means: JSON in UTF-8 without spaces, keys sorted by code point, instants as UTC with
six decimals and `Z`. Who checks an entry hashes the stored bytes and never writes them anew, so
the rule binds the writer only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

VERSION = 1  # of the entry's format; a reader must know every version ever written


def canonical(value: Any) -> bytes:
    """Return the canonical JSON of plain data. Raises TypeError for what JSON cannot say."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def instant(at: datetime) -> str:
    """Return an aware instant as the trail writes it: `2026-03-02T01:00:00.000000Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
