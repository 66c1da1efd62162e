"""What a unit has to do goes to another unit: its open steps and its parts of cases.

A command plans one job that finds the instances concerned, a batch at a time; each instance is
then readdressed by a job of its own, with an entry `unit.handed_over` in its trail. SLA clocks go
on as they are: their ledger has a span for a new holder, which the deadlines write
(`HandedOver` is the event they follow).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.tables import instance, work_item
from engine.events import Event
from engine.run.plugins import Doing
from engine.run.rows import JobRow
from processes.permissions import ROLES
from processes.tables import case_file, case_part

if TYPE_CHECKING:
    from engine.run.context import Context

HAND_OVER: Final = "hand_over"
READDRESS: Final = "readdress"
BATCH: Final = 200  # instances found by one job
IS_OPEN: Final = work_item.c.status == sa.literal_column("'open'")


@dataclass(frozen=True)
class Share:
    """What goes to one heir: what lies in some areas; all that is left for no areas."""

    unit: str
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HandedOver(Event):
    """What a unit had to do in this instance is another unit's from now on."""

    kind: ClassVar[str] = "unit.handed_over"
    before: str
    after: str


@dataclass(frozen=True)
class Load:
    """What a unit has in hand: open steps and open parts of cases."""

    items: int
    parts: int

    def __bool__(self) -> bool:
        return bool(self.items or self.parts)


def load_of(connection: Connection, unit: str) -> Load:
    """Count what a unit has in hand; two statements, by index."""
    items = sa.select(sa.func.count()).select_from(work_item).where(items_of(unit))
    parts = sa.select(sa.func.count()).select_from(case_part).where(parts_of(unit))
    return Load(connection.scalar(items) or 0, connection.scalar(parts) or 0)


def items_of(unit: str) -> sa.ColumnElement[bool]:
    """Return the condition on open steps of a unit; roles are named for the inbox's index."""
    return sa.and_(IS_OPEN, work_item.c.role.in_(ROLES), work_item.c.unit == unit)


def parts_of(unit: str) -> sa.ColumnElement[bool]:
    """Return the condition on open parts of a unit."""
    return sa.and_(case_part.c.unit == unit, case_part.c.ended_at.is_(None))


def plan_hand_over(context: Context, unit: str, shares: Sequence[Share]) -> None:
    """Plan that everything a unit has in hand goes to its heirs."""
    told = [{"unit": share.unit, "areas": list(share.areas)} for share in shares]
    plan(context, HAND_OVER, {"unit": unit, "shares": told, "after": None})


def plan(
    context: Context, kind: str, data: dict[str, Any], instance_id: UUID | None = None
) -> None:
    """Plan a job of handing over, to be done at once."""
    context.plan(
        JobRow(
            id=context.ids.new(),
            instance_id=instance_id,
            kind=kind,
            due_at=context.now,
            data=data,
        )
    )


def hand_over(context: Context, row: Any) -> None:
    """Plan a job for each instance of the next batch, and one more for the batch after it."""
    said = row.data
    found = instances_of(context.connection, said["unit"], after=said["after"])
    told = {"unit": said["unit"], "shares": said["shares"]}
    for instance_id in found:
        plan(context, READDRESS, told, instance_id)
    if len(found) == BATCH:
        plan(context, HAND_OVER, {**said, "after": str(found[-1])})


def instances_of(connection: Connection, unit: str, *, after: str | None) -> Sequence[UUID]:
    """Return the instances in which a unit has something in hand, in order of their ids."""
    concerned = sa.union(
        sa.select(work_item.c.instance_id.label("id")).where(items_of(unit)),
        sa.select(case_part.c.instance_id.label("id")).where(parts_of(unit)),
    ).subquery()
    query = sa.select(concerned.c.id).order_by(concerned.c.id).limit(BATCH)
    if after is not None:
        query = query.where(concerned.c.id > UUID(after))
    return connection.scalars(query).all()


def locate(context: Context, row: Any) -> UUID | None:
    """Name the instance to readdress, None where it has ended meanwhile."""
    found: UUID | None = context.connection.scalar(
        sa.select(instance.c.id).where(
            instance.c.id == row.instance_id, instance.c.status == "active"
        )
    )
    return found


def readdress(context: Context, row: Any) -> None:
    """Give what a unit has in hand in one instance to its heir there, and note it."""
    work = context.works.get(row.instance_id)
    if work is None:
        return
    before = row.data["unit"]
    after = heir_for(context.connection, row.data["shares"], work.root_id)
    send = context.connection.execute
    send(
        work_item.update()
        .where(work_item.c.instance_id == work.id, work_item.c.unit == before, IS_OPEN)
        .values(unit=after)
    )
    send(
        case_part.update()
        .where(case_part.c.instance_id == work.id, parts_of(before))
        .values(unit=after)
    )
    if work.unit == before:
        work.unit = after
        send(instance.update().where(instance.c.id == work.id).values(unit=after))
    context.emit(work.id, HandedOver(before=before, after=after))


def heir_for(connection: Connection, shares: Sequence[dict[str, Any]], case_id: UUID) -> str:
    """Return the heir of a case: the one whose area it lies in, else the first."""
    if len(shares) > 1:
        path = connection.scalar(sa.select(case_file.c.path).where(case_file.c.id == case_id))
        for share in shares:
            if any(f"/{area}/" in (path or "") for area in share["areas"]):
                return str(share["unit"])
    return str(shares[0]["unit"])


HAND_OVER_JOBS: Final = {HAND_OVER: Doing(hand_over), READDRESS: Doing(readdress, locate)}
