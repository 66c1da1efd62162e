"""A message goes to one: the instance that waits for it longest, else the process it starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from engine.db.tables import receiver, subscription
from engine.errors import Conflict, NotFound
from engine.events import EventReceived
from engine.i18n import _
from engine.run.commands import SendMessage
from engine.run.handlers import starts
from engine.run.handlers.instances import require
from engine.run.plugins import Answer
from engine.run.rows import MESSAGE
from engine.run.work import ACTIVE, Work

if TYPE_CHECKING:
    from engine.run.context import Context

KEYED = or_(subscription.c.key.is_(None), subscription.c.key == bindparam("key"))
NAMED = (subscription.c.kind == MESSAGE, subscription.c.name == bindparam("name"))
# With a key before without one, then the oldest first.
BEST = (
    subscription.c.key.is_(None),
    subscription.c.since,
    subscription.c.instance_id,
    subscription.c.token,
)
OLDEST = select(subscription.c.instance_id).where(*NAMED, KEYED).order_by(*BEST).limit(1)
ITS_TOKENS = (
    select(subscription.c.token)
    .where(*NAMED, KEYED, subscription.c.instance_id == bindparam("id"))
    .order_by(*BEST)
)
EXPECTED = (
    select(receiver.c.element)
    .where(receiver.c.kind == MESSAGE, receiver.c.name == bindparam("name"))
    .limit(1)
)
UNHEARD = "message"  # topic of a letter


def locate(context: Context, command: SendMessage) -> UUID | None:
    """Check that the actor may send, and name the instance that waits."""
    require(context, "message.send", None)
    return find(context, command.name, command.key)


def locate_receiver(context: Context, row: Any) -> UUID | None:
    """Name the instance that waits for a thrown message."""
    return find(context, row.data["name"], row.data.get("key"))


def find(context: Context, name: str, key: str | None) -> UUID | None:
    """Return the instance that a message belongs to, None where nobody waits."""
    found = context.connection.execute(OLDEST, {"name": name, "key": key})
    instance_id: UUID | None = found.scalar_one_or_none()
    return instance_id


def send(context: Context, command: SendMessage) -> Answer:
    """Deliver a message.

    Raises NotFound("message.nobody_waits"), or Conflict("message.receiver_gone") where the one who
    waited went on between being found and being locked: sent again, it finds the next.
    """
    instance_id = give(context, command.name, command.key, command.data)
    if instance_id is None:
        raise nobody_waits(command.name)
    return {"instance_id": str(instance_id)}


def carry(context: Context, row: Any) -> None:
    """Deliver what an instance has thrown.

    Where somebody is drawn to receive it and nobody waits yet, the job fails and is tried again;
    where nobody is, the message leaves the machine.
    """
    name, key, data = row.data["name"], row.data.get("key"), row.data["data"]
    if give(context, name, key, data) is not None:
        return
    if context.connection.execute(EXPECTED, {"name": name}).first() is not None:
        raise nobody_waits(name)
    context.post(UNHEARD, {"instance": str(row.instance_id), "name": name, "key": key})


def give(context: Context, name: str, key: str | None, data: Mapping[str, Any]) -> UUID | None:
    """Deliver to the located instance, or start one; None where nobody takes it."""
    if context.opened is None:
        return starts.by_message(context, name, data)
    work = context.open(context.opened)
    token = waiting_token(context, work, name, key)
    if token is None:
        text = _("等待消息“{name}”的步骤刚刚已经过去，请再发一次。", name=name)
        raise Conflict("message.receiver_gone", text, name=name)
    receive(context, work, token, data)
    context.settle(work)
    return work.id


def waiting_token(context: Context, work: Work, name: str, key: str | None) -> int | None:
    """Return the token of a locked instance that waits for a message."""
    if work.status != ACTIVE:
        return None
    asked = {"name": name, "key": key, "id": work.id}
    tokens = context.connection.execute(ITS_TOKENS, asked).scalars()
    return next((token for token in tokens if work.execution.at(token).events), None)


def receive(context: Context, work: Work, token: int, data: Mapping[str, Any]) -> None:
    """Let a token have a message or signal."""
    (event,) = work.execution.at(token).events
    work.record(
        EventReceived(element=event.element, event=event.kind, name=event.ref), context.actor
    )
    work.execution.deliver(token, dict(data) or None)


def nobody_waits(name: str) -> NotFound:
    """Return the refusal of a message that nobody takes."""
    text = _("没有流程在等名为“{name}”的消息，请核对消息名称和关联键。", name=name)
    return NotFound("message.nobody_waits", text, name=name)
