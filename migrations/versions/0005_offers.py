"""Offers to people, and who may not do a step"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscription", sa.Column("role", sa.Text(), nullable=True))
    op.add_column("subscription", sa.Column("unit", sa.Text(), nullable=True))
    op.create_table(
        "work_item_barred",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["work_item.id"], name=op.f("fk_work_item_barred_item_id")
        ),
        sa.PrimaryKeyConstraint("item_id", "person_id", name=op.f("pk_work_item_barred")),
    )
