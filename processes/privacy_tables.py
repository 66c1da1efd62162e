"""Who has read whose personal data: a chain of its own, beside the trail of what was done.

A reading is noted in `access_pending` at once, which costs one insert and no lock, and moved into
the chain of `access_entry` every minute (processes/privacy.py).
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, Index, Table, Text, Uuid

from engine.db.tables import metadata
from engine.db.types import Instant

access_pending = Table(
    "access_pending",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Uuid),
    Column("case_id", Uuid, nullable=False),
    Column("fields", Text, nullable=False),  # names of what was shown unmasked, space-separated
)

access_entry = Table(
    "access_entry",
    metadata,
    Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("actor", Uuid),
    Column("case_id", Uuid, nullable=False),
    Column("body", sa.LargeBinary, nullable=False),  # the bytes that were hashed
    Column("hash", sa.LargeBinary, nullable=False),
    Index("ix_access_entry_case", "case_id", "at"),
    Index("ix_access_entry_actor", "actor", "at"),
)

__all__ = ["access_entry", "access_pending"]
