"""Separation of duties: who did one step of a case may not do another of the same case.

A step's property `not_by` names elements, a start event for whoever started the case. The people
it bars are looked up when the step opens, so that it never reaches their lists, and again when it
is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.bpmn.model import Kind, Node
from engine.db.tables import event, work_item
from engine.errors import Forbidden
from engine.i18n import _

if TYPE_CHECKING:
    from engine.run.context import Context
    from engine.run.folder import Folder
    from engine.run.work import Work

NOT_BY = "not_by"

DOERS = select(work_item.c.closed_by).where(
    work_item.c.root_id == bindparam("root"),
    work_item.c.element.in_(bindparam("elements", expanding=True)),
    work_item.c.closed_by.is_not(None),
)
STARTER = select(event.c.actor).where(
    event.c.instance_id == bindparam("root"), event.c.seq == 1, event.c.actor.is_not(None)
)
DOERS_AND_STARTER = DOERS.union_all(STARTER)


def elements_of(node: Node) -> tuple[str, ...]:
    """Return the elements whose doers may not do a step."""
    return tuple(node.properties.get(NOT_BY, "").replace(",", " ").split())


def barred(context: Context, work: Work, node: Node) -> frozenset[UUID]:
    """Return the people who may not do a step; at most one statement, none where none is named."""
    elements = elements_of(node)
    if not elements:
        return frozenset()
    found = {work.doers[element] for element in elements if element in work.doers}
    started = any(is_start(work.info.folder, element) for element in elements)
    if work.is_new and work.id == work.root_id:  # nothing of the case is stored yet
        return frozenset(found | ({context.actor.id} if started and context.actor.id else set()))
    query = DOERS_AND_STARTER if started else DOERS
    asked = {"root": work.root_id, "elements": elements}
    return frozenset(found.union(context.connection.scalars(query, asked)))


def is_start(folder: Folder, element: str) -> bool:
    """Tell whether an element is drawn as a start event anywhere in a folder."""
    drawn = (folder.process(process).nodes.get(element) for process in folder.sources)
    return any(node is not None and node.kind is Kind.START_EVENT for node in drawn)


def refuse_barred(context: Context, work: Work, node: Node) -> None:
    """Refuse a step to whoever did one that it must be kept apart from."""
    if context.actor.id is not None and context.actor.id in barred(context, work, node):
        raise Forbidden(
            "work_item.separation",
            _("您已办过这件事的另一环节，“{step}”须由其他人办理。", step=node.name or node.id),
        )
