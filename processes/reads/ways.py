"""The ways in which a case comes within an actor's reach, each walked along an index of its own.

One condition for all of them (`readable_cases`) leaves a database no order to follow; a list asks
each way for its first page and puts the pages together. Narrowed to a unit, the smaller of the two,
reach and unit, is walked and the other looked up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from processes.reads.row import Row
from processes.reads.scope import LEVELS, Condition, Scope, Top, own_code, readable_cases
from processes.reads.way import Keys, Way
from processes.tables import case_file, case_part

NEWEST_FIRST: Final = (case_file.c.reported_at.desc(), case_file.c.id.desc())
SIZES: Final = {"grid": 1, "community": 2, "street": 3, "department": 4}  # the least first
OWN, ALL = 0, 5  # beside them: somebody's own reports, everything


@dataclass(frozen=True)
class Reach:
    """A set of cases: how large it is beside others, the way to it, and how to look one up."""

    size: int
    way: Way
    units: tuple[str, ...] = ()  # of parts

    @property
    def is_department(self) -> bool:
        """Tell whether these are the cases in which departments have a part."""
        return self.size == SIZES["department"]

    def holds(self, way: Way) -> Condition:
        """Return the condition that a case of another way is in it."""
        return way.part_of(self.units) if self.units else way.file(self.way.condition)


def reaches(scope: Scope) -> Iterator[Reach]:
    """Yield sets of cases which together are what a scope holds."""
    if scope.is_wide:
        yield Reach(ALL, Way(readable_cases(scope), is_wide=True))
        return
    for path in sorted({*scope.below, *scope.exact}):
        yield parts_of(SIZES[scope.tops[path].kind], own_code(path))
    for path in scope.below:
        top = scope.tops[path]
        if top.kind in LEVELS:
            yield in_area(top.kind, own_code(path))
        if top.under:
            yield parts_of(SIZES[top.kind], *top.under)
    for path in scope.exact:
        yield Reach(SIZES[scope.tops[path].kind], Way(case_file.c.path == path))
    if scope.reporter is not None:
        yield Reach(OWN, Way(case_file.c.reported_by == scope.reporter))


def of_unit(code: str, top: Top) -> tuple[Reach, ...]:
    """Return the sets of cases that lie in a unit or in which it takes part."""
    size = SIZES.get(top.kind, ALL)
    if top.kind == "department":
        return (parts_of(size, code),)
    area = Way(sa.and_(case_file.c.path == top.path, case_file.c.area == code))
    inside = (in_area(top.kind, code),) if top.kind in LEVELS else ()
    return (*inside, Reach(size, area), parts_of(size, code))


def in_area(level: str, code: str) -> Reach:
    """Return the cases of a street, community or grid."""
    return Reach(SIZES[level], Way(case_file.c[level] == code))


def parts_of(size: int, *units: str) -> Reach:
    """Return the cases in which units have a part."""
    return Reach(size, Way(case_part.c.unit.in_(units), case_part), units)


def ways(scope: Scope) -> Iterator[Way]:
    """Yield one way for each set of cases; all of them together reach the scope."""
    return (reach.way for reach in reaches(scope))


def ways_in(scope: Scope, unit: Sequence[Reach], *, merges: bool) -> Iterator[Way]:
    """Yield the ways to those cases of a scope that are a unit's too.

    `merges`: the database merges two long walks in the same order by itself. SQLite does so only
    for what an INTERSECT is said of; it would look each case of a department up in the other one.
    """
    for own in reaches(scope):
        if not merges and own.is_department and all(each.is_department for each in unit):
            yield from (replace(own.way, beside=each.way) for each in unit)
        elif own.size <= min(each.size for each in unit):
            yield own.way.where(sa.or_(*(each.holds(own.way) for each in unit)))
        else:
            yield from (each.way.where(own.holds(each.way)) for each in unit)


def together(pages: Sequence[Keys]) -> sa.Subquery:
    """Return the keys of several ordered and limited selects of them, each key once."""
    parts = [sa.select(page.subquery()) for page in pages or (by_report(sa.false()),)]
    return sa.union(*parts).subquery("found")


def newest(connection: Connection, pages: Sequence[Keys], *, limit: int) -> list[Row]:
    """Return the newest keys (id, reported_at) of several ways; one statement."""
    keys = together([page.limit(limit) for page in pages])
    query = sa.select(keys).order_by(keys.c.reported_at.desc(), keys.c.id.desc())
    return list(connection.execute(query.limit(limit)))


def by_report(condition: Condition) -> Keys:
    """Return the keys of the cases that meet a condition, newest report first."""
    return Way(condition).keys()
