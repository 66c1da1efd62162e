"""The whole organisation in memory, for planning an import: read once, with four statements."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from processes.organisation_tables import duty_roster
from processes.privacy import Sealed
from processes.tables import membership, person
from processes.unit_states import PRESENT, Unit

Key = tuple[UUID, str, str]  # person, role, unit


@dataclass(frozen=True)
class Somebody:
    """A person with a staff number."""

    id: UUID
    code: str
    name: str
    phone: str


@dataclass(frozen=True)
class Dated:
    """A post or a duty."""

    id: UUID
    person_id: UUID
    role: str
    unit: str
    valid_from: datetime
    valid_to: datetime | None
    note: str = ""

    @property
    def key(self) -> Key:
        """Return whose it is: of the same key two may not overlap."""
        return self.person_id, self.role, self.unit


@dataclass
class Now:
    """Units by code, people by staff number, posts and duties by whose they are."""

    units: dict[str, Unit]
    people: dict[str, Somebody]
    posts: dict[Key, list[Dated]]
    duties: dict[Key, list[Dated]]


def read_now(connection: Connection, sealed: Sealed, at: datetime) -> Now:
    """Read the organisation; posts and duties that are over are left out."""
    units = connection.execute(sa.select(*PRESENT)).mappings()
    people = connection.execute(sa.select(person).where(person.c.code.is_not(None)))
    return Now(
        units={row["code"]: Unit(**row) for row in units},
        people={
            row.code: Somebody(
                row.id, row.code, row.name, sealed.open(row.phone, column="phone", row=row.id)
            )
            for row in people
        },
        posts=dated(connection, membership, at),
        duties=dated(connection, duty_roster, at),
    )


def dated(connection: Connection, table: sa.Table, at: datetime) -> dict[Key, list[Dated]]:
    """Return the rows of a dated table that hold now or will, by whose they are."""
    lasting = sa.or_(table.c.valid_to.is_(None), table.c.valid_to > at)
    names = [each.name for each in fields(Dated) if each.name in table.c]
    found: dict[Key, list[Dated]] = {}
    for row in connection.execute(sa.select(table).where(lasting)).mappings():
        each = Dated(**{name: row[name] for name in names})
        found.setdefault(each.key, []).append(each)
    return found
