"""The organisation as people look it up: a unit's page, a person's page, and finding both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import NotFound
from engine.i18n import _
from processes.handing_over import load_of
from processes.organisation_tables import unit_state, unit_successor
from processes.reads.duty import DutyLine, duties
from processes.reads.units import UnitRow
from processes.tables import membership, org_unit, person, substitution
from processes.unit_states import unknown

MOST_FOUND = 60
UNIT = (org_unit.c.code, org_unit.c.name, org_unit.c.kind, org_unit.c.parent)


@dataclass(frozen=True)
class StateRow:
    """How a unit was called and whom it stood under, from when to when."""

    name: str
    parent: str | None
    calendar: str | None
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True)
class MembershipRow:
    """A post: who, which role, at which unit, from when to when."""

    id: UUID
    person_id: UUID
    person: str
    role: str
    unit: str
    unit_name: str
    valid_from: datetime
    valid_to: datetime | None


@dataclass(frozen=True)
class UnitPage:
    """All that is told of a unit. `items` and `parts` are what it has in hand now."""

    unit: UnitRow
    calendar: str | None
    ended_at: datetime | None
    above: tuple[UnitRow, ...]
    below: tuple[UnitRow, ...]
    posts: tuple[MembershipRow, ...]
    duties: tuple[DutyLine, ...]
    items: int
    parts: int
    states: tuple[StateRow, ...]
    heirs: tuple[UnitRow, ...]


@dataclass(frozen=True)
class SubstitutionRow:
    """Who stands in for whom, from when to when."""

    id: UUID
    absent_id: UUID
    absent: str
    substitute_id: UUID
    substitute: str
    valid_from: datetime
    valid_to: datetime


@dataclass(frozen=True)
class PersonRow:
    """A person in a list; `code` is the staff number."""

    id: UUID
    name: str
    code: str | None


@dataclass(frozen=True)
class PersonPage:
    """All that is told of a person: posts held now and before, substitutions, duty."""

    person: PersonRow
    posts: tuple[MembershipRow, ...]
    substitutions: tuple[SubstitutionRow, ...]
    duties: tuple[DutyLine, ...]


def find_units(connection: Connection, words: str) -> tuple[UnitRow, ...]:
    """Return living units whose name or code contains some words, in the order of the tree."""
    pattern = f"%{escaped(words)}%"
    return units_where(
        connection,
        org_unit.c.valid_to.is_(None),
        sa.or_(
            org_unit.c.name.like(pattern, escape="\\"), org_unit.c.code.like(pattern, escape="\\")
        ),
    )


def find_people(connection: Connection, words: str) -> tuple[PersonRow, ...]:
    """Return people whose name contains some words or whose staff number they are."""
    pattern = f"%{escaped(words)}%"
    rows = connection.execute(
        sa.select(person.c.id, person.c.name, person.c.code)
        .where(sa.or_(person.c.name.like(pattern, escape="\\"), person.c.code == words))
        .order_by(person.c.name, person.c.id)
        .limit(MOST_FOUND)
    )
    return tuple(PersonRow(*row) for row in rows)


def top_units(connection: Connection) -> tuple[UnitRow, ...]:
    """Return the roots."""
    return units_where(
        connection, org_unit.c.parent.is_(None), org_unit.c.valid_to.is_(None), most=None
    )


def children(connection: Connection, codes: Sequence[str]) -> tuple[UnitRow, ...]:
    """Return the living units right below some."""
    return units_where(
        connection, org_unit.c.parent.in_(codes), org_unit.c.valid_to.is_(None), most=None
    )


def units_where(
    connection: Connection, *conditions: sa.ColumnElement[bool], most: int | None = MOST_FOUND
) -> tuple[UnitRow, ...]:
    """Return units in the order of the tree."""
    query = sa.select(*UNIT).where(*conditions).order_by(org_unit.c.path)
    return tuple(UnitRow(*row) for row in connection.execute(query.limit(most)))


def escaped(words: str) -> str:
    """Return words that mean themselves in LIKE."""
    return words.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def unit_page(connection: Connection, code: str, now: datetime) -> UnitPage:
    """Return a unit's page; the same number of statements for each. Raises NotFound."""
    row = connection.execute(sa.select(org_unit).where(org_unit.c.code == code)).one_or_none()
    if row is None:
        raise unknown(code)
    in_hand = load_of(connection, code)
    heirs = sa.select(unit_successor.c.successor).where(unit_successor.c.unit == code)
    above = [each for each in row.path.split("/") if each and each != code]
    return UnitPage(
        unit=UnitRow(row.code, row.name, row.kind, row.parent),
        calendar=row.calendar,
        ended_at=row.valid_to,
        above=units_where(connection, org_unit.c.code.in_(above)),
        below=children(connection, (code,)),
        posts=posts_where(connection, membership.c.unit == code, lasting(membership, now)),
        duties=duties(connection, unit=code, start=now),
        items=in_hand.items,
        parts=in_hand.parts,
        states=states_of(connection, code),
        heirs=units_where(connection, org_unit.c.code.in_(heirs)),
    )


