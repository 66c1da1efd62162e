"""What an actor may see, as conditions of a query: the permission table put into SQL.

It says for many rows what `processes.permissions.allowed` says for one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.elements import ColumnElement

from engine.actor import Actor
from engine.db.tables import work_item, work_item_barred
from processes.access import paths_of, reach
from processes.permissions import AGENTS, ANYWHERE, BELOW, OWN_REPORT, OWN_UNIT, TABLE
from processes.tables import case_file, case_part, org_unit

Condition = ColumnElement[bool]
IS_OPEN = work_item.c.status == sa.literal_column("'open'")  # a literal: of a partial index


@dataclass(frozen=True)
class Scope:
    """How far an action of an actor reaches.

    `below` and `exact` are paths of units, `reporter` the person whose own reports count.
    """

    everything: bool = False
    reporter: UUID | None = None
    below: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()

    def holds(self, path: ColumnElement[str]) -> Condition:
        """Return the condition that a unit's path lies within."""
        if self.everything:
            return sa.true()
        inside = [sa.func.substr(path, 1, len(top)) == top for top in self.below]
        return sa.or_(sa.false(), *inside, *(path == own for own in self.exact))


def scope_of(connection: Connection, actor: Actor, action: str) -> Scope:
    """Return how far the table lets an actor do an action; at most one statement."""
    row = TABLE.get(action, {})
    if actor.kind in AGENTS:
        return Scope(everything=actor.kind in row)
    posts = [(post, row[post.role]) for post in actor.posts if post.role in row]
    if any(ANYWHERE in relation for _post, relation in posts):
        return Scope(everything=True)
    paths = paths_of(connection, sorted({post.unit for post, _relation in posts}))
    return Scope(
        reporter=actor.id if any(OWN_REPORT in relation for _post, relation in posts) else None,
        below=distinct(paths.get(p.unit, f"/{p.unit}/") for p, r in posts if BELOW in r),
        exact=distinct(
            paths.get(p.unit, f"/{p.unit}/") for p, r in posts if OWN_UNIT in r and BELOW not in r
        ),
    )


def distinct(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the paths once each, in a stable order."""
    return tuple(sorted(set(paths)))


def readable_cases(scope: Scope) -> Condition:
    """Return the condition on `case_file`: its area, a unit with a part in it, or one's report."""
    if scope.everything:
        return sa.true()
    units = sa.select(org_unit.c.code).where(scope.holds(org_unit.c.path))
    parts = sa.select(case_part.c.case_id).where(case_part.c.unit.in_(units))
    ways = [scope.holds(case_file.c.path), case_file.c.id.in_(parts)]
    if scope.reporter is not None:
        ways.append(case_file.c.reported_by == scope.reporter)
    return sa.or_(*ways)


def own_items(connection: Connection, actor: Actor, action: str) -> Condition:
    """Return the condition on `work_item`: open ones for the actor's roles at covered units.

    An item of no unit is for everybody in its role; one that the actor's earlier steps bar them
    from is not theirs. One statement.
    """
    row = TABLE.get(action, {})
    ways = [
        sa.and_(
            work_item.c.role == part.role,
            sa.or_(work_item.c.unit.in_(part.units), work_item.c.unit.is_(None)),
        )
        for part in reach(connection, actor)
        if part.role in row
    ]
    barred = sa.exists().where(
        work_item_barred.c.item_id == work_item.c.id, work_item_barred.c.person_id == actor.id
    )
    return sa.and_(IS_OPEN, sa.or_(sa.false(), *ways), ~barred)
