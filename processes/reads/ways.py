"""The ways in which a case comes within an actor's reach, each walked along an index of its own.

One condition for all of them (`readable_cases`) leaves a database no order to follow; a list asks
each way for its first page and puts the pages together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from processes.reads.scope import LEVELS, Condition, Scope, readable_cases
from processes.tables import case_file, case_part

NEWEST_FIRST: Final = (case_file.c.reported_at.desc(), case_file.c.id.desc())


def first_cases(scope: Scope, wanted: Sequence[Condition], *, limit: int) -> sa.Subquery:
    """Return the keys (id, reported_at) of the newest cases within a scope that are wanted.

    `wanted` are conditions on `case_file`.
    """
    pages = [page.where(*wanted).limit(limit) for page in ways(scope)]
    return together(pages)


def together(pages: Sequence[sa.Select[tuple[Any, ...]]]) -> sa.Subquery:
    """Return the keys of several ordered and limited selects of them, each key once."""
    parts = [sa.select(page.subquery()) for page in pages or (by_report(sa.false()),)]
    return sa.union(*parts).subquery("found")


def ways(scope: Scope) -> Iterator[sa.Select[tuple[UUID, Any]]]:
    """Yield one ordered select of keys for each way; all of them together reach the scope."""
    if is_wide(scope):
        yield by_report(readable_cases(scope))
        return
    for path in sorted({*scope.below, *scope.exact}):
        yield by_part(case_part.c.unit == own_code(path))
    for path in scope.below:
        top = scope.tops[path]
        if top.kind in LEVELS:
            yield by_report(case_file.c[top.kind] == own_code(path))
        if top.under:
            yield by_part(case_part.c.unit.in_(top.under))
    for path in scope.exact:
        yield by_report(case_file.c.path == path)
    if scope.reporter is not None:
        yield by_report(case_file.c.reported_by == scope.reporter)


def is_wide(scope: Scope) -> bool:
    """Tell whether a scope holds more than streets and departments do."""
    units = (*scope.below, *scope.exact)
    return scope.everything or not all(scope.tops[path].is_narrow for path in units)


def unit_codes(scope: Scope) -> set[str]:
    """Return the codes of all units that a narrow scope holds."""
    under = {code for path in scope.below for code in scope.tops[path].under}
    return under | {own_code(path) for path in (*scope.below, *scope.exact)}


def own_code(path: str) -> str:
    """Return the code of the unit that a path leads to."""
    return path.split("/")[-2]


def by_report(condition: Condition) -> sa.Select[tuple[UUID, Any]]:
    """Return the keys of the cases that meet a condition, newest report first."""
    return (
        sa.select(case_file.c.id, case_file.c.reported_at).where(condition).order_by(*NEWEST_FIRST)
    )


def by_part(condition: Condition) -> sa.Select[tuple[UUID, Any]]:
    """Return the keys of the cases with a part that meets a condition, newest report first."""
    return (
        sa.select(case_part.c.case_id.label("id"), case_part.c.reported_at)
        .distinct()
        .join(case_file, case_file.c.id == case_part.c.case_id)
        .where(condition)
        .order_by(case_part.c.reported_at.desc(), case_part.c.case_id.desc())
    )
