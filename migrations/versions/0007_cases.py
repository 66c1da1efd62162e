"""Finding cases: pairs of signs, numbers from their end, links, what standard applies"""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

BATCH = 500
LONGEST = 1000  # signs of a case's texts that were searched when this was written
RUN = re.compile(r"[^\W_]+")
PATHS = (("org_unit", "path"), ("case_file", "path"))
LEVELS = ("street", "community", "grid")

WORDS = sa.table(
    "case_word",
    sa.column("gram"),
    sa.column("reported_at", sa.BigInteger()),
    sa.column("case_id", sa.Uuid()),
)
CASES = sa.table(
    "case_file",
    sa.column("id", sa.Uuid()),
    sa.column("number"),
    sa.column("title"),
    sa.column("description"),
    sa.column("reported_at"),
    sa.column("words"),
    sa.column("number_reversed"),
)


def upgrade() -> None:
    compare_paths_by_code_point()
    add_columns()
    create_words()
    create_links()
    fill_in()
    create_indexes()


def compare_paths_by_code_point() -> None:
    """So that "begins with" is a range of an index on PostgreSQL, as it is on SQLite."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column in PATHS:
            op.execute(f'ALTER TABLE {table} ALTER COLUMN {column} TYPE text COLLATE "C"')


def bytewise() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def add_columns() -> None:
    added: tuple[sa.Column[object], ...] = (
        sa.Column("number_reversed", bytewise(), nullable=False, server_default=""),
        sa.Column("words", sa.Text(), nullable=False, server_default=""),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("joint_area", sa.Text(), nullable=True),
        sa.Column("standard", sa.Text(), nullable=True),
        sa.Column("filing_condition", sa.Text(), nullable=True),
        sa.Column("whistle_type", sa.Text(), nullable=True),
    )
    for column in added:
        op.add_column("case_file", column)
    op.add_column(
        "case_part", sa.Column("reported_at", types.Instant(), nullable=False, server_default="0")
    )
    op.add_column("attachment", sa.Column("work_item_id", sa.Uuid(), nullable=True))


def create_words() -> None:
    op.create_table(
        "case_word",
        sa.Column("gram", bytewise(), nullable=False),
        sa.Column("reported_at", types.Instant(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_word_case_id")),
        sa.PrimaryKeyConstraint("gram", "reported_at", "case_id", name=op.f("pk_case_word")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_word_case_id", "case_word", ["case_id"], unique=False)


def create_links() -> None:
    op.create_table(
        "case_link",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", types.Instant(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_link_case_id")),
        sa.ForeignKeyConstraint(["other_id"], ["case_file.id"], name=op.f("fk_case_link_other_id")),
        sa.PrimaryKeyConstraint("case_id", "other_id", name=op.f("pk_case_link")),
    )
    op.create_index("ix_case_link_other_id", "case_link", ["other_id", "at"], unique=False)


def fill_in() -> None:
    """Make what is stored already findable: a batch of cases at a time, each read once."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE case_part SET reported_at = (SELECT reported_at FROM case_file"
            " WHERE case_file.id = case_part.case_id)"
        )
    )
    read = sa.select(
        CASES.c.id, CASES.c.number, CASES.c.title, CASES.c.description, CASES.c.reported_at
    ).order_by(CASES.c.id)
    last = None
    while rows := connection.execute(
        (read if last is None else read.where(CASES.c.id > last)).limit(BATCH)
    ).all():
        last = rows[-1].id
        make_findable(connection, rows)


def make_findable(connection: sa.Connection, rows: list[sa.Row[tuple[object, ...]]]) -> None:
    found = [(row, searched(row.title, row.description)) for row in rows]
    connection.execute(
        sa.update(CASES)
        .where(CASES.c.id == sa.bindparam("case"))
        .values(words=sa.bindparam("said"), number_reversed=sa.bindparam("backwards")),
        [{"case": row.id, "said": said, "backwards": row.number[::-1]} for row, said in found],
    )
    pairs = [
        {"gram": gram, "reported_at": row.reported_at, "case_id": row.id}
        for row, said in found
        for gram in sorted(grams(said))
    ]
    if pairs:
        connection.execute(sa.insert(WORDS), pairs)


def searched(*texts: str) -> str:
    """What the product made searchable then: `shaodao reindex` makes it anew by today's rules."""
    folded = unicodedata.normalize("NFKC", "\n".join(texts)).casefold()
    return " ".join(folded.split())[:LONGEST]


def grams(folded: str) -> frozenset[str]:
    return frozenset(
        run[start : start + 2] for run in RUN.findall(folded) for start in range(len(run) - 1)
    )


def create_indexes() -> None:
    for level in LEVELS:
        op.create_index(
            f"ix_case_file_{level}", "case_file", [level, "reported_at", "id"], unique=False
        )
    op.create_index("ix_case_file_number_reversed", "case_file", ["number_reversed"], unique=False)
    op.create_index(
        "ix_case_file_alike", "case_file", ["category", "area", "reported_at"], unique=False
    )
    op.drop_index("ix_case_part_unit", table_name="case_part")
    op.create_index(
        "ix_case_part_unit", "case_part", ["unit", "reported_at", "case_id"], unique=False
    )
    op.create_index(
        "ix_sla_clock_holder",
        "sla_clock",
        ["holder", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'running'"),
        postgresql_where=sa.text("status = 'running'"),
    )
