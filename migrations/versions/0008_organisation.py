"""The organisation's past, its duty roster and the chain of its changes"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types
from engine.trail import guards

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("org_unit", sa.Column("calendar", sa.Text(), nullable=True))
    op.add_column("person", sa.Column("code", sa.Text(), nullable=True))
    op.create_index("ix_person_code", "person", ["code"], unique=True)
    create_states()
    create_roster()
    create_entries()


def create_states() -> None:
    """What units were: at first, what they have been since they were entered."""
    op.create_table(
        "unit_state",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["org_unit.code"], name=op.f("fk_unit_state_unit")),
        sa.PrimaryKeyConstraint("unit", "valid_from", name=op.f("pk_unit_state")),
    )
    op.execute(
        "INSERT INTO unit_state (unit, valid_from, valid_to, name, kind, parent)"
        " SELECT code, valid_from, valid_to, name, kind, parent FROM org_unit"
    )
    op.create_table(
        "unit_successor",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("successor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["org_unit.code"], name=op.f("fk_unit_successor_unit")),
        sa.ForeignKeyConstraint(
            ["successor"], ["org_unit.code"], name=op.f("fk_unit_successor_successor")
        ),
        sa.PrimaryKeyConstraint("unit", "successor", name=op.f("pk_unit_successor")),
    )
    op.create_index("ix_unit_successor_successor", "unit_successor", ["successor", "at"])


def create_roster() -> None:
    """Who is on duty when."""
    op.create_table(
        "duty_roster",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["org_unit.code"], name=op.f("fk_duty_roster_unit")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_duty_roster_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_roster")),
    )
    op.create_index("ix_duty_roster_unit", "duty_roster", ["unit", "valid_to"])
    op.create_index("ix_duty_roster_person", "duty_roster", ["person_id", "valid_to"])
    op.create_index("ix_duty_roster_valid_to", "duty_roster", ["valid_to", "unit"])
    op.create_index("ix_substitution_absent", "substitution", ["absent_id", "valid_to"])


def create_entries() -> None:
    """The chain of changes."""
    op.create_table(
        "organisation_entry",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_organisation_entry")),
    )
    op.create_index("ix_organisation_entry_subject", "organisation_entry", ["subject", "seq"])
    guards.install(op.get_bind(), ("organisation_entry",))
