"""The chain of readings: notes of who read what are moved into it in batches, and checked.

Entries are made as those of the trail (docs/trail.md): the stored bytes are what was hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, insert, select

from engine.trail.canonical import VERSION, canonical, instant
from engine.trail.chain import Head
from processes.privacy_tables import access_entry, access_pending
from processes.side_chain import BATCH, Checked, check_chain, head_of, linked

CHAIN_LOCK = 0x52656164  # key of the advisory lock: one writer of the chain at a time


def seal_readings(connection: sa.Connection, *, limit: int = BATCH) -> int:
    """Move up to `limit` noted readings into the chain, oldest first; return how many."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    oldest = select(access_pending).order_by(access_pending.c.at, access_pending.c.id).limit(limit)
    notes = connection.execute(oldest).all()
    if not notes:
        return 0
    connection.execute(insert(access_entry), chained(notes, head_of(connection, access_entry)))
    moved = [note.id for note in notes]
    connection.execute(delete(access_pending).where(access_pending.c.id.in_(moved)))
    return len(notes)


def chained(notes: Iterable[sa.Row[Any]], head: Head) -> list[dict[str, Any]]:
    """Return the rows that `notes` add to the chain that ends at `head`."""
    rows: list[dict[str, Any]] = []
    for note in notes:
        body = canonical(
            {
                "v": VERSION,
                "seq": head.seq + 1,
                "at": instant(note.at),
                "actor": str(note.actor) if note.actor else None,
                "case": str(note.case_id),
                "fields": note.fields.split(),
            }
        )
        head = linked(head, body)
        row = {"seq": head.seq, "at": note.at, "actor": note.actor, "case_id": note.case_id}
        rows.append(row | {"body": body, "hash": head.hash})
    return rows


def verify_readings(connection: sa.Connection) -> Checked:
    """Check every entry of the chain against the one before it."""
    return check_chain(connection, access_entry)
