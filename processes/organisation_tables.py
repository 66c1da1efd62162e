"""What the organisation was and will be, beside what it is (`org_unit` in processes/tables.py).

The tables here are dated: a row holds from `valid_from` (inclusive) to `valid_to` (exclusive, NULL:
until further notice). Instants are UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Table, Text, Uuid

from engine.db.tables import metadata
from engine.db.types import Instant

# Every state a unit has been in; the newest, without an end, says the same as its `org_unit`.
unit_state = Table(
    "unit_state",
    metadata,
    Column("unit", Text, ForeignKey("org_unit.code"), primary_key=True),
    Column("valid_from", Instant, primary_key=True),
    Column("valid_to", Instant),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("parent", Text),
    Column("calendar", Text),  # code of its working calendar; NULL: that of the unit above
)

# Who went on with what a merged, split or abolished unit had.
unit_successor = Table(
    "unit_successor",
    metadata,
    Column("unit", Text, ForeignKey("org_unit.code"), primary_key=True),
    Column("successor", Text, ForeignKey("org_unit.code"), primary_key=True),
    Column("kind", Text, nullable=False),  # merged, split, abolished
    Column("at", Instant, nullable=False),
    Index("ix_unit_successor_successor", "successor", "at"),
)

# Who is on duty for a unit in a role: holds that post meanwhile, whatever other posts they have.
duty_roster = Table(
    "duty_roster",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("unit", Text, ForeignKey("org_unit.code"), nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant, nullable=False),
    Column("note", Text, nullable=False),  # how to reach the duty room
    Index("ix_duty_roster_unit", "unit", "valid_to"),
    Index("ix_duty_roster_person", "person_id", "valid_to"),
    Index("ix_duty_roster_valid_to", "valid_to", "unit"),  # a week of a whole district
)

# The chain of changes (processes/organisation_chain.py).
organisation_entry = Table(
    "organisation_entry",
    metadata,
    Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),  # code of a unit or calendar, id of a person
    Column("body", sa.LargeBinary, nullable=False),  # the bytes that were hashed
    Column("hash", sa.LargeBinary, nullable=False),
    Index("ix_organisation_entry_subject", "subject", "seq"),
)

__all__ = ["duty_roster", "organisation_entry", "unit_state", "unit_successor"]
