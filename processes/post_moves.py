"""Posts that end or go elsewhere: with their unit, or because somebody leaves.

A post that has begun ends now and, where it goes on elsewhere, begins there; one that has not
begun yet is only readdressed. The same holds for the duty roster.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.organisation_chain import Change, changing, note, note_all
from processes.organisation_tables import duty_roster
from processes.permissions import require
from processes.posts import known_person, posts_of, require_posts, valid_at
from processes.tables import membership, substitution
from processes.unit_states import find_units

if TYPE_CHECKING:
    from engine.run.context import Context

NEVER_EMPTY: Final = ("dispatcher", "admin")  # roles without which cases or accounts stand still


@dataclass(frozen=True, kw_only=True)
class EndMembership(Command):
    """End a post, now or at a stated instant."""

    membership_id: UUID
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EndSubstitution(Command):
    """End a substitution now: the absent is back."""

    substitution_id: UUID


@dataclass(frozen=True, kw_only=True)
class HandOverPosts(Command):
    """End every post of a person now and give each of them to a successor."""

    person_id: UUID
    successor_id: UUID


def end_membership(context: Context, command: EndMembership) -> dict[str, Any]:
    """End the post. Raises Conflict("membership.last") for the last dispatcher or administrator."""
    row = context.connection.execute(
        sa.select(membership).where(membership.c.id == command.membership_id)
    ).one_or_none()
    if row is None:
        raise NotFound("membership.unknown", _("没有这项任职，请刷新页面。"))
    unit = find_units(context.connection, (row.unit,))[row.unit]
    require(context.actor, "organisation.manage", paths=(unit.path,))
    at = command.at or context.now
    if row.valid_to is not None and row.valid_to <= at:
        raise Conflict("membership.ended", _("这项任职已经结束。"))
    if at < row.valid_from:
        raise Invalid("period.reversed", _("结束时间必须晚于开始时间。"))
    if unit.valid_to is None and row.role in NEVER_EMPTY:
        refuse_last(context.connection, row, unit.path, at)
    context.connection.execute(
        membership.update().where(membership.c.id == row.id).values(valid_to=at)
    )
    note(context, "membership.ended", row.person_id, role=row.role, unit=row.unit, to=at)
    return {"id": str(row.id)}


def refuse_last(connection: Connection, row: Any, path: str, at: datetime) -> None:
    """Refuse to leave a unit without anybody in a role that it cannot be without.

    Whoever holds the role at a unit above stands in for it.
    """
    others = connection.scalars(
        sa.select(membership.c.unit).where(
            membership.c.role == row.role,
            membership.c.id != row.id,
            membership.c.unit.in_([code for code in path.split("/") if code]),
            valid_at(membership, at),
        )
    ).all()
    if not others:
        raise Conflict(
            "membership.last",
            _("这是该单位最后一名任此岗位的人员，请先安排接任者，再结束这项任职。"),
        )


def end_substitution(context: Context, command: EndSubstitution) -> dict[str, Any]:
    """End the substitution; one that has not begun is taken back."""
    row = context.connection.execute(
        sa.select(substitution).where(substitution.c.id == command.substitution_id)
    ).one_or_none()
    if row is None or row.valid_to <= context.now:
        raise NotFound("substitution.unknown", _("这项顶岗安排不存在或已经结束。"))
    require_posts(context, row.absent_id)
    mine = substitution.c.id == row.id
    if row.valid_from >= context.now:
        context.connection.execute(substitution.delete().where(mine))
    else:
        context.connection.execute(substitution.update().where(mine).values(valid_to=context.now))
    note(context, "substitution.ended", row.absent_id, substitute=row.substitute_id)
    return {"id": str(row.id)}


def hand_over_posts(context: Context, command: HandOverPosts) -> dict[str, Any]:
    """Let a successor take every post of a person. Answers how many posts changed hands."""
    if command.person_id == command.successor_id:
        raise Invalid("person.hand_over_self", _("不能移交给本人，请另选一位。"))
    known_person(context.connection, command.person_id)
    known_person(context.connection, command.successor_id)
    require_posts(context, command.person_id)
    held = posts_of(context.connection, (command.successor_id,), context.now)
    have = frozenset((post.role, post.unit) for post in held)
    moved = 0
    for table in (membership, duty_roster):
        moved += readdress(
            context,
            table,
            table.c.person_id == command.person_id,
            {"person_id": command.successor_id},
            have=have if table is membership else frozenset(),
        )
    note(context, "person.handed_over", command.person_id, successor=command.successor_id)
    return {"posts": moved}


def move_posts(context: Context, unit: str, heir: str) -> None:
    """Let the people of an ending unit, and its roster, go on at its heir."""
    for table in (membership, duty_roster):
        moved = readdress(context, table, table.c.unit == unit, {"unit": heir})
        if moved:
            note(context, f"{table.name}.moved", unit, successor=heir, count=moved)


def end_posts(context: Context, unit: str) -> None:
    """End the posts of a unit that has no heir, and empty its roster."""
    for table in (membership, duty_roster):
        mine = lasting(table, table.c.unit == unit, context.now)
        rows = context.connection.execute(sa.select(table).where(mine)).all()
        begun = [row.id for row in rows if row.valid_from < context.now]
        stop(context.connection, table, begun, context.now)
        future = table.c.id.in_([row.id for row in rows if row.id not in begun])
        context.connection.execute(table.delete().where(future))
        note_all(
            context,
            [
                Change(f"{table.name}.ended", str(row.person_id), {"role": row.role, "unit": unit})
                for row in rows
            ],
        )


def readdress(
    context: Context,
    table: sa.Table,
    which: sa.ColumnElement[bool],
    change: dict[str, Any],
    *,
    have: frozenset[tuple[str, str]] = frozenset(),
) -> int:
    """Let dated rows go on with another unit or person; at most four statements.

    `have` are posts (role, unit) that the other holds already: they only end.
    """
    rows = context.connection.execute(
        sa.select(table).where(lasting(table, which, context.now))
    ).all()
    begun = [row for row in rows if row.valid_from < context.now]
    stop(context.connection, table, [row.id for row in begun], context.now)
    going_on = [
        {**row._asdict(), **change, "id": context.ids.new(), "valid_from": context.now}
        for row in begun
        if (row.role, row.unit) not in have
    ]
    if going_on:
        context.connection.execute(table.insert(), going_on)
    future = [row.id for row in rows if row not in begun]
    if future:
        context.connection.execute(table.update().where(table.c.id.in_(future)).values(change))
    return len(rows)


def lasting(
    table: sa.Table, which: sa.ColumnElement[bool], now: datetime
) -> sa.ColumnElement[bool]:
    """Return the condition on rows that hold now or will."""
    return sa.and_(which, sa.or_(table.c.valid_to.is_(None), table.c.valid_to > now))


def stop(connection: Connection, table: sa.Table, ids: list[UUID], now: datetime) -> None:
    """End rows now."""
    if ids:
        connection.execute(table.update().where(table.c.id.in_(ids)).values(valid_to=now))


def post_move_handlers() -> dict[type[Command], Handler]:
    """Return the handlers of this page's commands."""
    return {
        EndMembership: changing(end_membership),
        EndSubstitution: changing(end_substitution),
        HandOverPosts: changing(hand_over_posts),
    }
