"""Jobs stand in queues; a letter is leased while a courier carries it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

PENDING = sa.text("status = 'pending'")
TIMES = "UPDATE job SET queue = 1 WHERE kind IN ('timer', 'clock', 'start_timer')"
BULK = (
    "UPDATE job SET queue = 2 WHERE kind IN ('hand_over', 'readdress', 'follow_area', 'recompute')"
)


def upgrade() -> None:
    op.add_column(
        "job", sa.Column("queue", sa.SmallInteger(), nullable=False, server_default=sa.text("0"))
    )
    op.execute(TIMES)
    op.execute(BULK)
    op.drop_index("ix_job_due", "job")
    op.create_index(
        "ix_job_due",
        "job",
        ["queue", "due_at", "id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.add_column("outbox", sa.Column("lease_until", types.Instant(), nullable=True))
    op.add_column("outbox", sa.Column("lease_owner", sa.Text(), nullable=True))
