"""What an instance throws outwards becomes jobs of the same transaction: nobody else is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.mapping import passed_on
from engine.errors import Broken
from engine.i18n import _
from engine.run import rows
from engine.run.data import mapped
from engine.run.rows import JobRow
from engine.run.subscriptions import KEY, as_key
from engine.spiff.contract import Thrown

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.work import Work

HOPS = "hops"
MOST_HOPS = 100  # a signal that starts what throws it again would never come to rest
ERROR, ESCALATION = "error", "escalation"
CARRIED = (rows.MESSAGE, rows.SIGNAL)


def send_out(context: Context, work: Work, thrown: Thrown) -> None:
    """Plan the job that carries what was thrown; an uncaught error goes with the instance's end."""
    if thrown.kind in CARRIED:
        plan(context, work, thrown)
    elif thrown.kind == ESCALATION and work.parent_id is not None:
        tell_caller(context, work, rows.CHILD_THREW, {"thrown": said(thrown)})


def plan(context: Context, work: Work, thrown: Thrown) -> None:
    """Plan the job of a message or signal, with what its drawing passes.

    Raises Broken("message.endless") for one that only answers another, a hundred times over.
    """
    if context.hops >= MOST_HOPS:
        circling = _("消息或信号连续互相触发超过 {limit} 次，可能在空转。", limit=MOST_HOPS)
        raise Broken("message.endless", circling)
    host, node = context.host(work), work.info.folder.node(work.process, thrown.element)
    data: dict[str, Any] = {
        HOPS: context.hops + 1,
        "name": thrown.ref,
        "data": mapped(passed_on(node), host, thrown.data),
    }
    if thrown.kind == rows.MESSAGE and node.properties.get(KEY):
        text = node.properties[KEY]
        data["key"] = as_key(host.evaluate(text, thrown.data), thrown.element, text)
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.id,
            kind=thrown.kind,
            due_at=context.now,
            element=thrown.element,
            data=data,
        )
    )


def uncaught(thrown: list[Thrown]) -> Thrown | None:
    """Return the error that ended an instance, if one did."""
    return next((each for each in thrown if each.kind == ERROR), None)


def said(thrown: Thrown) -> dict[str, str]:
    """Return what a caller is told of something thrown."""
    return {"kind": thrown.kind, "ref": thrown.ref}


def tell_caller(context: Context, work: Work, kind: str, more: dict[str, Any]) -> None:
    """Plan a job on the instance that called this one."""
    work.add_job(
        JobRow(
            id=context.ids.new(),
            instance_id=work.parent_id,
            kind=kind,
            due_at=context.now,
            token=work.parent_token,
            element=work.parent_element,
            data={"at": work.at.isoformat(), "child": str(work.id), **more},
        )
    )
