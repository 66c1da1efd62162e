"""Closed cases are found by when they were closed: what-if and reports by month"""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_file_closed", "case_file", ["closed_at", "id"])
