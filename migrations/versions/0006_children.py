"""Items of many children, and large values that parts are passed: out of the states"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "child_item",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("item", types.Json(), nullable=True),
        sa.Column("answer", types.Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_child_item_instance_id")
        ),
        sa.PrimaryKeyConstraint("instance_id", "token", "place", name=op.f("pk_child_item")),
    )
    op.create_table(
        "passed_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("value", types.Json(), nullable=True),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["instance.id"], name=op.f("fk_passed_value_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passed_value")),
    )
    op.create_index("ix_passed_value_instance", "passed_value", ["instance_id"], unique=False)
