"""Chains beside the trail: one table each, entries made as those of the trail (docs/trail.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import select

from engine.trail.chain import START, Head, seal

BATCH: Final = 1000


def head_of(connection: sa.Connection, table: sa.Table) -> Head:
    """Return the end of a chain."""
    last = select(table.c.seq, table.c.hash).order_by(table.c.seq.desc())
    row = connection.execute(last.limit(1)).first()
    return Head(row.seq, bytes(row.hash)) if row else START


def linked(head: Head, body: bytes) -> Head:
    """Return the end of a chain after one more entry."""
    return Head(head.seq + 1, seal(head.hash, body))


@dataclass(frozen=True)
class Checked:
    """What checking a chain found: how many entries, and the number of the first bad one."""

    entries: int
    first_bad: int | None

    @property
    def ok(self) -> bool:
        """Tell whether every entry is whole and in its place."""
        return self.first_bad is None


def check_chain(connection: sa.Connection, table: sa.Table) -> Checked:
    """Check every entry of a chain against the one before it."""
    head, count = START, 0
    query = select(table.c.seq, table.c.body, table.c.hash)
    ordered = query.order_by(table.c.seq).execution_options(yield_per=BATCH)
    with connection.execute(ordered) as rows:
        for row in rows:
            count += 1
            expected = linked(head, bytes(row.body))
            if (row.seq, bytes(row.hash)) != (expected.seq, expected.hash):
                return Checked(count, expected.seq)
            head = expected
    return Checked(count, None)
