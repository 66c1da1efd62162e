"""The two tables of the web side: who may log in, and which programs may speak for them.

A person (processes/tables.py) is an official; an account is a way for that person to log in.
Instants are UTC microseconds, ids UUIDv7.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, Uuid

from engine.db.tables import metadata
from engine.db.types import Instant

account = Table(
    "account",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("login", Text, nullable=False, unique=True),  # lower case
    Column("password_hash", Text, nullable=False),  # Argon2id, with its own parameters
    Column("demo", Boolean, nullable=False),  # works on the loopback address only
    Column("epoch", Integer, nullable=False),  # grows with each new password: ends open sessions
    Column("failures", SmallInteger, nullable=False),  # wrong passwords in a row
    Column("locked_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Index("ix_account_person_id", "person_id"),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("hash", sa.LargeBinary, nullable=False, unique=True),  # SHA-256 of 256 random bits
    Column("scopes", Text, nullable=False),  # "read" or "read write"
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_api_token_account_id", "account_id"),
)

__all__ = ["account", "api_token"]
