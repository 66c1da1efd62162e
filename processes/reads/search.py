"""Finding cases by their number or its end, by words, by place, by a telephone number.

Words are looked up in the index of pairs of signs (processes/index.py): the rarest pair leads, the
others and the text itself are checked on what it finds. Where even the rarest is common, whoever
covers a street or a department has it looked for among their own cases instead, which are fewer.
Nothing outside the actor's reach is found or counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
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
from processes.reads.way import Way
from processes.reads.ways import SIZES, Reach, newest, reaches
from processes.tables import case_file, case_word
from processes.words import grams

COUNTED: Final = 300  # more are not counted one by one
RARE: Final = 5000  # entries of a pair after which it is common, whatever more there are
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
    if asked.is_empty:
        return Hits(Search((), 0, counted=True, too_short=True, next_cursor=None))
    sought = tuple(seeking(reader, actor, asked, keys=keys))
    counted = newest(reader.connection, [way.keys() for way in sought], limit=COUNTED + 1)
    shown = counted[: limit + 1]
    if cursor:
        later = [way.keys(*beyond(way, cursor)) for way in sought]
        shown = newest(reader.connection, later, limit=limit + 1)
    found = page_of(reader, shown, limit=limit)
    page = Search(
        rows=found.rows,
        count=min(len(counted), COUNTED),
        counted=len(counted) <= COUNTED,
        too_short=False,
        next_cursor=found.next_cursor,
    )
    return Hits(page, read_by_phone(reader.connection, asked, [r.number for r in found.rows], keys))


def seeking(reader: Reader, actor: Actor, asked: Asked, *, keys: Keys) -> Iterator[Way]:
    """Yield each way to what is asked for and may be read."""
    scope = scope_of(reader.connection, actor, "case.read")
    if asked.number:
        tail = starts_with(case_file.c.number_reversed, asked.number[::-1])
        yield Way(sa.and_(tail, readable_cases(scope)))
    if asked.grams:
        yield from by_words(reader.connection, asked, scope)
    if asked.phone:
        persons = scope_of(reader.connection, actor, "case.read_person")
        same = case_file.c.phone_index == phone_index(asked, keys)
        yield Way(sa.and_(same, readable_cases(persons)))


def by_words(connection: Connection, asked: Asked, scope: Scope) -> Iterator[Way]:
    """Yield the ways to the readable cases that have all words.

    A word that is an entry of the index itself need not be looked for in the text.
    """
    longer = [word for word in asked.words if word not in grams(word)]
    has_words = [case_file.c.words.contains(word, autoescape=True) for word in longer]
    (first, *others), entries = rarest_first(connection, longest(asked.grams))
    if entries == RARE and not scope.is_wide:
        for reach in reaches(scope):
            pairs = has_grams(reach, [first, *others[:CHECKED]])
            yield reach.way.where(*pairs, reach.way.file(*has_words))
        return
    way = Way(case_word.c.gram == first, case_word)
    readable = way.file(*has_words, readable_cases(scope))
    yield way.where(*map(way.has_gram, others[:CHECKED]), readable)


def has_grams(reach: Reach, pairs: Sequence[str]) -> Iterator[Condition]:
    """Yield the conditions that common pairs stand in a case of a set.

    One alone is had by many of the newest cases. For several most of the set is walked: side by
    side with the entries of the first where it is about as large.
    """
    first, *others = pairs
    merged = others and reach.size >= SIZES["street"]
    yield reach.way.meets_gram(first) if merged else reach.way.has_gram(first)
    yield from map(reach.way.has_gram, others)


def longest(pieces: frozenset[str]) -> frozenset[str]:
    """Return the pieces that do not stand in another one, which implies them."""
    return frozenset(p for p in pieces if not any(p in other for other in pieces - {p}))


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
