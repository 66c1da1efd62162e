"""Which of its flows a token leaves by: conditions, the flows without one, and the default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.model import Flow
from engine.errors import Broken
from engine.i18n import _
from engine.spiff.contract import HostFailed, Taken
from engine.spiff.step import Step

if TYPE_CHECKING:
    from engine.spiff.build.drawn import Drawn


def choose(spec: Drawn, step: Step) -> None:
    """Note on a step the flows it leaves by: each whose condition holds, and each without one.

    The default is taken when no condition on another flow holds (BPMN 2.0.2, 10.3), beside the
    flows without one. Raises Broken `flow.none_holds` without any.
    """
    read: dict[str, Any] = {}
    flows = [flow for flow, _target in spec.leaves]
    default = spec.node.default_flow
    chosen = {f.id for f in flows if f.condition and f.id != default and holds(step, f, read)}
    always = {f.id for f in flows if not f.condition and f.id != default}
    taken = [f for f in flows if f.id in chosen | (always if chosen else always | {default})]
    if flows and not taken:
        name = spec.node.name or spec.node.id
        text = _("“{name}”引出的连线条件都不成立，也没有默认连线", name=name)
        raise Broken("flow.none_holds", text, element=spec.node.id)
    step.leaving = tuple(taken)
    if len(flows) > 1:
        ids = tuple(flow.id for flow in taken)
        step.workflow.top_workflow.passage.taken.append(Taken(step.element, ids, read))


def holds(step: Step, flow: Flow, read: dict[str, Any]) -> bool:
    """Say whether a flow's condition holds, noting in `read` each value it looked at."""
    instance = step.workflow.top_workflow
    data = instance.scopes.visible(step.scope)
    for name in instance.host.names(flow.condition):
        if name not in read:
            read[name] = instance.host.evaluate(name, data)
    return bool(instance.host.evaluate(flow.condition, data))


def choose_or_stop(spec: Drawn, step: Step) -> bool | None:
    """Choose for a node whose work is done; what fails stops the token without undoing the work."""
    try:
        choose(spec, step)
    except HostFailed:
        raise
    except Exception as error:
        step.internal_data["done"] = True
        step.workflow.top_workflow.stop(step, error)
        return None
    return True
