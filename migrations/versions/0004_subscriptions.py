"""Messages and signals: who waits for them, who is started by them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("since", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_subscription_instance_id")
        ),
        sa.PrimaryKeyConstraint("instance_id", "token", name=op.f("pk_subscription")),
    )
    op.create_index(
        "ix_subscription_name", "subscription", ["kind", "name", "key", "since"], unique=False
    )
    op.create_table(
        "receiver",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("element", sa.Text(), nullable=False),
        sa.Column("definition_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts", sa.Boolean(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_receiver_definition_id")
        ),
        sa.PrimaryKeyConstraint("key", "process", "element", name=op.f("pk_receiver")),
    )
    op.create_index("ix_receiver_name", "receiver", ["kind", "name", "starts"], unique=False)
