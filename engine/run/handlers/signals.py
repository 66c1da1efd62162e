"""A signal goes to all that wait for it: one job an instance, so that no two are ever locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.db.tables import subscription
from engine.run.commands import BroadcastSignal
from engine.run.handlers import starts
from engine.run.handlers.instances import require
from engine.run.handlers.messages import receive
from engine.run.plugins import Answer
from engine.run.rows import DELIVER, SIGNAL, JobRow
from engine.run.throwing import HOPS
from engine.run.work import ACTIVE

if TYPE_CHECKING:
    from engine.run.context import Context

WAITING = (
    select(subscription.c.instance_id, subscription.c.token)
    .where(subscription.c.kind == SIGNAL, subscription.c.name == bindparam("name"))
    .order_by(subscription.c.since, subscription.c.instance_id, subscription.c.token)
)


def broadcast(context: Context, command: BroadcastSignal) -> Answer:
    """Give a signal to everything that waits for it; nobody at all is no mistake."""
    require(context, "signal.send", None)
    reached, started = spread_to(context, command.name, command.data)
    return {"reached": reached, "started": started}


def spread(context: Context, row: Any) -> None:
    """Give on a signal that an instance has thrown."""
    spread_to(context, row.data["name"], row.data["data"], sender=row.instance_id)


def spread_to(
    context: Context, name: str, data: Mapping[str, Any], *, sender: UUID | None = None
) -> tuple[int, int]:
    """Plan a job for each waiting instance and each start; return how many of each.

    The sender itself heard its signal when it threw it (engine/spiff).
    """
    tokens: dict[UUID, list[int]] = {}
    for row in context.connection.execute(WAITING, {"name": name}):
        if row.instance_id != sender:
            tokens.setdefault(row.instance_id, []).append(row.token)
    for instance_id, its in tokens.items():
        context.plan(
            JobRow(
                id=context.ids.new(),
                instance_id=instance_id,
                kind=DELIVER,
                due_at=context.now,
                data={HOPS: context.hops, "tokens": its, "data": dict(data)},
            )
        )
    return len(tokens), starts.by_signal(context, name, data)


def deliver(context: Context, row: Any) -> None:
    """Let the tokens of one instance have a signal, as far as they still wait."""
    work = context.open(row.instance_id)
    if work.status != ACTIVE:
        return
    for token in row.data["tokens"]:
        if work.execution.at(token).events:
            receive(context, work, token, row.data["data"])
    context.settle(work)
