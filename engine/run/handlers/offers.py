"""What a diagram offers to people besides its steps: a message event that they set off themselves.

The event's lane says whose it is, its `unit` where, its `form` what they write, its `when` whether
it is on offer now. A whistle is withdrawn this way, a unit added, a case joined to another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.bpmn.model import Node
from engine.db.tables import subscription
from engine.errors import Conflict, Forbidden
from engine.events import OfferTaken
from engine.i18n import _
from engine.ids import offer_id
from engine.run import choices
from engine.run.commands import TakeOffer
from engine.run.handlers.named import refuse_unknown
from engine.run.handlers.work_items import form_of
from engine.run.plugins import Answer
from engine.run.work import ACTIVE, Work
from engine.spiff.contract import WaitingEvent

if TYPE_CHECKING:
    from engine.run.context import Context

OFFERED = select(subscription.c.role, subscription.c.unit).where(
    subscription.c.instance_id == bindparam("id"),
    subscription.c.token == bindparam("token"),
    subscription.c.role.is_not(None),
)


class AtOffer(Protocol):
    """A command about what is offered at a token of an instance."""

    @property
    def instance_id(self) -> UUID:
        """The instance."""
        ...

    @property
    def token(self) -> int:
        """The token that waits there."""
        ...


def locate(context: Context, command: AtOffer) -> UUID:
    """Find the instance; refuse what is not on offer or not this actor's to do."""
    row = offered(context, command)
    allowed = context.plugins.access.may_act(
        context.connection, context.actor, action="item.do", role=row.role, unit=row.unit
    )
    if not allowed:
        raise Forbidden("offer.not_yours", _("这项操作不归您的岗位办理。"))
    return command.instance_id


def take(context: Context, command: TakeOffer) -> Answer:
    """Set off the event with a form that holds; what was written stands under the event's id."""
    work = context.open(command.instance_id)
    row, event = offered(context, command), waiting(work, command.token)
    node = work.info.folder.node(work.process, event.element)
    refuse_untimely(context, work, node, event)
    form = form_of(work, node)
    values = form.check(command.data)
    refuse_unknown(context, work, form, values, place=offer_id(work.id, command.token))
    codes, words = form.split(values)
    taken = OfferTaken(element=event.element, role=row.role, unit=row.unit, form=codes, texts=words)
    work.record(taken, context.actor)
    work.execution.deliver(event.token, values or None)
    context.settle(work)
    return {"instance_id": str(work.id), "root_id": str(work.root_id), "element": event.element}


def offered(context: Context, command: AtOffer) -> Any:
    """Return who an offer is made to. Raises Conflict("offer.gone")."""
    asked = {"id": command.instance_id, "token": command.token}
    row = context.connection.execute(OFFERED, asked).one_or_none()
    if row is None:
        raise gone()
    return row


def waiting(work: Work, token: int) -> WaitingEvent:
    """Return the event that still waits under a token of the locked instance."""
    events = work.execution.at(token).events if work.status == ACTIVE else ()
    if not events:
        raise gone()
    return events[0]


def refuse_untimely(context: Context, work: Work, node: Node, event: WaitingEvent) -> None:
    """Refuse an offer whose drawn condition does not hold now."""
    seen = context.host(work).sees(work.execution.data(event.scope))
    if not choices.is_open(node, "", seen):
        raise choices.not_now(node, "", work.info.folder.labels)


def gone() -> Conflict:
    """Return the refusal of what is not on offer any more."""
    return Conflict("offer.gone", _("这项操作现在已经不能办了，请刷新页面。"))
