"""Who the people of a time line are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from processes.tables import membership, org_unit, person

PEOPLE: Final = (
    sa.select(
        person.c.id,
        person.c.name,
        membership.c.role,
        membership.c.unit,
        org_unit.c.name.label("unit_name"),
    )
    .outerjoin(membership, membership.c.person_id == person.c.id)
    .outerjoin(org_unit, org_unit.c.code == membership.c.unit)
    .order_by(person.c.id, membership.c.valid_from, membership.c.id)
)


@dataclass(frozen=True)
class Person:
    """A person's name, and the first post they held: where they act when an event does not say."""

    name: str
    role: str | None = None
    unit: str | None = None
    unit_name: str | None = None


def people(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """Return people by id, in one statement."""
    found: dict[UUID, Person] = {}
    for row in connection.execute(PEOPLE.where(person.c.id.in_(sorted(set(ids))))):
        found.setdefault(row.id, Person(row.name, row.role, row.unit, row.unit_name))
    return found
