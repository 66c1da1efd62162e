"""Texts that begin alike, asked for as a range: an index finds them on both databases.

The columns compare by code point (`BYTEWISE`); SQLite does so anyway.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

AFTER_SLASH: Final = chr(ord("/") + 1)
BYTEWISE: Final = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def starts_with(column: ColumnElement[Any], prefix: str) -> ColumnElement[bool]:
    """Return the condition that a text begins with `prefix`, which is not empty."""
    beyond = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return sa.and_(column >= prefix, column < beyond)


def stands_below(path: ColumnElement[Any], top: Any) -> ColumnElement[bool]:
    """Return the condition that a unit's path is `top`, a column or sub-query, or lies below it."""
    beyond = sa.func.substr(top, 1, sa.func.length(top) - 1).concat(AFTER_SLASH)
    return sa.and_(path >= top, path < beyond)
