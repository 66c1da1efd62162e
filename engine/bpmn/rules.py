"""The one table of rules: what a diagram must be so that it runs as drawn.

Deploying refuses errors; warnings are shown. A rule is a row: a stable code, a finder, a sentence
and what to do about it. Expressions, forms and labels are checked where they are compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.bpmn.find import nodes, support
from engine.bpmn.finding import Finding, Rule, Severity
from engine.bpmn.model import Diagram, Process
from engine.bpmn.rows.calls import CALLS
from engine.bpmn.rows.data import DATA
from engine.bpmn.rows.events import EVENTS
from engine.bpmn.rows.flows import FLOWS
from engine.bpmn.rows.soundness import SOUNDNESS
from engine.bpmn.rows.steps import STEPS
from engine.i18n import _

__all__ = ["RULES", "SOUNDNESS", "UNKNOWN", "Finding", "Rule", "Severity", "check", "check_calls"]

E, W = Severity.ERROR, Severity.WARNING

DRAWING_ONLY: Rule[Process] = Rule(
    "process.drawing_only",
    W,
    nodes.drawn_only,
    _("流程“{name}”标为不可执行，仍会按图运行"),
    _("请在流程属性中勾选可执行"),
)

RULES = (*EVENTS, *FLOWS, *STEPS, *DATA, DRAWING_ONLY)
"""In the order in which they are told: the first error is the one that a refusal names."""

UNKNOWN: Rule[Process] = Rule(
    "element.unknown",
    E,
    lambda _process: (),
    _("不认识的元素 {tag}，无法按图运行"),
    _("请删掉它，或改用已支持的元素"),
)
"""About the file rather than one process: what the model has no place for."""


def check(diagram: Diagram) -> tuple[Finding, ...]:
    """Return every broken rule of a diagram, in the order of the table."""
    strange = [UNKNOWN.finding(spot) for spot in support.unknown_elements(diagram)]
    drawn = [process for process in diagram.processes.values() if process.nodes]
    if not drawn:
        drawn = list(diagram.processes.values())
    found = [*strange, *_broken(RULES, drawn), *check_calls(diagram.processes)]
    if any(each.severity is Severity.ERROR for each in found):
        return tuple(found)
    return (*found, *_broken(SOUNDNESS, drawn))


def _broken(rules: Iterable[Rule[Process]], drawn: list[Process]) -> Iterator[Finding]:
    return (
        rule.finding(spot) for rule in rules for process in drawn for spot in rule.find(process)
    )


def check_calls(processes: Mapping[str, Process]) -> list[Finding]:
    """Return what is wrong with the calls among processes drawn together."""
    return [rule.finding(spot) for rule in CALLS for spot in rule.find(processes)]
