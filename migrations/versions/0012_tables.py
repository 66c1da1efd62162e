"""Versions of tables: a content may come again, rests on a document, may be withdrawn"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("table_version") as versions:
        versions.drop_constraint("uq_table_version_key_hash", type_="unique")
        versions.add_column(sa.Column("basis", sa.Text(), nullable=False, server_default=""))
        versions.add_column(sa.Column("withdrawn_at", types.Instant(), nullable=True))
        versions.add_column(sa.Column("withdrawn_by", sa.Text(), nullable=True))
    op.create_table(
        "trial_result",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("report", types.Json(), nullable=False),
        sa.Column("ran_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_trial_result")),
    )
