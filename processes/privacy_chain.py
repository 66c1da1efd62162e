"""The chain of readings: notes of who read what are moved into it in batches, and checked.

Entries are made as those of the trail (docs/trail.md): the stored bytes are what was hashed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import delete, insert, select

from engine.trail.canonical import VERSION, canonical, instant
from engine.trail.chain import START, Head, seal
from processes.privacy_tables import access_entry, access_pending

CHAIN_LOCK = 0x52656164  # key of the advisory lock: one writer of the chain at a time
BATCH = 1000


def seal_readings(connection: sa.Connection, *, limit: int = BATCH) -> int:
    """Move up to `limit` noted readings into the chain, oldest first; return how many."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(sa.func.pg_advisory_xact_lock(CHAIN_LOCK)))
    oldest = select(access_pending).order_by(access_pending.c.at, access_pending.c.id).limit(limit)
    notes = connection.execute(oldest).all()
    if not notes:
        return 0
    connection.execute(insert(access_entry), chained(notes, head_of(connection)))
    moved = [note.id for note in notes]
    connection.execute(delete(access_pending).where(access_pending.c.id.in_(moved)))
    return len(notes)


def head_of(connection: sa.Connection) -> Head:
    """Return the end of the chain."""
    last = select(access_entry.c.seq, access_entry.c.hash).order_by(access_entry.c.seq.desc())
    row = connection.execute(last.limit(1)).first()
    return Head(row.seq, bytes(row.hash)) if row else START


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
        head = Head(head.seq + 1, seal(head.hash, body))
        row = {"seq": head.seq, "at": note.at, "actor": note.actor, "case_id": note.case_id}
        rows.append(row | {"body": body, "hash": head.hash})
    return rows


@dataclass(frozen=True)
class Readings:
    """What checking the chain found: how many entries, and the number of the first bad one."""

    entries: int
    first_bad: int | None

    @property
    def ok(self) -> bool:
        """Tell whether every entry is whole and in its place."""
        return self.first_bad is None


def verify_readings(connection: sa.Connection) -> Readings:
    """Check every entry of the chain against the one before it."""
    head, count = START, 0
    query = select(access_entry.c.seq, access_entry.c.body, access_entry.c.hash)
    ordered = query.order_by(access_entry.c.seq).execution_options(yield_per=BATCH)
    with connection.execute(ordered) as rows:
        for row in rows:
            count += 1
            if row.seq != head.seq + 1 or bytes(row.hash) != seal(head.hash, bytes(row.body)):
                return Readings(count, head.seq + 1)
            head = Head(row.seq, bytes(row.hash))
    return Readings(count, None)
