"""Chains beside the trail: their ends stand in the log of heads as those of instances do.

They are made as chains of entries are (docs/trail.md), in tables of their own with at least the
columns `seq`, `at` and `hash`. What is written in them is their owner's matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import and_, func, select

from engine.db.tables import event, log_leaf
from engine.i18n import Text


class Moved(NamedTuple):
    """The end of a chain that has no leaf in the log yet."""

    id: UUID
    seq: int
    head: bytes


@dataclass(frozen=True)
class Beside:
    """A chain beside the trail. `id` stands in its leaves where that of an instance would."""

    id: UUID
    table: sa.Table
    name: Text

    @property
    def newer(self) -> sa.Select[Any]:
        """The end of the chain, where it lies beyond the last leaf."""
        last = select(func.max(log_leaf.c.seq)).where(log_leaf.c.instance_id == self.id)
        columns = self.table.c
        beyond = columns.seq > func.coalesce(last.scalar_subquery(), 0)
        return select(columns.seq, columns.hash).where(beyond).order_by(columns.seq.desc()).limit(1)


def moved_ends(connection: sa.Connection, chains: Sequence[Beside]) -> Iterator[Moved]:
    """Yield the ends that have moved since their last leaf; a statement a chain."""
    for chain in chains:
        if row := connection.execute(chain.newer).first():
            yield Moved(chain.id, row.seq, bytes(row.hash))


def leaves(chains: Sequence[Beside]) -> sa.Select[Any]:
    """Return all leaves in order, with the hash of the entry that each was made from."""
    places: list[sa.FromClause] = [event, *(chain.table.alias() for chain in chains)]
    own = and_(event.c.instance_id == log_leaf.c.instance_id, event.c.seq == log_leaf.c.seq)
    joined: Any = log_leaf.outerjoin(event, own)
    for chain, place in zip(chains, places[1:], strict=True):
        of_chain = and_(log_leaf.c.instance_id == chain.id, place.c.seq == log_leaf.c.seq)
        joined = joined.outerjoin(place, of_chain)
    hashes = [place.c.hash for place in places]
    instants = [event.c.recorded_at, *(place.c.at for place in places[1:])]
    return (
        select(
            log_leaf,
            func.coalesce(*hashes, None).label("hash"),
            func.coalesce(*instants, None, type_=event.c.recorded_at.type).label("recorded_at"),
        )
        .select_from(joined)
        .order_by(log_leaf.c.position)
    )
