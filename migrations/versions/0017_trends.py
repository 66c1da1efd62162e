"""Trends keep a row for each unit, day and category, all measures beside each other"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MEASURES = ("reported", "closed", "on_time", "late", "objected")
DAYS = sa.table("trend_day", sa.column("rolled", sa.Boolean()))


def upgrade() -> None:
    op.drop_table("trend")
    op.create_table(
        "trend",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        *(sa.Column(measure, sa.Integer(), nullable=False) for measure in MEASURES),
        sa.PrimaryKeyConstraint("unit", "day", "category", name=op.f("pk_trend")),
        sqlite_with_rowid=False,
    )
    # What was stored can be counted from the cases again: a worker does, and whoever asks.
    op.execute(sa.update(DAYS).values(rolled=False))
