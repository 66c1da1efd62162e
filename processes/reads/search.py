"""Finding cases by their number or its end, by words, by place, by a telephone number.

Words are looked up in the index of pairs of signs (processes/index.py): the rarest pair leads, the
others and the text itself are checked on what it finds. Where even the rarest is common, whoever
covers a street or a department has it looked for among their own cases instead, which are fewer.
Nothing outside the actor's reach is found or counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.secrets import Keys
from processes.prefix import starts_with
from processes.privacy import Sealed
from processes.reads.asked import Asked, read_question
from processes.reads.cases import beyond, page_of
from processes.reads.reader import Reader
from processes.reads.rows import Search
from processes.reads.scope import Condition, Scope, readable_cases, scope_of
from processes.reads.ways import by_report, is_wide, together, ways
from processes.tables import case_file, case_word

COUNTED: Final = 1000  # more are not counted one by one
RARE: Final = 1000  # entries of a pair after which it is common, whatever more there are
CHECKED: Final = 3  # further pairs that are looked up; the text decides anyway


@dataclass(frozen=True)
class Hits:
    """A page of what was found. `by_phone` are its cases that were found by their reporter."""

    page: Search
    by_phone: tuple[UUID, ...] = ()


def search(
    reader: Reader, actor: Actor, question: str, *, keys: Keys, cursor: str | None, limit: int
) -> Hits:
    """Return a page of the cases found, newest report first; at most eight statements.

    A telephone number is asked for as a whole, and only by whoever may read the reporter: the
    caller records those readings (`by_phone`). Raises Invalid("cursor.malformed").
    """
    asked = read_question(question)
    page_only = tuple(beyond(cursor))
    if asked.is_empty:
        return Hits(Search((), 0, counted=True, too_short=True, next_cursor=None))
    sought = tuple(seeking(reader, actor, asked, keys=keys))
    count = counted(reader.connection, sought)
    pages = [way.where(*page_only).limit(limit + 1) for way in sought]
    found = page_of(reader, together(pages), limit=limit)
    page = Search(
        rows=found.rows,
        count=min(count, COUNTED),
        counted=count <= COUNTED,
        too_short=False,
        next_cursor=found.next_cursor,
    )
    return Hits(page, read_by_phone(reader.connection, asked, [r.number for r in found.rows], keys))


def seeking(
    reader: Reader, actor: Actor, asked: Asked, *, keys: Keys
) -> Iterator[sa.Select[tuple[UUID, Any]]]:
    """Yield an ordered select of keys for each way of finding what is asked."""
    scope = scope_of(reader.connection, actor, "case.read")
    readable = readable_cases(scope)
    if asked.number:
        tail = asked.number[::-1]
        yield by_report(sa.and_(readable, starts_with(case_file.c.number_reversed, tail)))
    if asked.grams:
        yield from by_words(reader.connection, asked, scope)
    if asked.phone:
        persons = scope_of(reader.connection, actor, "case.read_person")
        yield by_report(
            sa.and_(readable_cases(persons), case_file.c.phone_index == phone_index(asked, keys))
        )


def by_words(
    connection: Connection, asked: Asked, scope: Scope
) -> Iterator[sa.Select[tuple[UUID, Any]]]:
    """Yield selects of the keys of the readable cases that have all words."""
    has_words = [case_file.c.words.contains(word, autoescape=True) for word in asked.words]
    rarest, entries = rarest_first(connection, asked.grams)
    if entries == RARE and not is_wide(scope):
        yield from (way.where(*has_words) for way in ways(scope))
        return
    first, *others = rarest
    yield (
        sa.select(case_file.c.id, case_file.c.reported_at)
        .join(case_word, case_word.c.case_id == case_file.c.id)
        .where(
            case_word.c.gram == first,
            *(has_gram(gram) for gram in others[:CHECKED]),
            *has_words,
            readable_cases(scope),
        )
        .order_by(case_word.c.reported_at.desc(), case_word.c.case_id.desc())
    )


def has_gram(gram: str) -> Condition:
    """Return the condition that a case of `case_word` has another pair as well."""
    other = case_word.alias()
    found = sa.select(sa.literal(1)).where(
        other.c.gram == gram,
        other.c.reported_at == case_word.c.reported_at,
        other.c.case_id == case_word.c.case_id,
    )
    return found.correlate(case_word).exists()


def rarest_first(connection: Connection, pairs: frozenset[str]) -> tuple[list[str], int]:
    """Return pairs, the one with the fewest cases first, and how many it has; one statement."""
    entries = [
        sa.select(
            sa.literal(gram).label("gram"),
            sa.select(sa.func.count())
            .select_from(
                sa.select(case_word.c.case_id)
                .where(case_word.c.gram == gram)
                .limit(RARE)
                .subquery()
            )
            .scalar_subquery()
            .label("entries"),
        )
        for gram in sorted(pairs)
    ]
    rows = connection.execute(sa.union_all(*entries)).all()
    ordered = sorted(rows, key=lambda row: (row.entries, row.gram))
    return [row.gram for row in ordered], ordered[0].entries


def counted(connection: Connection, sought: tuple[sa.Select[tuple[UUID, Any]], ...]) -> int:
    """Return how many cases are found, exact up to `COUNTED`; one statement, in no order."""
    found = together([way.order_by(None).limit(COUNTED + 1) for way in sought])
    return connection.execute(sa.select(sa.func.count()).select_from(found)).scalar_one()


def phone_index(asked: Asked, keys: Keys) -> bytes | None:
    """Return the blind index of the number asked for."""
    return Sealed(keys, "case_file").phone_index(asked.phone)


def read_by_phone(
    connection: Connection, asked: Asked, numbers: list[str], keys: Keys
) -> tuple[UUID, ...]:
    """Return which of the cases shown have the telephone number; one statement where asked."""
    if not asked.phone or not numbers:
        return ()
    query = sa.select(case_file.c.id).where(
        case_file.c.number.in_(numbers), case_file.c.phone_index == phone_index(asked, keys)
    )
    return tuple(connection.scalars(query))
