"""The chain's own tables on one page; they stand beside the engine's, on the same metadata.

Sealed columns hold what identifies a person, encrypted (processes/privacy.py): never query them,
the phone alone can be found through its keyed index. Units are known everywhere by their code.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, Uuid

from engine.db.partial import partial
from engine.db.tables import metadata
from engine.db.types import Instant, Json
from processes.prefix import BYTEWISE

Blob = sa.LargeBinary

org_unit = Table(
    "org_unit",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # processes/organisation.py UnitKind
    Column("parent", Text, ForeignKey("org_unit.code")),
    Column("path", BYTEWISE, nullable=False),  # "/QX/QY/QY-03/": itself and all above (or its heir)
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    Column("calendar", Text),  # the nearest unit upwards that has one says the working hours
    Index("ix_org_unit_calendar", "calendar"),
    Index("ix_org_unit_path", "path"),
    Index("ix_org_unit_parent", "parent", "name"),
)

calendar = Table(
    "calendar",
    metadata,
    Column("code", Text, primary_key=True),
    Column("valid_from", Instant, primary_key=True),
    Column("name", Text, nullable=False),
    Column("timetable", Json, nullable=False),  # engine/sla/timetable.py
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Uuid),
)

# Only ever added to: of one date the last entry counts, so that what was known when can be told.
calendar_day = Table(
    "calendar_day",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("calendar", Text),  # NULL: all of them, from the State Council's notice
    Column("date", sa.Date, nullable=False),
    Column("kind", Text, nullable=False),  # rest, work
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("entered_at", Instant, nullable=False),
    Column("entered_by", Uuid),
    Index("ix_calendar_day_calendar", "calendar", "entered_at"),
)

person = Table(
    "person",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("phone", Blob),  # sealed
    Column("code", Text),  # staff number, for finding them again in an imported list
    Index("ix_person_code", "code", unique=True),
)

membership = Table(
    "membership",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("role", Text, nullable=False),  # a lane's id, or supervisor, admin
    Column("unit", Text, ForeignKey("org_unit.code"), nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant),
    Index("ix_membership_person", "person_id", "valid_from"),
    Index("ix_membership_unit", "unit", "role"),
)

substitution = Table(
    "substitution",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("absent_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("substitute_id", Uuid, ForeignKey("person.id"), nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_to", Instant, nullable=False),
    Index("ix_substitution_substitute", "substitute_id", "valid_to"),
    Index("ix_substitution_absent", "absent_id", "valid_to"),
)

case_file = Table(
    "case_file",
    metadata,
    Column("id", Uuid, primary_key=True),  # the root instance's id
    Column("number", Text, nullable=False, unique=True),  # <area code>-<yyyy>-<6 digits>
    Column("number_reversed", BYTEWISE, nullable=False, server_default=""),  # found by its tail
    Column("source", Text, nullable=False),  # channel: patrol, resident, or an import's name
    Column("external_ref", Text),  # the number it has where it came from
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("words", Text, nullable=False, server_default=""),  # folded texts, for searching
    Column("category", Text, nullable=False),
    Column("standard", Text),  # code of the standards catalogue
    Column("filing_condition", Text),  # code of one of the standard's conditions
    Column("urgency", Text, nullable=False),  # normal, urgent, danger
    Column("mode", Text, nullable=False),  # normal, urgent, wartime
    Column("area", Text, ForeignKey("org_unit.code"), nullable=False),
    Column("grid", Text),  # the levels that the area stands in, where it has them
    Column("community", Text),
    Column("street", Text),
    Column("joint_area", Text),  # the neighbour it also lies in, where it crosses a boundary
    Column("path", BYTEWISE, nullable=False),  # the area's path, so that a list needs no join
    Column("status", Text, nullable=False),  # code of domain section 4a, shown and filtered
    Column("own_status", Text),  # of the case's own open steps; NULL while only parts work
    Column("priority", SmallInteger, nullable=False),  # 0 normal, 1 urgent, 2 danger to life
    Column("reported_by", Uuid),  # the person who entered it, NULL for imports
    Column("address", Blob),  # sealed
    Column("place", Text),  # the address again where no reporter is named: a public place
    Column("reporter_name", Blob),  # sealed
    Column("reporter_phone", Blob),  # sealed
    Column("phone_index", Blob),  # keyed index of the phone, for finding its other cases
    Column("whistle_type", Text),  # request, key_work, joint_enforcement, emergency; once blown
    Column("first_receiver", Text),  # the lead of its first whistle: answerable to the requester
    Column("objections", SmallInteger, nullable=False, server_default=sa.text("0")),
    Column("reported_at", Instant, nullable=False),  # when it was told to us or to the source
    Column("received_at", Instant, nullable=False),  # when it entered here; clocks run from now
    Column("closed_at", Instant),
    # Whether the time of a closed case stands in `case_charge` (processes/charging.py).
    Column("charged", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("source", "external_ref"),
    # Lists are walked in these, newest first: what narrows them stands in the index (reads/way.py).
    Index("ix_case_file_status", "status", "reported_at", "id", "category", "priority"),
    Index("ix_case_file_category", "category", "reported_at", "id", "status", "priority"),
    partial(
        "ix_case_file_urgent",
        "priority",
        "reported_at",
        "id",
        "status",
        "category",
        where="priority > 0",
    ),
    Index("ix_case_file_path", "path", "reported_at", "id"),
    partial("ix_case_file_open", "path", where="closed_at IS NULL"),
    Index("ix_case_file_reported", "reported_at", "id"),
    Index("ix_case_file_street", "street", "reported_at", "id", "status", "category", "priority"),
    Index(
        "ix_case_file_community", "community", "reported_at", "id", "status", "category", "priority"
    ),
    Index("ix_case_file_grid", "grid", "reported_at", "id", "status", "category", "priority"),
    partial("ix_case_file_closed", "closed_at", "id", where="closed_at IS NOT NULL"),
    Index("ix_case_file_alike", "category", "area", "reported_at"),
    Index("ix_case_file_number_reversed", "number_reversed"),
    # Partial, or SQLite would take the many that nobody reported for the usual number.
    partial(
        "ix_case_file_reported_by",
        "reported_by",
        "reported_at",
        "id",
        "status",
        "category",
        "priority",
        where="reported_by IS NOT NULL",
    ),
    Index("ix_case_file_phone", "phone_index"),
    Index(
        "ix_case_file_uncharged",
        "id",
        sqlite_where=sa.text("charged = 0 AND closed_at IS NOT NULL"),
        postgresql_where=sa.text("NOT charged AND closed_at IS NOT NULL"),
    ),
)

# What happened on a day, counted once the day has ended (processes/trends.py).
trend = Table(
    "trend",
    metadata,
    Column("unit", Text, primary_key=True),  # the one it happened in, and each one above it
    Column("day", sa.Date, primary_key=True),  # of Asia/Shanghai
    Column("category", Text, primary_key=True),
    # How often, by measure (processes/facts.py).
    Column("reported", Integer, nullable=False),
    Column("closed", Integer, nullable=False),
    Column("on_time", Integer, nullable=False),
    Column("late", Integer, nullable=False),
    Column("objected", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# The days that have ended. One that is not rolled up, or not any more, is counted live.
trend_day = Table(
    "trend_day",
    metadata,
    Column("day", sa.Date, primary_key=True),
    Column("rolled", sa.Boolean, nullable=False),
    Column("listed_at", Instant, nullable=False),
    Index(
        "ix_trend_day_stale",
        "day",
        sqlite_where=sa.text("rolled = 0"),
        postgresql_where=sa.text("NOT rolled"),
    ),
)

# The time of a closed case: what was charged to whom (docs/deadlines.md, Accountable time).
case_charge = Table(
    "case_charge",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id"), primary_key=True),
    Column("charged", Text, primary_key=True),  # the kind: engine/sla/accountable.py Charged
    # A unit or `role:<code>`: all that took part have a row each. "": the case's own, once.
    Column("holder", Text, primary_key=True),
    Column("minutes", Integer, nullable=False),
    Column("closed_at", Instant, nullable=False),  # the case's, so that a month needs no join
    Index("ix_case_charge_closed", "closed_at", "holder"),
)

case_part = Table(
    "case_part",
    metadata,
    Column("instance_id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id"), nullable=False),
    Column("unit", Text),  # NULL: a called piece of the chain that is no unit's own part
    Column("kind", Text, nullable=False),  # lead, assist, notify
    Column("round", SmallInteger, nullable=False),  # whistle round 1..3
    Column("status", Text),  # NULL: a called piece of the chain where no step of its own is open
    Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),  # never answered
    Column("no_show", Text),  # not_come or wrong_people, the last time the convener said so
    # The case's own, so that a unit's list is walked without it (processes/reads/way.py).
    Column("reported_at", Instant, nullable=False, server_default="0"),
    Column("category", Text, nullable=False, server_default=""),
    Column("priority", SmallInteger, nullable=False, server_default=sa.text("0")),
    Column("closed_as", Text),  # the status it ended with, NULL while it is open
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_case_part_case", "case_id", "started_at"),
    Index(
        "ix_case_part_unit", "unit", "reported_at", "case_id", "closed_as", "category", "priority"
    ),
    partial(
        "ix_case_part_open",
        "unit",
        "reported_at",
        "case_id",
        "closed_as",
        where="closed_as IS NULL",
    ),
)

case_word = Table(
    "case_word",
    metadata,
    Column("gram", BYTEWISE, primary_key=True),  # two signs that stand side by side
    Column("reported_at", Instant, primary_key=True),  # the case's, so that the newest come first
    Column("case_id", Uuid, ForeignKey("case_file.id"), primary_key=True),
    Index("ix_case_word_case_id", "case_id"),
    sqlite_with_rowid=False,
)

case_link = Table(
    "case_link",
    metadata,
    Column("case_id", Uuid, ForeignKey("case_file.id"), primary_key=True),
    Column("other_id", Uuid, ForeignKey("case_file.id"), primary_key=True),
    Column("kind", Text, nullable=False),  # processes/links.py Kind
    Column("at", Instant, nullable=False),
    Column("by", Uuid),
    Column("reason", Text, nullable=False),
    Index("ix_case_link_other_id", "other_id", "at"),
)

case_number = Table(
    "case_number",
    metadata,
    Column("area", Text, primary_key=True),
    Column("year", Integer, primary_key=True),  # of Asia/Shanghai
    Column("next", Integer, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id"), nullable=False),
    Column("sha256", Text, nullable=False),  # of the original, which is kept sealed
    Column("clean_sha256", Text, nullable=False),  # of the copy that is shown
    Column("kind", Text, nullable=False),  # media type of the original
    Column("width", Integer, nullable=False),  # pixels of the copy
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),  # bytes of the original
    Column("uploaded_by", Uuid),
    Column("work_item_id", Uuid),  # the step or offer it was taken at; NULL: with the report
    Column("at", Instant, nullable=False),
    Index("ix_attachment_case", "case_id", "at"),
)

rating = Table(
    "rating",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, ForeignKey("case_file.id"), nullable=False),
    Column("unit", Text, nullable=False),  # rated by the blower, or rating the whistle
    Column("by", Text, nullable=False),  # blower or unit
    Column("aspect", Text, nullable=False),  # a field of the form: response, arrival, should, ...
    Column("score", SmallInteger, nullable=False),  # 1 to 5
    Column("at", Instant, nullable=False),
    Column("excluded_at", Instant),  # when an appeal took it out of the figures; the score stays
    Index("ix_rating_case", "case_id", "unit"),
    Index("ix_rating_unit", "unit", "at"),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),  # processes/practice.py
    Column("value", Text, nullable=False),
    Column("changed_by", Uuid),
    Column("changed_at", Instant, nullable=False),
)

__all__ = [
    "attachment",
    "calendar",
    "calendar_day",
    "case_file",
    "case_link",
    "case_number",
    "case_part",
    "case_word",
    "membership",
    "metadata",
    "org_unit",
    "person",
    "rating",
    "setting",
    "substitution",
]

trial_result = Table(
    "trial_result",
    metadata,
    Column("hash", Text, primary_key=True),  # content of the folder: definition.hash
    Column("report", Json, nullable=False),  # engine/trials/report.py
    Column("ran_at", Instant, nullable=False),
)
