"""Permissions joined with the organisation as it stands in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from processes.permissions import allowed
from processes.tables import org_unit

PATH = sa.select(org_unit.c.path).where(org_unit.c.code == sa.bindparam("code"))


@dataclass(frozen=True)
class Reach:
    """What a post covers: its role and the codes of its unit and all units below."""

    role: str
    units: tuple[str, ...]


class OrganisationAccess:
    """The engine's port `Access`: the permission table over the organisation tree."""

    def may_act(
        self, connection: Connection, actor: Actor, *, action: str, role: str, unit: str | None
    ) -> bool:
        """Tell whether the actor may do `action` on what belongs to `role` at `unit`.

        A unit that the organisation does not know is covered by its own code only.
        """
        units = () if unit is None else (unit,)
        paths = (path_of(connection, code) or f"/{code}/" for code in units)
        return allowed(actor, action, paths=paths, role=role)  # agents have no posts to place


def path_of(connection: Connection, code: str) -> str | None:
    """Return a unit's path, None where there is no such unit."""
    return connection.scalar(PATH, {"code": code})


def paths_of(connection: Connection, codes: Sequence[str]) -> dict[str, str]:
    """Return the paths of units by code, in one statement."""
    found = connection.execute(
        sa.select(org_unit.c.code, org_unit.c.path).where(org_unit.c.code.in_(codes))
    )
    return {row.code: row.path for row in found}


def reach(connection: Connection, actor: Actor) -> list[Reach]:
    """Return what each of the actor's posts covers, for inboxes and lists; one statement."""
    units = sorted({post.unit for post in actor.posts})
    top, unit = org_unit.alias("top"), org_unit.alias("unit")
    below: dict[str, list[str]] = {code: [code] for code in units}
    inside = sa.func.substr(unit.c.path, 1, sa.func.length(top.c.path)) == top.c.path
    for row in connection.execute(
        sa.select(top.c.code.label("top"), unit.c.code.label("unit"))
        .join(unit, sa.and_(inside, unit.c.code != top.c.code))
        .where(top.c.code.in_(units))
        .order_by(unit.c.path)
    ):
        below[row.top].append(row.unit)
    return [Reach(role=post.role, units=tuple(below[post.unit])) for post in actor.posts]
