"""The index that searches use: pairs of signs of each case, kept with the case's own texts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.connect import Database
from engine.db.prepared import Prepared
from processes.tables import case_file, case_word
from processes.words import grams, searched

INSERT_WORDS: Final = Prepared(case_word.insert())
BATCH: Final = 500  # cases in one transaction: people's commands pass between two


def word_rows(case_id: UUID, words: str, reported_at: datetime) -> list[dict[str, Any]]:
    """Return the rows of a case's folded texts."""
    return [
        {"gram": gram, "reported_at": reported_at, "case_id": case_id}
        for gram in sorted(grams(words))
    ]


def store_words(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Store rows of the index; one statement."""
    INSERT_WORDS.send(connection, list(rows))


def reindex(database: Database) -> int:
    """Make the index anew from the texts of all cases; return of how many.

    May run beside people's work and may be stopped: each batch is whole.
    """

    def batch() -> list[UUID]:
        with database.write(bulk=True) as connection:
            return reindex_batch(connection, last)

    done, last = 0, None
    while cases := database.retry(batch):
        done, last = done + len(cases), cases[-1]
    return done


def reindex_batch(connection: Connection, after: UUID | None) -> list[UUID]:
    """Make the rows of the next cases anew and return their ids; four statements."""
    query = sa.select(
        case_file.c.id,
        case_file.c.title,
        case_file.c.description,
        case_file.c.place,
        case_file.c.reported_at,
    ).order_by(case_file.c.id)
    if after is not None:
        query = query.where(case_file.c.id > after)
    rows = connection.execute(query.limit(BATCH).with_for_update()).all()
    if not rows:
        return []
    ids = [row.id for row in rows]
    said = {row.id: searched(row.title, row.description, row.place or "") for row in rows}
    connection.execute(sa.delete(case_word).where(case_word.c.case_id.in_(ids)))
    connection.execute(
        sa.update(case_file)
        .where(case_file.c.id == sa.bindparam("case"))
        .values(words=sa.bindparam("said")),
        [{"case": case, "said": words} for case, words in said.items()],
    )
    store_words(
        connection,
        (each for row in rows for each in word_rows(row.id, said[row.id], row.reported_at)),
    )
    return ids
