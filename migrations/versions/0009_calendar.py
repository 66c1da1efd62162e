"""Business calendars, the days of the State Council's notices, and what a ledger's line adds"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timetable", types.Json(), nullable=False),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("code", "valid_from", name=op.f("pk_calendar")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_at", types.Instant(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
    )
    op.create_index(
        "ix_calendar_day_calendar", "calendar_day", ["calendar", "entered_at"], unique=False
    )
    op.create_index("ix_org_unit_calendar", "org_unit", ["calendar"], unique=False)
    op.add_column(
        "sla_span", sa.Column("times", sa.Integer(), server_default=sa.text("1"), nullable=False)
    )
    op.add_column("sla_span", sa.Column("until", types.Instant(), nullable=True))
