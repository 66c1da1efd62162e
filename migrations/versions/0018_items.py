"""Open items are counted by drawn step in their index alone: each repeats whose step it is"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

COUNTED = "unit definition_id process element due_at warn_at opened_at status"


def upgrade() -> None:
    op.drop_index("ix_work_item_role", table_name="work_item")
    op.add_column("work_item", sa.Column("definition_id", sa.Uuid(), nullable=True))
    op.add_column("work_item", sa.Column("process", sa.Text(), nullable=True))
    op.execute(
        "UPDATE work_item SET (definition_id, process) ="
        " (SELECT definition_id, process FROM instance"
        " WHERE instance.id = work_item.instance_id)"
    )
    is_open = sa.text("status = 'open'")
    op.create_index(
        "ix_work_item_role",
        "work_item",
        ["role", sa.literal_column("priority DESC"), "sort_at", "id", *COUNTED.split()],
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
