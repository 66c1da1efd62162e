"""The organisation: units in a tree, people, the posts they hold, and who stands in for whom.

Everything is dated: who may act is decided at the moment it is asked. Changes go through the
engine's door like all others; an identical unit asked for twice is the same unit, not a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor, Post
from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.access import path_of
from processes.permissions import ROLES, require
from processes.privacy import Sealed
from processes.tables import membership, org_unit, person, substitution

if TYPE_CHECKING:
    from engine.run.context import Context

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}")
ABOVE_ALL = "/"  # the path over the roots: no post covers it


class UnitKind(StrEnum):
    """Kinds of organisation units."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    DEPARTMENT = "department"


@dataclass(frozen=True, kw_only=True)
class AddUnit(Command):
    """Create a unit under `parent` (None: a root). `code` is its name for good."""

    code: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True, kw_only=True)
class AddPerson(Command):
    """Register a person. Accounts to log in with are the web's business."""

    name: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class AddMembership(Command):
    """Give a person a role at a unit, from now (or `valid_from`) on."""

    person_id: UUID
    role: str
    unit: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class AddSubstitution(Command):
    """Let a person act in the posts of another who is away (AB 角), for a stated time."""

    absent_id: UUID
    substitute_id: UUID
    valid_from: datetime
    valid_to: datetime


def strangers(connection: Connection, codes: Sequence[str]) -> frozenset[str]:
    """Return which of some codes name no department: steps are given to departments only."""
    known = connection.scalars(
        sa.select(org_unit.c.code).where(
            org_unit.c.code.in_(codes), org_unit.c.kind == UnitKind.DEPARTMENT
        )
    )
    return frozenset(codes) - frozenset(known)


def add_unit(context: Context, command: AddUnit) -> dict[str, Any]:
    """Create the unit. Answers its code and whether it is new.

    Raises Invalid (code, kind), NotFound (parent), Conflict where the code means another unit.
    """
    check_unit(command)
    above = unit_path(context.connection, command.parent) if command.parent else ABOVE_ALL
    require(context.actor, "organisation.manage", paths=(above,))
    wanted = {"name": command.name, "kind": command.kind, "parent": command.parent}
    known = context.connection.execute(
        sa.select(org_unit.c.name, org_unit.c.kind, org_unit.c.parent).where(
            org_unit.c.code == command.code
        )
    ).mappings()
    if (same := known.first()) is not None:
        return same_unit(command.code, dict(same), wanted)
    context.connection.execute(
        org_unit.insert(),
        {
            "code": command.code,
            **wanted,
            "path": f"{above}{command.code}/",
            "valid_from": context.now,
        },
    )
    return {"code": command.code, "created": True}


def check_unit(command: AddUnit) -> None:
    """Refuse a code, name or kind that no unit can have."""
    if not CODE.fullmatch(command.code):
        raise Invalid(
            "unit.code",
            _("单位代码“{code}”只能由字母、数字和短横线组成，最长 32 位。", code=command.code),
        )
    if not command.name.strip():
        raise Invalid("unit.name_empty", _("请填写单位名称。"))
    if command.kind not in list(UnitKind):
        raise Invalid("unit.kind", _("没有名为“{kind}”的单位类型。", kind=command.kind))


