"""Appeals: a breach and a rating that were taken out of the figures; neither is changed"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sla_clock", sa.Column("exempted_at", types.Instant(), nullable=True))
    op.add_column("rating", sa.Column("excluded_at", types.Instant(), nullable=True))
