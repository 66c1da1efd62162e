"""Indexes of the rows that a condition holds of: what lists ask for is a small part of a table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def partial(name: str, *columns: Any, where: str) -> sa.Index:
    """Return an index of the rows that meet `where`, on both databases.

    SQLite takes it only for a query that says the very same words.
    """
    condition = sa.text(where)
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
