"""What an actor may see, as conditions of a query: the permission table put into SQL.

It says for many rows what `processes.permissions.allowed` says for one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.elements import ColumnElement

from engine.actor import Actor
from engine.db.tables import work_item, work_item_barred
from processes.permissions import AGENTS, ANYWHERE, BELOW, OWN_REPORT, OWN_UNIT, TABLE
from processes.prefix import stands_below, starts_with
from processes.tables import case_file, case_part, org_unit

Condition = ColumnElement[bool]
LEVELS = frozenset({"street", "community", "grid"})  # each a column of the case file
NARROW = LEVELS | {"department"}  # wider ones hold most cases: their lists are just walked
covering, covered = org_unit.alias("covering"), org_unit.alias("covered")
TOPS = (
    sa.select(covering.c.code, covering.c.path, covering.c.kind, covered.c.code.label("under"))
    .outerjoin(
        covered,
        sa.and_(
            stands_below(covered.c.path, covering.c.path),
            covered.c.path != covering.c.path,
            covering.c.kind.in_(sorted(NARROW)),
        ),
    )
    .where(covering.c.code.in_(sa.bindparam("codes", expanding=True)))
)
IS_OPEN = work_item.c.status == sa.literal_column("'open'")  # a literal: of a partial index


@dataclass(frozen=True)
class Scope:
    """How far an action of an actor reaches.

    `below` and `exact` are paths of units, `tops` those units; `reporter` is the person whose own
    reports count.
    """

    everything: bool = False
    reporter: UUID | None = None
    below: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    tops: Mapping[str, Top] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Tell whether it holds more than streets and departments do."""
        units = (*self.below, *self.exact)
        return self.everything or not all(self.tops[path].is_narrow for path in units)

    @property
    def units(self) -> list[str]:
        """Return the codes of all units within, of a narrow one."""
        under = {code for path in self.below for code in self.tops[path].under}
        return sorted(under | {own_code(path) for path in (*self.below, *self.exact)})

    def holds(self, path: ColumnElement[str]) -> Condition:
        """Return the condition that a unit's path lies within."""
        if self.everything:
            return sa.true()
        inside = [starts_with(path, top) for top in self.below]
        return sa.or_(sa.false(), *inside, *(path == own for own in self.exact))


def own_code(path: str) -> str:
    """Return the code of the unit that a path leads to."""
    return path.split("/")[-2]


def scope_of(connection: Connection, actor: Actor, action: str) -> Scope:
    """Return how far the table lets an actor do an action; at most one statement."""
    row = TABLE.get(action, {})
    if actor.kind in AGENTS:
        return Scope(everything=actor.kind in row)
    posts = [(post, row[post.role]) for post in actor.posts if post.role in row]
    if any(ANYWHERE in relation for _post, relation in posts):
        return Scope(everything=True)
    tops = tops_of(connection, {post.unit for post, _relation in posts})
    below = {tops[post.unit].path for post, relation in posts if BELOW in relation}
    exact = {tops[p.unit].path for p, r in posts if OWN_UNIT in r and BELOW not in r}
    return Scope(
        reporter=actor.id if any(OWN_REPORT in relation for _post, relation in posts) else None,
        below=tuple(sorted(below)),
        exact=tuple(sorted(exact)),
        tops={top.path: top for top in tops.values()},
    )


@dataclass
class Top:
    """A unit that a post is at. `under` are the codes of the units below a narrow one."""

    path: str
    kind: str = ""  # "": the organisation does not know it, it covers what its own code says
    under: list[str] = field(default_factory=list)

    @property
    def is_narrow(self) -> bool:
        """Tell whether it holds a small share of all cases."""
        return self.kind in NARROW


def tops_of(connection: Connection, codes: set[str]) -> dict[str, Top]:
    """Return units by code, in one statement."""
    found = {code: Top(f"/{code}/") for code in codes}
    for row in connection.execute(TOPS, {"codes": sorted(codes)}):
        place = found[row.code]
        place.path, place.kind = row.path, row.kind
        if row.under:
            place.under.append(row.under)
    return found


def readable_cases(scope: Scope) -> Condition:
    """Return the condition on `case_file`: its area, a unit with a part in it, or one's report."""
    if scope.everything:
        return sa.true()
    part = sa.select(sa.literal(1)).where(case_part.c.case_id == case_file.c.id)
    if scope.is_wide:
        part = part.join(org_unit, org_unit.c.code == case_part.c.unit)
        part = part.where(scope.holds(org_unit.c.path))
    else:  # few units, known already: each case's parts are not looked up in the organisation
        part = part.where(case_part.c.unit.in_(scope.units))
    ways = [scope.holds(case_file.c.path), part.correlate(case_file).exists()]
    if scope.reporter is not None:
        ways.append(case_file.c.reported_by == scope.reporter)
    return sa.or_(*ways)


def own_items(actor: Actor, action: str) -> Condition:
    """Return the condition on `work_item`: open ones for the actor's roles at covered units.

    An item of no unit is for everybody in its role; one that the actor's earlier steps bar them
    from is not theirs.
    """
    roles = sorted({post.role for post in actor.posts} & TABLE.get(action, {}).keys())
    ways = [
        sa.and_(
            work_item.c.role == role,
            lies_within(work_item.c.unit, {post.unit for post in actor.posts if post.role == role}),
        )
        for role in roles
    ]
    barred = sa.exists().where(
        work_item_barred.c.item_id == work_item.c.id, work_item_barred.c.person_id == actor.id
    )
    return sa.and_(IS_OPEN, sa.or_(sa.false(), *ways), ~barred)


def lies_within(unit: ColumnElement[Any], tops: Collection[str]) -> Condition:
    """Return the condition that a unit is one of some, lies below one, or is none at all.

    Those below are looked up by the database: the hundreds of a district, sent as values, would be
    read and planned with anew by every statement.
    """
    inside = sa.select(covered.c.code).join(covering, stands_below(covered.c.path, covering.c.path))
    return sa.or_(
        unit.in_(sorted(tops)),
        unit.in_(inside.where(covering.c.code.in_(sorted(tops)))),
        unit.is_(None),
    )
