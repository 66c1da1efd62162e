"""A person's step."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.bpmn.model import Node
from engine.db.prepared import Prepared
from engine.db.tables import work_item
from engine.errors import Conflict, Forbidden, Invalid, NotFound
from engine.events import WorkItemCompleted
from engine.forms import EMPTY_FORM, Form
from engine.i18n import _
from engine.run import choices, separation
from engine.run.commands import CompleteWorkItem
from engine.run.handlers.named import refuse_unknown
from engine.run.outcomes import outcomes_of
from engine.run.plugins import Answer
from engine.run.reconcile import close_item
from engine.run.work import Work

if TYPE_CHECKING:
    from engine.run.context import Context

ITEM = Prepared(select(work_item).where(work_item.c.id == bindparam("id")))


def locate(context: Context, command: CompleteWorkItem) -> UUID:
    """Find the item's instance; refuse what is unknown or not this actor's to do."""
    found = context.look(ITEM, id=command.item_id)
    if not found:
        raise NotFound("work_item.unknown", _("没有这项待办，请刷新待办列表。"))
    (row,) = found
    allowed = context.plugins.access.may_act(
        context.connection, context.actor, action="item.do", role=row.role, unit=row.unit
    )
    if not allowed:
        raise Forbidden("work_item.not_yours", _("这项待办不归您的岗位办理。"))
    instance_id: UUID = row.instance_id
    return instance_id


def complete(context: Context, command: CompleteWorkItem) -> Answer:
    """Finish an open item with a drawn outcome and a form that holds."""
    (row,) = context.look_again(ITEM, id=command.item_id)
    work = context.open(row.instance_id)
    if row.status != "open":
        raise taken(context, row)
    node = work.info.folder.node(work.process, row.element)
    separation.refuse_barred(context, work, node)
    check_outcome(node, command.outcome)
    refuse_untimely(context, work, row.token, command.outcome)
    form = form_of(work, node)
    values = form.check(command.data, outcome=command.outcome)
    refuse_unknown(context, work, form, values, place=row.id)

    codes, words = form.split(values)
    work.stored_items[row.token] = row.id
    if context.actor.id is not None:
        work.doers[row.element] = context.actor.id
    close_item(context, work, row.token, status="completed", outcome=command.outcome)
    work.done_tokens.add(row.token)
    work.record(
        WorkItemCompleted(
            element=row.element,
            item=row.id,
            role=row.role,
            outcome=command.outcome,
            unit=row.unit,
            form=codes,
            texts=words,
        ),
        context.actor,
    )
    work.execution.complete(row.token, {"outcome": command.outcome, **values})
    context.settle(work)
    return {
        "item_id": str(row.id),
        "instance_id": str(row.instance_id),
        "root_id": str(row.root_id),
        "outcome": command.outcome,
    }


def taken(context: Context, row: object) -> Conflict:
    """Say what became of an item that is not open any more."""
    closed_at = getattr(row, "closed_at", None)
    if getattr(row, "status", "") == "completed":
        return Conflict(
            "work_item.already_completed",
            _("这项待办刚刚已由同事办理，请刷新后查看结果。"),
            closed_at=closed_at,
            mine=getattr(row, "closed_by", None) == context.actor.id,
        )
    return Conflict(
        "work_item.cancelled",
        _("这项待办已随流程撤销，不必再办，请刷新待办列表。"),
        closed_at=closed_at,
    )


def check_outcome(node: Node, outcome: str) -> None:
    """Refuse no outcome at all, and one that is not drawn."""
    drawn = outcomes_of(node)
    if not outcome:
        sentence = _("请先选好怎么办，再提交。")
        raise Invalid("work_item.no_outcome", sentence, fields={"outcome": sentence})
    if outcome not in drawn:
        raise Invalid(
            "work_item.unknown_outcome",
            _(
                "“{step}”没有“{outcome}”这个选项，请刷新页面后重选。",
                step=node.name,
                outcome=outcome,
            ),
            outcomes=drawn,
        )


def refuse_untimely(context: Context, work: Work, token: int, outcome: str) -> None:
    """Refuse an outcome whose drawn condition does not hold where the step stands."""
    (item,) = work.execution.at(token).items
    node = work.info.folder.node(work.process, item.element)
    seen = context.host(work).sees(work.execution.data(item.scope))
    if not choices.is_open(node, outcome, seen):
        raise choices.not_now(node, outcome, work.info.folder.labels)


def form_of(work: Work, node: Node) -> Form:
    """Return the step's form; a step without one takes no fields."""
    name = node.properties.get("form", "")
    return work.info.folder.form(name) if name else EMPTY_FORM
