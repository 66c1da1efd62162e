"""When a drawn choice may be made: the conditions on a step's outcomes and on offers.

A user task's property `when.<outcome>` and an offer's property `when` are expressions over the data
where the token stands. What is not to be chosen now is not shown, and refused where it is chosen
all the same; the sentence is the folder's own (`[reasons]` of labels.toml).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn.model import Node
from engine.errors import Conflict
from engine.expr import compile_expression
from engine.i18n import Text, _
from engine.labels import Labels

WHEN = "when"
REASONS = "reasons"


def condition_of(node: Node, outcome: str = "") -> str:
    """Return the condition on one of a step's outcomes, on an offer for "", empty without one."""
    return node.properties.get(f"{WHEN}.{outcome}" if outcome else WHEN, "")


def is_conditional(node: Node) -> bool:
    """Tell whether any choice at a node has a condition."""
    return any(name == WHEN or name.startswith(f"{WHEN}.") for name in node.properties)


def is_open(node: Node, outcome: str, seen: Mapping[str, Any]) -> bool:
    """Tell whether a choice may be made over what the token sees, the view included."""
    text = condition_of(node, outcome)
    return not text or bool(compile_expression(text).value(seen))


def not_now(node: Node, outcome: str, labels: Labels) -> Conflict:
    """Return the refusal of a choice whose condition does not hold."""
    code = f"{node.id}.{outcome}" if outcome else node.id
    own = labels.sections.get(REASONS, {}).get(code)
    return Conflict("outcome.not_now", own or general(node, outcome, labels), outcome=outcome)


def general(node: Node, outcome: str, labels: Labels) -> Text:
    """Return the sentence for a choice whose reason nobody wrote down."""
    if not outcome:
        return _("“{step}”现在还不能办，请刷新页面后再看。", step=node.name or node.id)
    return _(
        "“{step}”现在不能选“{outcome}”，请刷新页面后重选。",
        step=node.name or node.id,
        outcome=labels.of("outcomes", outcome),
    )
