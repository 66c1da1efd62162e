"""A way to cases: an index walked newest report first, that knows what lists are narrowed by.

What a list is narrowed by stands in the index itself, beside the case: a walk that finds little
touches no other page. `case_part` repeats it from `case_file` for that reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.selectable import GenerativeSelect

from processes.reads.scope import Condition
from processes.statuses import FINAL
from processes.tables import case_file, case_part, case_word

Keys = GenerativeSelect
"""A select of (id, reported_at), newest report first."""

ONE: Final[ColumnElement[int]] = sa.literal_column("1")


@dataclass(frozen=True)
class Way:
    """The cases of which `condition` holds: on their file, on a part or on a word of theirs."""

    condition: Condition
    table: sa.Table = case_file  # or case_part, case_word
    is_wide: bool = False  # holds most cases there are
    beside: Way | None = None  # only the cases that this one leads to as well

    @property
    def id(self) -> ColumnElement[UUID]:
        """The case."""
        return self.table.c.id if self.table is case_file else self.table.c.case_id

    @property
    def reported_at(self) -> ColumnElement[Any]:
        """When it was reported."""
        return self.table.c.reported_at

    def where(self, *wanted: Condition) -> Way:
        """Return the way to those that meet further conditions too."""
        return replace(self, condition=sa.and_(self.condition, *wanted))

    def keys(self, *wanted: Condition) -> Keys:
        """Return the keys of the cases that meet further conditions too."""
        newest = (self.reported_at.desc(), self.id.desc())
        found = self.unordered(*wanted)
        if self.beside is not None:
            both = sa.intersect(found, self.beside.unordered())
            return both.order_by(sa.desc("reported_at"), sa.desc("id"))
        several = self.table is case_part  # parts of one unit
        return (found.distinct() if several else found).order_by(*newest)

    def unordered(self, *wanted: Condition) -> sa.Select[tuple[UUID, Any]]:
        """Return the same keys in no order, whatever it is walked beside."""
        found = sa.select(self.id.label("id"), self.reported_at.label("reported_at"))
        return found.where(self.condition, *wanted)

    def has_status(self, code: str) -> Condition:
        """Return the condition that the case stands at a status; a part knows the final ones."""
        if self.table is case_file:
            return case_file.c.status == code
        if code in FINAL:
            return case_part.c.closed_as == code
        return sa.and_(case_part.c.closed_as.is_(None), self.file(case_file.c.status == code))

    def file(self, *conditions: Condition) -> Condition:
        """Return the condition that the case's file meets conditions on `case_file`."""
        if self.table is case_file or not conditions:
            return sa.and_(sa.true(), *conditions)
        found = sa.select(ONE).where(case_file.c.id == self.id, *conditions)
        return looked_up(found, self.table)

    def has_priority(self, priority: int) -> Condition:
        """Return the condition on how urgent it is."""
        column = self.table.c.priority
        # A literal: of a partial index.
        return (
            sa.and_(column == priority, column > sa.literal_column("0"))
            if priority
            else column == 0
        )

    def among(self, cases: sa.Select[Any]) -> Condition:
        """Return the condition that the case is one of few.

        A narrow way is walked for them: a CASE keeps SQLite from looking all of them up.
        """
        return (self.id if self.is_wide else sa.case((sa.true(), self.id))).in_(cases)

    def part_of(self, units: Collection[str]) -> Condition:
        """Return the condition that one of some units has a part in the case.

        An EXISTS: two long walks in the same order are merged where the database can.
        """
        other = case_part.alias()
        found = sa.select(ONE).where(
            other.c.unit.in_(sorted(units)),
            other.c.reported_at == self.reported_at,
            other.c.case_id == self.id,
        )
        return found.correlate(self.table).exists()

    def has_gram(self, gram: str) -> Condition:
        """Return the condition that a pair of signs stands in the case's texts."""
        return looked_up(self._grams(gram), self.table)

    def meets_gram(self, gram: str) -> Condition:
        """Return the same condition for two long walks, merged like those of `part_of`."""
        return self._grams(gram).correlate(self.table).exists()

    def _grams(self, gram: str) -> sa.Select[Any]:
        """Return the select that finds a pair of signs of the case."""
        other = case_word.alias()
        return sa.select(ONE).where(
            other.c.gram == gram,
            other.c.reported_at == self.reported_at,
            other.c.case_id == self.id,
        )


def looked_up(found: sa.Select[Any], beside: sa.FromClause) -> Condition:
    """Return the condition that a select finds something, looked up for each row of `beside`.

    An EXISTS would be made a join of all rows by PostgreSQL, before the newest are taken.
    """
    return found.limit(1).correlate(beside).scalar_subquery().is_not(None)
