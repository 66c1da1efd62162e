"""Organisation and case files"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.db import types

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_organisation()
    create_cases()


def create_organisation() -> None:
    """Units, people, posts."""
    op.create_table(
        "org_unit",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["org_unit.code"], name=op.f("fk_org_unit_parent")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_org_unit")),
    )
    op.create_index("ix_org_unit_parent", "org_unit", ["parent", "name"], unique=False)
    op.create_index("ix_org_unit_path", "org_unit", ["path"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["unit"], ["org_unit.code"], name=op.f("fk_membership_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    op.create_index("ix_membership_person", "membership", ["person_id", "valid_from"], unique=False)
    op.create_index("ix_membership_unit", "membership", ["unit", "role"], unique=False)
    op.create_table(
        "substitution",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("absent_id", sa.Uuid(), nullable=False),
        sa.Column("substitute_id", sa.Uuid(), nullable=False),
        sa.Column("valid_from", types.Instant(), nullable=False),
        sa.Column("valid_to", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["absent_id"], ["person.id"], name=op.f("fk_substitution_absent_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["person.id"], name=op.f("fk_substitution_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_substitution")),
    )
    op.create_index(
        "ix_substitution_substitute", "substitution", ["substitute_id", "valid_to"], unique=False
    )


def create_cases() -> None:
    """Case files, their parts, numbers and photos."""
    op.create_table(
        "case_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_ref", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=True),
        sa.Column("community", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("own_status", sa.Text(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("reported_by", sa.Uuid(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("reporter_name", sa.LargeBinary(), nullable=True),
        sa.Column("reporter_phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.LargeBinary(), nullable=True),
        sa.Column("reported_at", types.Instant(), nullable=False),
        sa.Column("received_at", types.Instant(), nullable=False),
        sa.Column("closed_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["area"], ["org_unit.code"], name=op.f("fk_case_file_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_file")),
        sa.UniqueConstraint("number", name=op.f("uq_case_file_number")),
        sa.UniqueConstraint(
            "source", "external_ref", name=op.f("uq_case_file_source_external_ref")
        ),
    )
    op.create_index("ix_case_file_path", "case_file", ["path", "reported_at", "id"], unique=False)
    op.create_index("ix_case_file_phone", "case_file", ["phone_index"], unique=False)
    op.create_index("ix_case_file_reported", "case_file", ["reported_at", "id"], unique=False)
    op.create_index(
        "ix_case_file_reported_by", "case_file", ["reported_by", "reported_at"], unique=False
    )
    op.create_index(
        "ix_case_file_status", "case_file", ["status", "reported_at", "id"], unique=False
    )
    op.create_table(
        "case_part",
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("started_at", types.Instant(), nullable=False),
        sa.Column("ended_at", types.Instant(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_case_part_case_id")),
        sa.PrimaryKeyConstraint("instance_id", name=op.f("pk_case_part")),
    )
    op.create_index("ix_case_part_case", "case_part", ["case_id", "started_at"], unique=False)
    op.create_index("ix_case_part_unit", "case_part", ["unit", "case_id"], unique=False)
    op.create_table(
        "case_number",
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", "year", name=op.f("pk_case_number")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("clean_sha256", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("at", types.Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_attachment_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_case", "attachment", ["case_id", "at"], unique=False)