def states_of(connection: Connection, code: str) -> tuple[StateRow, ...]:
    """Return what a unit has been, newest first."""
    rows = connection.execute(
        sa.select(
            unit_state.c.name,
            org_unit.c.name.label("parent"),
            unit_state.c.calendar,
            unit_state.c.valid_from,
            unit_state.c.valid_to,
        )
        .outerjoin(org_unit, org_unit.c.code == unit_state.c.parent)
        .where(unit_state.c.unit == code)
        .order_by(unit_state.c.valid_from.desc())
    )
    return tuple(StateRow(*row) for row in rows)


def posts_where(
    connection: Connection, *conditions: sa.ColumnElement[bool]
) -> tuple[MembershipRow, ...]:
    """Return posts, by role and name."""
    rows = connection.execute(
        sa.select(
            membership.c.id,
            membership.c.person_id,
            person.c.name,
            membership.c.role,
            membership.c.unit,
            org_unit.c.name,
            membership.c.valid_from,
            membership.c.valid_to,
        )
        .join(person, person.c.id == membership.c.person_id)
        .join(org_unit, org_unit.c.code == membership.c.unit)
        .where(*conditions)
        .order_by(membership.c.role, person.c.name, membership.c.valid_from, membership.c.id)
    )
    return tuple(MembershipRow(*row) for row in rows)


def lasting(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a dated row is not over."""
    return sa.or_(table.c.valid_to.is_(None), table.c.valid_to > now)


def person_page(connection: Connection, person_id: UUID, now: datetime) -> PersonPage:
    """Return a person's page. Raises NotFound("person.unknown")."""
    row = connection.execute(
        sa.select(person.c.id, person.c.name, person.c.code).where(person.c.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound("person.unknown", _("没有这个人员，请先登记。"))
    return PersonPage(
        person=PersonRow(*row),
        posts=posts_where(connection, membership.c.person_id == person_id),
        substitutions=substitutions_of(connection, person_id, now),
        duties=duties(connection, person_id=person_id, start=now),
    )


def substitutions_of(
    connection: Connection, person_id: UUID, now: datetime
) -> tuple[SubstitutionRow, ...]:
    """Return the substitutions, on either side, that are not over."""
    absent, substitute = person.alias("absent"), person.alias("substitute")
    either = sa.or_(
        substitution.c.absent_id == person_id, substitution.c.substitute_id == person_id
    )
    rows = connection.execute(
        sa.select(
            substitution.c.id,
            absent.c.id,
            absent.c.name,
            substitute.c.id,
            substitute.c.name,
            substitution.c.valid_from,
            substitution.c.valid_to,
        )
        .join(absent, absent.c.id == substitution.c.absent_id)
        .join(substitute, substitute.c.id == substitution.c.substitute_id)
        .where(either, substitution.c.valid_to > now)
        .order_by(substitution.c.valid_from)
    )
    return tuple(SubstitutionRow(*row) for row in rows)
