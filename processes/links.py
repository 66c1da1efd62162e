"""Links between cases: one merged into another, split from it, repeated, or simply related.

A merged case keeps its own number, requester and rating; the work is done once, on the other
(domain E-11). Merging ends a case's process, so only a diagram does it; the other kinds are said
by people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import Actor
from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import Text, _
from engine.run.commands import Command
from engine.run.plugins import Handler
from processes.events import CaseLinked
from processes.permissions import allowed, require
from processes.reports import checked_word, refusal
from processes.tables import case_file, case_link, case_part, org_unit

if TYPE_CHECKING:
    from engine.run.context import Context


class Kind(StrEnum):
    """How a case stands to another."""

    MERGED = "merged"  # its work is done there
    SPLIT = "split"  # it was taken out of it
    REPEAT = "repeat"  # the same again, told anew
    RELATED = "related"


SAID: Final = frozenset({Kind.SPLIT, Kind.REPEAT, Kind.RELATED})

BOTH: Final = (
    sa.select(case_file.c.id)
    .where(case_file.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(case_file.c.id)
    .with_for_update(key_share=True)
)
KNOWN: Final = sa.select(case_link.c.kind, case_link.c.other_id).where(
    case_link.c.case_id == sa.bindparam("case")
)
FOUND: Final = sa.select(
    case_file.c.id, case_file.c.number, case_file.c.path, case_file.c.reported_by
).where(case_file.c.number.in_(sa.bindparam("numbers", expanding=True)))
PARTS: Final = (
    sa.select(case_part.c.case_id, org_unit.c.path)
    .join(org_unit, org_unit.c.code == case_part.c.unit)
    .where(case_part.c.case_id.in_(sa.bindparam("ids", expanding=True)))
)


@dataclass(frozen=True, kw_only=True)
class LinkCases(Command):
    """Say how a case stands to another; both by number. `kind` is split, repeat or related."""

    number: str
    other: str
    kind: str
    reason: str = ""


def link_by_number(
    connection: Connection,
    *,
    case_id: UUID,
    number: str,
    kind: str,
    by: UUID | None,
    at: datetime,
    reason: str = "",
) -> UUID:
    """Link a case to the one with a number, as `link_case` does: for operations of diagrams."""
    wanted = number.strip().upper()
    other = connection.scalar(sa.select(case_file.c.id).where(case_file.c.number == wanted))
    if other is None:
        raise unknown(wanted)
    return link_case(
        connection, case_id=case_id, other_id=other, kind=kind, by=by, at=at, reason=reason
    )


def link_case(
    connection: Connection,
    *,
    case_id: UUID,
    other_id: UUID,
    kind: str,
    by: UUID | None,
    at: datetime,
    reason: str = "",
) -> UUID:
    """Store a link and return the case it leads to; at most five statements.

    What is merged into a merged case goes to where that went, and takes along what was merged into
    itself, so that a parent has no parent. Raises Invalid("link.…") and Conflict("link.…").
    """
    if case_id == other_id:
        raise to_itself()
    connection.execute(BOTH, {"ids": [case_id, other_id]}).all()
    known = connection.execute(KNOWN, {"case": case_id}).all()
    if kind == Kind.MERGED:
        if any(row.kind == Kind.MERGED for row in known):
            raise Conflict("link.merged_already", _("这件事项已经并入别的事项，不能再并。"))
        other_id = parent_of(connection, other_id) or other_id
        if other_id == case_id:
            raise Invalid("link.circle", _("对方已经并入本件，请在对方那里查看，不能反过来再并。"))
        connection.execute(
            sa.update(case_link)
            .where(case_link.c.other_id == case_id, case_link.c.kind == Kind.MERGED)
            .values(other_id=other_id)
        )
    elif any(row.other_id == other_id for row in known):
        raise Conflict("link.exists", _("这两件事项已经关联过，不必重复。"))
    store(connection, case_id=case_id, other_id=other_id, kind=kind, by=by, at=at, reason=reason)
    return other_id


def parent_of(connection: Connection, case_id: UUID) -> UUID | None:
    """Return the case that a case was merged into."""
    rows = connection.execute(KNOWN, {"case": case_id})
    return next((row.other_id for row in rows if row.kind == Kind.MERGED), None)


def store(connection: Connection, *, case_id: UUID, other_id: UUID, **values: Any) -> None:
    """Store a link in place of a weaker one between the same two."""
    pair = {"case_id": case_id, "other_id": other_id}
    connection.execute(
        sa.delete(case_link).where(case_link.c.case_id == case_id, case_link.c.other_id == other_id)
    )
    connection.execute(case_link.insert(), {**pair, **values})


def locate(context: Context, command: LinkCases) -> UUID:
    """Find both cases; for whoever may not read one of them it does not exist."""
    this, _other = both(context, command)
    found: UUID = this.id
    return found


def link(context: Context, command: LinkCases) -> dict[str, Any]:
    """Link two cases and note it on the first."""
    this, other = both(context, command)
    if command.kind not in SAID:
        raise refusal("kind", "link.kind_unknown", _("关联只能是拆出、重复或相关，请重新选择。"))
    reason = checked_word("reason", command.reason)
    context.open(this.id)
    link_case(
        context.connection,
        case_id=this.id,
        other_id=other.id,
        kind=command.kind,
        by=context.actor.id,
        at=context.now,
        reason=reason,
    )
    texts = {"reason": reason} if reason else {}
    context.emit(this.id, CaseLinked(number=other.number, link=command.kind, texts=texts))
    return {"number": this.number, "other": other.number, "kind": command.kind}


def both(context: Context, command: LinkCases) -> tuple[Any, Any]:
    """Return the two cases of a command; two statements."""
    numbers = [command.number.strip().upper(), command.other.strip().upper()]
    if numbers[0] == numbers[1]:
        raise to_itself()
    rows = context.connection.execute(FOUND, {"numbers": numbers}).all()
    found = {row.number: row for row in rows}
    parts = context.connection.execute(PARTS, {"ids": [row.id for row in rows]}).all()
    for number in numbers:
        row = found.get(number)
        paths = [part.path for part in parts if row is not None and part.case_id == row.id]
        if row is None or not readable(context.actor, row, paths):
            raise unknown(number)
        if number == numbers[0]:
            require(context.actor, "case.link", paths=(row.path, *paths))
            if not numbers[1]:
                raise refusal("other", "link.other_missing", _("请填写另一件事项的编号。"))
    return found[numbers[0]], found[numbers[1]]


def readable(actor: Actor, row: Any, paths: list[str]) -> bool:
    """Tell whether an actor may read a case."""
    own = actor.id is not None and row.reported_by == actor.id
    return allowed(actor, "case.read", paths=(row.path, *paths), own_report=own)


def unknown(number: str) -> NotFound:
    """Return the refusal of a case that is not there or not the actor's to read."""
    return NotFound("case.unknown", missing(number))


def missing(number: str) -> Text:
    """Say that a case is not there, or not the actor's to read."""
    return _("没有编号为 {number} 的事项，或您无权查看。", number=number)


def to_itself() -> Invalid:
    """Return the refusal of a link that leads nowhere."""
    return Invalid("link.to_itself", _("事项不能和自己关联，请填另一件的编号。"))


LINK_HANDLERS: Final[Mapping[type[Command], Handler]] = {
    LinkCases: Handler(run=link, locate=locate)
}