def same_unit(code: str, known: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Answer for a unit that exists already; refuse if it was meant to be another."""
    if known != wanted:
        raise Conflict(
            "unit.exists",
            _("单位代码“{code}”已被“{name}”使用，请换一个代码。", code=code, name=known["name"]),
        )
    return {"code": code, "created": False}


def unit_path(connection: Connection, code: str) -> str:
    """Return a unit's path; NotFound where there is no such unit."""
    path = path_of(connection, code)
    if path is None:
        raise NotFound("unit.unknown", _("没有代码为“{code}”的单位。", code=code))
    return path


@dataclass(frozen=True)
class People:
    """Registers people; their phones are stored sealed (`Sealed(keys, "person")`)."""

    sealed: Sealed

    def add(self, context: Context, command: AddPerson) -> dict[str, Any]:
        """Register a person. Whoever manages any part of the organisation may."""
        require(context.actor, "organisation.manage")
        name = command.name.strip()
        if not name:
            raise Invalid("person.name_empty", _("请填写姓名。"))
        new = context.ids.new()
        phone = self.sealed.seal(command.phone.strip(), column="phone", row=new)
        context.connection.execute(person.insert(), {"id": new, "name": name, "phone": phone})
        return {"id": str(new)}


def add_membership(context: Context, command: AddMembership) -> dict[str, Any]:
    """Give the post. Raises Invalid for an unknown role or an end before the start."""
    if command.role not in ROLES:
        raise Invalid("membership.role", _("没有名为“{role}”的岗位角色。", role=command.role))
    path = unit_path(context.connection, command.unit)
    require(context.actor, "organisation.manage", paths=(path,))
    known_person(context.connection, command.person_id)
    start = command.valid_from or context.now
    ends_after(start, command.valid_to)
    new = context.ids.new()
    context.connection.execute(
        membership.insert(),
        {
            "id": new,
            "person_id": command.person_id,
            "role": command.role,
            "unit": command.unit,
            "valid_from": start,
            "valid_to": command.valid_to,
        },
    )
    return {"id": str(new)}


def add_substitution(context: Context, command: AddSubstitution) -> dict[str, Any]:
    """Record who stands in. Whoever arranges it must manage every post that is lent."""
    known_person(context.connection, command.substitute_id)
    known_person(context.connection, command.absent_id)
    for post in posts_of(context.connection, (command.absent_id,), context.now):
        path = unit_path(context.connection, post.unit)
        require(context.actor, "organisation.manage", paths=(path,))
    ends_after(command.valid_from, command.valid_to)
    new = context.ids.new()
    context.connection.execute(
        substitution.insert(),
        {
            "id": new,
            "absent_id": command.absent_id,
            "substitute_id": command.substitute_id,
            "valid_from": command.valid_from,
            "valid_to": command.valid_to,
        },
    )
    return {"id": str(new)}


def known_person(connection: Connection, person_id: UUID) -> None:
    """Refuse a person nobody registered."""
    if connection.scalar(sa.select(person.c.id).where(person.c.id == person_id)) is None:
        raise NotFound("person.unknown", _("没有这个人员，请先登记。"))


def ends_after(start: datetime, end: datetime | None) -> None:
    """Refuse a time that ends before it begins."""
    if end is not None and end <= start:
        raise Invalid("period.reversed", _("结束时间必须晚于开始时间。"))


def valid_at(table: sa.Table, now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that a dated row holds at an instant: from inclusive, to exclusive."""
    return sa.and_(
        table.c.valid_from <= now,
        sa.or_(table.c.valid_to.is_(None), table.c.valid_to > now),
    )


def posts_of(
    connection: Connection, people: tuple[UUID, ...] | list[UUID], now: datetime
) -> tuple[Post, ...]:
    """Return the posts that people hold at an instant, each once, in a stable order."""
    rows = connection.execute(
        sa.select(membership.c.role, membership.c.unit)
        .distinct()
        .where(membership.c.person_id.in_(people), valid_at(membership, now))
        .order_by(membership.c.unit, membership.c.role)
    )
    return tuple(Post(role=row.role, unit=row.unit) for row in rows)


def actor_of(connection: Connection, person_id: UUID, now: datetime) -> Actor:
    """Return a person as an actor with today's posts, those of absent colleagues included."""
    lent = connection.scalars(
        sa.select(substitution.c.absent_id).where(
            substitution.c.substitute_id == person_id, valid_at(substitution, now)
        )
    )
    return Actor(id=person_id, posts=posts_of(connection, [person_id, *lent], now))


def organisation_handlers(people: People) -> dict[type[Command], Handler]:
    """Return the handlers of this page's commands."""
    return {
        AddUnit: Handler(run=add_unit),
        AddPerson: Handler(run=people.add),
        AddMembership: Handler(run=add_membership),
        AddSubstitution: Handler(run=add_substitution),
    }
