"""How deep calls may go and how many instances a case may have: what no drawing shows.

Asked once a command that plans calls. Beyond it the call stops with an incident, which an
administrator can retry or cancel; nothing else of the case is touched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, literal, select

from engine.db.prepared import Prepared
from engine.db.tables import instance
from engine.errors import Broken
from engine.i18n import _

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

DEEPEST = 20
MOST_INSTANCES = 20_000

FIRST = select(instance.c.parent_id.label("caller"), literal(1).label("depth")).where(
    instance.c.id == bindparam("caller")
)
CALLERS = FIRST.cte("callers", recursive=True)
CALLERS = CALLERS.union_all(
    select(instance.c.parent_id, CALLERS.c.depth + 1)
    .join(CALLERS, instance.c.id == CALLERS.c.caller)
    .where(CALLERS.c.depth <= DEEPEST)
)
OF_CASE = select(instance.c.id).where(instance.c.root_id == bindparam("root"))
USED = Prepared(
    select(
        select(func.max(CALLERS.c.depth)).scalar_subquery().label("callers"),
        select(func.count())
        .select_from(OF_CASE.limit(bindparam("most")).subquery())
        .scalar_subquery()
        .label("instances"),
    )
)


@dataclass
class Room:
    """What is used of both; `instances` grows with every call planned in this command."""

    depth: int
    instances: int


def take(context: Context, work: Work) -> None:
    """Take the room that one more called part needs.

    Raises Broken("instance.too_deep" or "instance.too_many").
    """
    if work.room is None:
        work.room = measure(context, work)
    if work.room.depth >= DEEPEST:
        text = _("流程调用超过 {limit} 层，可能在反复调用自己", limit=DEEPEST)
        raise Broken("instance.too_deep", text)
    if work.room.instances >= MOST_INSTANCES:
        text = _("这件事的流程实例已有 {limit} 个，不能再增加", limit=MOST_INSTANCES)
        raise Broken("instance.too_many", text)
    work.room.instances += 1


def measure(context: Context, work: Work) -> Room:
    """Ask how deep an instance stands, and how many its case has so far."""
    if work.is_new and work.parent_id is None:
        return Room(depth=1, instances=1)
    asked = {"caller": work.parent_id, "root": work.root_id, "most": MOST_INSTANCES}
    used = USED.read(context.connection, asked)[0]
    return Room(depth=1 + (used.callers or 0), instances=used.instances)
