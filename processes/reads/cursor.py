"""Keyset cursors: where a page ended, as text that a browser can carry.

A cursor holds the last row's sort key and nothing that may be kept secret; one that was tampered
with can at most show another page of what the reader may see anyway.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from engine.db.types import from_microseconds, to_microseconds
from engine.errors import Invalid
from engine.i18n import _

MAX_LENGTH = 300
LARGEST = {int: 2**15, datetime: 2**60}  # what the columns of our sort keys can be compared with


def write_cursor(*key: int | datetime | UUID) -> str:
    """Return a sort key as text."""
    raw = orjson.dumps([to_microseconds(v) if isinstance(v, datetime) else v for v in key])
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def read_cursor(text: str, *kinds: type) -> list[Any]:
    """Return the sort key of a cursor. Raises Invalid("cursor.malformed")."""
    try:
        if len(text) > MAX_LENGTH:
            raise ValueError(text[:20])
        raw = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [read_part(kind, part) for kind, part in zip(kinds, raw, strict=True)]
    except (ValueError, TypeError, OverflowError, OSError, binascii.Error):
        raise Invalid("cursor.malformed", _("翻页位置不对，请回到第一页。")) from None


def read_part(kind: type, part: Any) -> Any:
    """Return one part of a sort key in its own type."""
    if kind is UUID:
        return UUID(str(part))
    if not isinstance(part, int) or abs(part) >= LARGEST[kind]:
        raise TypeError(part)
    return from_microseconds(part) if kind is datetime else part


def after(
    key: Sequence[tuple[ColumnElement[Any], Any]], *, descending: Sequence[bool]
) -> ColumnElement[bool]:
    """Return the condition for rows that come after a sort key of (column, value)."""
    (column, value), down = key[0], descending[0]
    beyond: ColumnElement[bool] = column < value if down else column > value
    if len(key) == 1:
        return beyond
    rest = after(key[1:], descending=descending[1:])
    return sa.or_(beyond, sa.and_(column == value, rest))
