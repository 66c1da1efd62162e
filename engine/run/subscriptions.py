"""Messages and signals that tokens wait for, as rows that a sender can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.model import Node
from engine.errors import Invalid
from engine.i18n import _
from engine.run.addressing import unit_at

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work
    from engine.spiff.contract import WaitingEvent

KEY = "key"
OFFER = "offer"


def arm(context: Context, work: Work, event: WaitingEvent) -> None:
    """Note what a token waits for, with the key that its drawing gives.

    Raises Invalid("message.no_key") where the drawn key comes to nothing that can be compared.
    """
    work.subscribe(
        event.token,
        {
            "kind": event.kind,
            "name": event.ref,
            "key": key_of(context, work, event.element, event.scope),
            "element": event.element,
            "since": work.at,
            **addressee(context, work, event),
        },
    )


def addressee(context: Context, work: Work, event: WaitingEvent) -> dict[str, str | None]:
    """Return who may take an event that is drawn as an offer to people; nobody else's."""
    node = work.info.folder.node(work.process, event.element)
    if not is_offer(node):
        return {"role": None, "unit": None}
    return {"role": node.lane, "unit": unit_at(context, work, event)}


def is_offer(node: Node) -> bool:
    """Tell whether a message event is drawn as something that people may do."""
    return node.properties.get(OFFER) == "yes"


def key_of(context: Context, work: Work, element: str, scope: int) -> str | None:
    """Return the correlation key that an element's property `key` gives, None without one."""
    text = work.info.property(element, KEY)
    if not text:
        return None
    value = context.host(work).evaluate(text, work.execution.data(scope))
    return as_key(value, element, text)


def as_key(value: Any, element: str, text: str) -> str:
    """Return a key as the text it is compared by; a number and its digits are one key."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Invalid(
            "message.no_key",
            _("“{element}”的关联键“{text}”算不出文字或整数。", element=element, text=text),
        )
    return str(value)
