"""Posts: who holds which role at which unit, who stands in for whom (AB 角), until when.

Everything is dated, and who may act is decided at the moment it is asked: a post that ends today
gives nothing tomorrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor, Post
from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from processes.access import paths_of
from processes.organisation_chain import note
from processes.organisation_tables import duty_roster
from processes.permissions import ROLES, require
from processes.tables import membership, person, substitution
from processes.unit_states import living

if TYPE_CHECKING:
    from engine.run.context import Context


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


def add_membership(context: Context, command: AddMembership) -> dict[str, Any]:
    """Give the post.

    Raises Invalid for an unknown role or an end before the start, Conflict for an abolished unit
    and where the person holds the same post at that time already.
    """
    check_role(command.role)
    unit = living(context.connection, command.unit)
    require(context.actor, "organisation.manage", paths=(unit.path,))
    known_person(context.connection, command.person_id)
    start = command.valid_from or context.now
    ends_after(start, command.valid_to)
    same = (
        membership.c.person_id == command.person_id,
        membership.c.role == command.role,
        membership.c.unit == command.unit,
    )
    if overlaps(context.connection, membership, *same, start=start, end=command.valid_to):
        raise Conflict(
            "membership.overlap", _("此人在这段时间内已经担任“{name}”的这个岗位。", name=unit.name)
        )
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
    period = {"from": start, "to": command.valid_to}
    note(
        context,
        "membership.added",
        command.person_id,
        role=command.role,
        unit=command.unit,
        **period,
    )
    return {"id": str(new)}


def add_substitution(context: Context, command: AddSubstitution) -> dict[str, Any]:
    """Record who stands in. Whoever arranges it must manage every post that is lent.

    Raises Conflict where the absent is stood in for already, or the substitute is away then.
    """
    known_person(context.connection, command.substitute_id)
    known_person(context.connection, command.absent_id)
    if command.absent_id == command.substitute_id:
        raise Invalid("substitution.self", _("不能由本人顶替本人，请另选一位。"))
    require_posts(context, command.absent_id)
    ends_after(command.valid_from, command.valid_to)
    refuse_clash(context.connection, command)
    new = context.ids.new()
    row = {
        "absent_id": command.absent_id,
        "substitute_id": command.substitute_id,
        "valid_from": command.valid_from,
        "valid_to": command.valid_to,
    }
    context.connection.execute(substitution.insert(), {"id": new, **row})
    note(
        context,
        "substitution.added",
        command.absent_id,
        substitute=command.substitute_id,
        **{"from": command.valid_from, "to": command.valid_to},
    )
    return {"id": str(new)}


def require_posts(context: Context, person_id: UUID) -> None:
    """Refuse whoever does not manage every post that a person holds now."""
    require(context.actor, "organisation.manage")
    posts = posts_of(context.connection, (person_id,), context.now)
    for path in paths_of(context.connection, sorted({post.unit for post in posts})).values():
        require(context.actor, "organisation.manage", paths=(path,))


def refuse_clash(connection: Connection, command: AddSubstitution) -> None:
    """Refuse two substitutes at a time, and one who is away at that time."""
    period = {"start": command.valid_from, "end": command.valid_to}
    absent = substitution.c.absent_id
    if overlaps(connection, substitution, absent == command.absent_id, **period):
        raise Conflict(
            "substitution.overlap", _("这段时间已经安排了顶岗人员，请先结束原来的安排。")
        )
    if overlaps(connection, substitution, absent == command.substitute_id, **period):
        raise Conflict("substitution.away", _("顶岗人员这段时间自己也不在岗，请另选一位。"))


def check_role(role: str) -> None:
    """Refuse a role that nobody can hold."""
    if role not in ROLES:
        raise Invalid("membership.role", _("没有名为“{role}”的岗位角色。", role=role))


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


def overlaps(
    connection: Connection,
    table: sa.Table,
    *same: sa.ColumnElement[bool],
    start: datetime,
    end: datetime | None,
) -> bool:
    """Tell whether a row like it holds at any instant from `start` to `end` (None: for ever)."""
    begun = sa.true() if end is None else table.c.valid_from < end
    lasts = sa.or_(table.c.valid_to.is_(None), table.c.valid_to > start)
    # A post taken away at the instant it began never held.
    real = sa.or_(table.c.valid_to.is_(None), table.c.valid_to > table.c.valid_from)
    found = sa.select(table.c.id).where(*same, begun, lasts, real).limit(1)
    return connection.scalar(found) is not None


def posts_of(
    connection: Connection, people: tuple[UUID, ...] | list[UUID], now: datetime
) -> tuple[Post, ...]:
    """Return the posts that people hold at an instant, each once, in a stable order.

    Whoever is on duty for a unit and role holds that post meanwhile. One statement.
    """
    held = sa.union(
        *(
            sa.select(table.c.role, table.c.unit).where(
                table.c.person_id.in_(people), valid_at(table, now)
            )
            for table in (membership, duty_roster)
        )
    )
    rows = connection.execute(held.order_by("unit", "role"))
    return tuple(Post(role=row.role, unit=row.unit) for row in rows)


def actor_of(connection: Connection, person_id: UUID, now: datetime) -> Actor:
    """Return a person as an actor with today's posts, those of absent colleagues included.

    Two statements, however many posts and colleagues.
    """
    lent = connection.scalars(
        sa.select(substitution.c.absent_id).where(
            substitution.c.substitute_id == person_id, valid_at(substitution, now)
        )
    )
    return Actor(id=person_id, posts=posts_of(connection, [person_id, *lent], now))
