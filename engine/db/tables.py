"""All tables of the engine on one page: the schema is a newcomer's map.

Units and organisation are known to the engine as codes (`unit`, `role`): whose they are is the
business of `processes`. Instants are UTC microseconds (`Instant`), ids UUIDv7.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, Uuid

from engine.db.partial import partial
from engine.db.types import Instant, Json

Blob = sa.LargeBinary

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

definition = Table(
    "definition",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False),  # the folder's name
    Column("version", Integer, nullable=False),
    Column("hash", Text, nullable=False),  # SHA-256 of names and contents
    Column("files", Json, nullable=False),  # {file name: text}; tables are versioned apart
    Column("builder", Integer, nullable=False),  # version of engine/spiff/build that first ran it
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", Text, nullable=False),
    sa.UniqueConstraint("key", "version"),
    sa.UniqueConstraint("key", "hash"),
)

table_version = Table(
    "table_version",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("key", Text, nullable=False),  # the decision's id
    Column("hash", Text, nullable=False),
    Column("body", Text, nullable=False),  # DMN as written
    Column("effective_from", Instant, nullable=False),
    Column("deployed_at", Instant, nullable=False),
    Column("deployed_by", Text, nullable=False),
    Column("basis", Text, nullable=False, server_default=""),  # the document it rests on, in words
    Column("withdrawn_at", Instant),  # taken back before it came into force
    Column("withdrawn_by", Text),
    Index("ix_table_version_in_force", "key", "effective_from", "deployed_at"),
)

instance = Table(
    "instance",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("definition_id", Uuid, ForeignKey("definition.id"), nullable=False),
    Column("process", Text, nullable=False),  # id of the drawn process
    Column("root_id", Uuid, nullable=False),  # the instance at the top; itself where it is one
    Column("parent_id", Uuid),
    Column("parent_token", Integer),
    Column("parent_element", Text),
    Column("unit", Text),  # the unit a called part belongs to, for lists and charges
    Column("priority", SmallInteger, nullable=False),  # 0 normal, 1 urgent, 2 danger to life
    Column("status", Text, nullable=False),  # active, completed, cancelled, failed
    Column("revision", Integer, nullable=False),  # grows with each command: the fence of leases
    Column("state", Blob, nullable=False),  # engine/spiff/state: bytes with a schema version
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("last_at", Instant, nullable=False),  # time on an instance never goes back
    Column("head_seq", Integer, nullable=False),  # last entry of its trail
    Column("head_hash", Blob, nullable=False),
    # True from every change on until the log of heads has a leaf for it (engine/trail/log.py).
    Column("unsealed", sa.Boolean, nullable=False, default=True, onupdate=True),
    Index("ix_instance_root", "root_id", "id"),
    Index("ix_instance_parent", "parent_id", "parent_token"),
    Index("ix_instance_status", "status", "process", "id"),
    Index(
        "ix_instance_unsealed",
        "id",
        sqlite_where=sa.text("unsealed = 1"),
        postgresql_where=sa.text("unsealed"),
    ),
)

work_item = Table(
    "work_item",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("instance_id", Uuid, ForeignKey("instance.id"), nullable=False),
    Column("root_id", Uuid, nullable=False),
    # Of its instance, repeated so that open items are counted by drawn step without it. Each item
    # has both; SQLite adds no column that must have a value to a table with rows.
    Column("definition_id", Uuid),
    Column("process", Text),
    Column("token", Integer, nullable=False),
    Column("element", Text, nullable=False),
    Column("role", Text, nullable=False),  # the lane's id
    Column("unit", Text),
    Column("priority", SmallInteger, nullable=False),
    Column("status", Text, nullable=False),  # open, completed, cancelled
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),  # of its SLA clock, for ordering lists; the clock is the truth
    Column("warn_at", Instant),
    Column("sort_at", Instant, nullable=False),  # due_at, or far in the future without a clock
    Column("closed_at", Instant),
    Column("closed_by", Uuid),
    Column("outcome", Text),
    sa.UniqueConstraint("instance_id", "token"),
    partial(
        "ix_work_item_inbox",
        "role",
        "unit",
        sa.text("priority DESC"),
        "sort_at",
        "id",
        where="status = 'open'",
    ),
    # For posts that cover many units: all of their role are walked in order, and counted by what
    # stands in the index beside it.
    partial(
        "ix_work_item_role",
        "role",
        sa.text("priority DESC"),
        "sort_at",
        "id",
        "unit",
        "definition_id",
        "process",
        "element",
        "due_at",
        "warn_at",
        "opened_at",
        "status",  # or SQLite would look at the row for it
        where="status = 'open'",
    ),
    Index("ix_work_item_root", "root_id", "id"),
    partial("ix_work_item_closed", "closed_at", "outcome", where="closed_at IS NOT NULL"),
)

# People who did a step of the case that this one must be kept apart from (property `not_by`).
work_item_barred = Table(
    "work_item_barred",
    metadata,
    Column("item_id", Uuid, ForeignKey("work_item.id"), primary_key=True),
    Column("person_id", Uuid, primary_key=True),
)

job = Table(
    "job",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("instance_id", Uuid, ForeignKey("instance.id")),
    Column("kind", Text, nullable=False),  # docs/jobs.md
    Column("token", Integer),
    Column("element", Text),
    Column("due_at", Instant, nullable=False),  # the only truth about when
    Column("data", Json, nullable=False),
    Column("status", Text, nullable=False),  # pending, failed; a finished job is deleted
    Column("attempts", SmallInteger, nullable=False),
    Column("lease_until", Instant),
    Column("lease_owner", Text),
    # engine/run/queues.py: what a person waits for comes before what does not hurry.
    Column("queue", SmallInteger, nullable=False, server_default=sa.text("0")),
    partial("ix_job_due", "queue", "due_at", "id", where="status = 'pending'"),
    Index("ix_job_instance", "instance_id", "kind", "token"),
)

# What the children of a multi-instance activity are for and gave back, while it is open: its state
# counts them and carries none.
child_item = Table(
    "child_item",
    metadata,
    Column("instance_id", Uuid, ForeignKey("instance.id"), primary_key=True),
    Column("token", Integer, primary_key=True),  # of the activity
    Column("place", Integer, primary_key=True),  # index of the item, from 0
    Column("item", Json),
    Column("answer", Json),
)

# A value that parts see as it was when they were called, too large to be copied into each.
passed_value = Table(
    "passed_value",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("instance_id", Uuid, ForeignKey("instance.id"), nullable=False),  # who called
    Column("value", Json),
    Index("ix_passed_value_instance", "instance_id"),
)

# A message or signal that a token waits for; opened and closed with the state, like timers.
subscription = Table(
    "subscription",
    metadata,
    Column("instance_id", Uuid, ForeignKey("instance.id"), primary_key=True),
    Column("token", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # message, signal
    Column("name", Text, nullable=False),  # drawn name of the message or signal
    Column("key", Text),  # correlation: NULL takes every message of the name
    Column("element", Text, nullable=False),
    Column("since", Instant, nullable=False),
    # Of an offer: who may take it. NULL for what only other instances and systems send.
    Column("role", Text),
    Column("unit", Text),
    Index("ix_subscription_name", "kind", "name", "key", "since"),
)

# Where the newest version of each folder receives: what is drawn, not what waits.
receiver = Table(
    "receiver",
    metadata,
    Column("key", Text, primary_key=True),  # the folder's name
    Column("process", Text, primary_key=True),
    Column("element", Text, primary_key=True),
    Column("definition_id", Uuid, ForeignKey("definition.id"), nullable=False),
    Column("kind", Text, nullable=False),  # message, signal, timer
    Column("name", Text, nullable=False),  # of the message or signal; "" for a timer
    Column("starts", sa.Boolean, nullable=False),  # whether it starts an instance
    Column("job_id", Uuid),  # of a timer: the job that starts the next instance
    Index("ix_receiver_name", "kind", "name", "starts"),
)

sla_clock = Table(
    "sla_clock",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("instance_id", Uuid, ForeignKey("instance.id"), nullable=False),
    Column("root_id", Uuid, nullable=False),
    Column("token", Integer, nullable=False),  # of the activity it runs on, 0 for the process
    Column("element", Text, nullable=False),
    Column("code", Text, nullable=False),  # the word in the diagram's property `sla`
    Column("holder", Text),  # unit code
    Column(
        "rule", Json, nullable=False
    ),  # value, unit, counting, warn, source, table, row, calendar
    Column("status", Text, nullable=False),  # running, paused, met, cancelled
    Column("started_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # cache of due_at(rule, spans), for indexing
    Column("warn_at", Instant, nullable=False),
    Column("warned_at", Instant),
    Column("breached_at", Instant),
    Column("exempted_at", Instant),  # when an appeal took the breach out of the figures
    Column("stopped_at", Instant),
    sa.UniqueConstraint("instance_id", "token", "code"),
    partial(
        "ix_sla_clock_running",
        "due_at",
        "id",
        "root_id",
        "status",
        "holder",
        "warn_at",
        "exempted_at",
        where="status = 'running'",
    ),
    partial("ix_sla_clock_holder", "holder", "due_at", "id", where="status = 'running'"),
    Index("ix_sla_clock_root", "root_id", "id"),
    partial("ix_sla_clock_stopped", "stopped_at", where="stopped_at IS NOT NULL"),
    partial("ix_sla_clock_breached", "breached_at", where="breached_at IS NOT NULL"),
)

sla_span = Table(
    "sla_span",
    metadata,
    Column("clock_id", Uuid, ForeignKey("sla_clock.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", Text, nullable=False),  # started, paused, resumed, extended, handed_over, ...
    Column("at", Instant, nullable=False),
    Column("actor", Uuid),
    Column("reason", Text),  # a code; words stand in event_value
    Column("holder", Text),
    Column("times", Integer, nullable=False, server_default=sa.text("1")),  # of an extension
    Column("until", Instant),  # of a pause: when it ends by itself
)

event = Table(
    "event",
    metadata,
    Column("instance_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("root_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),  # when it was true
    Column("recorded_at", Instant, nullable=False),  # when it was written
    Column("element", Text),
    Column("actor", Uuid),
    Column("body", Blob, nullable=False),  # the bytes that were hashed
    Column("hash", Blob, nullable=False),
    Index("ix_event_root", "root_id", "recorded_at"),
)

event_value = Table(
    "event_value",
    metadata,
    Column("instance_id", Uuid, primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("field", Text, primary_key=True),
    Column("value", Text),  # NULL once erased; the digest in the trail stays
    Column("salt", Blob),
)

log_leaf = Table(
    "log_leaf",
    metadata,
    Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("instance_id", Uuid, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("head", Blob, nullable=False),  # the instance's head hash at that moment
    Index("ix_log_leaf_instance", "instance_id", "seq"),
)

log_head = Table(
    "log_head",
    metadata,
    Column("size", sa.BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("root", Blob, nullable=False),  # Merkle tree hash over the leaves (RFC 6962 section 2.1)
    Column("peaks", Blob, nullable=False),  # the tree's full subtrees, so that it grows cheaply
    Column("key", Text, nullable=False),  # id of the signing key
    Column("signature", Blob, nullable=False),
)

incident = Table(
    "incident",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("instance_id", Uuid, ForeignKey("instance.id"), nullable=False),
    Column("token", Integer),  # NULL where a job failed, not a token
    Column("element", Text),
    Column("code", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", Uuid),
    Column("job_id", Uuid),
    partial("ix_incident_open", "code", "raised_at", where="resolved_at IS NULL"),
    Index("ix_incident_instance", "instance_id", "token"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("data", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("attempts", SmallInteger, nullable=False),
    Column("lease_until", Instant),  # a courier has it until then
    Column("lease_owner", Text),
    partial("ix_outbox_unsent", "id", where="sent_at IS NULL"),
)

command_receipt = Table(
    "command_receipt",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("request_hash", Blob, nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_command_receipt_at", "at"),
)

__all__ = [
    "child_item",
    "command_receipt",
    "definition",
    "event",
    "event_value",
    "incident",
    "instance",
    "job",
    "log_head",
    "log_leaf",
    "metadata",
    "outbox",
    "passed_value",
    "receiver",
    "sla_clock",
    "sla_span",
    "subscription",
    "table_version",
    "work_item",
    "work_item_barred",
]
