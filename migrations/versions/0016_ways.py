"""Lists of cases are walked in indexes that know what narrows them; daily roll-ups of trends"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

BATCH = 2_000
SERIAL = re.compile(r"[0-9a-z]{3,}")
NARROWED = ("status", "category", "priority")
CASES = sa.table(
    "case_file",
    sa.column("id", sa.Uuid()),
    sa.column("words", sa.Text()),
    sa.column("reported_at", types.Instant()),
)
NUMBERS = sa.table(
    "number_word",
    sa.column("gram", sa.Text()),
    sa.column("reported_at", types.Instant()),
    sa.column("case_id", sa.Uuid()),
)


# Those of INDEXES stood there with fewer columns.
INDEXES = (
    *(
        (f"ix_case_file_{level}", "case_file", f"{level} reported_at id status category priority")
        for level in ("street", "community", "grid")
    ),
    ("ix_case_file_status", "case_file", "status reported_at id category priority"),
    ("ix_case_part_unit", "case_part", "unit reported_at case_id closed_as category priority"),
)
PARTIAL = (
    ("ix_case_file_urgent", "case_file", "priority reported_at id status category", "priority > 0"),
    ("ix_case_part_open", "case_part", "unit reported_at case_id closed_as", "closed_as IS NULL"),
    ("ix_work_item_closed", "work_item", "closed_at outcome", "closed_at IS NOT NULL"),
    ("ix_sla_clock_stopped", "sla_clock", "stopped_at", "stopped_at IS NOT NULL"),
    ("ix_sla_clock_breached", "sla_clock", "breached_at", "breached_at IS NOT NULL"),
)
RUNNING = "due_at id root_id status holder warn_at exempted_at"
REPORTED_BY = "reported_by reported_at id status category priority"
COUNTED = "unit element instance_id root_id due_at warn_at status"


def upgrade() -> None:
    for name, table, _columns in INDEXES:
        op.drop_index(name, table_name=table)
    copy_to_parts()
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns.split())
    category = ["category", "reported_at", "id", "status", "priority"]
    op.create_index("ix_case_file_category", "case_file", category)
    for name, table, columns, where in PARTIAL:
        partial(name, table, columns.split(), where)
    op.drop_index("ix_work_item_role", table_name="work_item")
    order = ["role", sa.literal_column("priority DESC"), "sort_at", "id"]
    partial("ix_work_item_role", "work_item", [*order, *COUNTED.split()], "status = 'open'")
    op.drop_index("ix_sla_clock_running", table_name="sla_clock")
    partial("ix_sla_clock_running", "sla_clock", RUNNING.split(), "status = 'running'")
    op.drop_index("ix_case_file_reported_by", table_name="case_file")
    partial("ix_case_file_reported_by", "case_file", REPORTED_BY.split(), "reported_by IS NOT NULL")
    create_trends()
    find_numbers()


def create_trends() -> None:
    op.create_table(
        "trend",
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit", "day", "category", "measure", name=op.f("pk_trend")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_trend_day", "trend", ["day"])
    op.create_table(
        "trend_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rolled", sa.Boolean(), nullable=False),
        sa.Column("listed_at", types.Instant(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_trend_day")),
    )
    op.create_index(
        "ix_trend_day_stale",
        "trend_day",
        ["day"],
        sqlite_where=sa.text("rolled = 0"),
        postgresql_where=sa.text("NOT rolled"),
    )


def copy_to_parts() -> None:
    """Give parts what they repeat of their cases."""
    for column in (
        sa.Column("category", sa.Text(), nullable=False, server_default=""),
        sa.Column("priority", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("closed_as", sa.Text(), nullable=True),
    ):
        op.add_column("case_part", column)
    op.execute(
        "UPDATE case_part SET (category, priority, closed_as) ="
        " (SELECT category, priority, CASE WHEN closed_at IS NULL THEN NULL ELSE status END"
        " FROM case_file WHERE case_file.id = case_part.case_id)"
    )


def partial(name: str, table: str, columns: list[Any], where: str) -> None:
    said = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=said, postgresql_where=said)


def find_numbers() -> None:
    """Add groups of three and four signs to the index of searches, in its order: that is fast."""
    connection = op.get_bind()
    connection.execute(
        sa.text("CREATE TEMPORARY TABLE number_word AS SELECT * FROM case_word WHERE 1 = 0")
    )
    read = sa.select(CASES.c.id, CASES.c.words, CASES.c.reported_at).order_by(CASES.c.id)
    last = None
    while rows := connection.execute(
        (read if last is None else read.where(CASES.c.id > last)).limit(BATCH)
    ).all():
        last = rows[-1].id
        found = [
            {"gram": gram, "reported_at": row.reported_at, "case_id": row.id}
            for row in rows
            for gram in sorted(set(groups(row.words)))
        ]
        if found:
            connection.execute(sa.insert(NUMBERS), found)
    connection.execute(
        sa.text(
            "INSERT INTO case_word SELECT * FROM number_word ORDER BY gram, reported_at, case_id"
        )
    )
    connection.execute(sa.text("DROP TABLE number_word"))


def groups(words: str) -> Iterator[str]:
    for run in SERIAL.findall(words):
        for size in (3, 4):
            yield from (run[start : start + size] for start in range(len(run) - size + 1))
