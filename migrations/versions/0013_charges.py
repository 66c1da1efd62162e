"""Accountable time of closed cases by unit and month; closed cases are found by when they closed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "case_file", sa.Column("charged", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_case_file_closed",
        "case_file",
        ["closed_at", "id"],
        sqlite_where=sa.text("closed_at IS NOT NULL"),
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_case_file_uncharged",
        "case_file",
        ["id"],
        sqlite_where=sa.text("charged = 0 AND closed_at IS NOT NULL"),
        postgresql_where=sa.text("NOT charged AND closed_at IS NOT NULL"),
    )
    op.create_table(
        "case_charge",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("charged", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_charge_case_id")),
        sa.PrimaryKeyConstraint("case_id", "charged", "holder", name=op.f("pk_case_charge")),
    )
    op.create_index("ix_case_charge_closed", "case_charge", ["closed_at", "holder"])
