"""What a deployment looks at in conditions on choices, separated duties and offers."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.model import EventKind, Kind, Node
from engine.bpmn.rules import Finding, Severity
from engine.errors import ShaodaoError
from engine.expr import compile_expression
from engine.i18n import Text, _
from engine.run.choices import WHEN
from engine.run.folder import Folder
from engine.run.outcomes import outcomes_of, usual_of
from engine.run.separation import elements_of
from engine.run.subscriptions import OFFER, is_offer

ADVICE = _("请在设计器里改正后再部署。")
WAITS = (Kind.START_EVENT, Kind.CATCH_EVENT, Kind.BOUNDARY_EVENT)


def examine_choices(folder: Folder, node: Node) -> Iterator[Finding]:
    """Yield the findings on what people may choose at a node."""
    yield from conditions(node)
    yield from usual(node)
    yield from separated(folder, node)
    if OFFER in node.properties:
        yield from offer(folder, node)


def conditions(node: Node) -> Iterator[Finding]:
    """Yield conditions that do not compile or are on a choice that is not drawn."""
    for name, text in node.properties.items():
        word, _dot, outcome = name.partition(".")
        if word != WHEN:
            continue
        if outcome and outcome not in outcomes_of(node):
            sentence = _("条件“{name}”说的选项“{outcome}”图上没有。", name=name, outcome=outcome)
            yield wrong(node, "when.unknown_outcome", sentence)
        if not outcome and not is_offer(node):
            sentence = _("“{name}”有条件 when，但不是供人办理的事件。", name=node.name or node.id)
            yield wrong(node, "when.no_offer", sentence)
        try:
            compile_expression(text)
        except ShaodaoError as error:
            yield wrong(node, error.code, error.text)


def usual(node: Node) -> Iterator[Finding]:
    """Yield a usual outcome that is not drawn."""
    outcome = usual_of(node)
    if outcome and outcome not in outcomes_of(node):
        name = node.name or node.id
        text = _("“{name}”的 usual 里的选项“{outcome}”图上没有。", name=name, outcome=outcome)
        yield wrong(node, "usual.unknown_outcome", text)


def separated(folder: Folder, node: Node) -> Iterator[Finding]:
    """Yield elements that a step is kept apart from and no diagram of the folder draws."""
    drawn = {element for process in folder.sources for element in folder.process(process).nodes}
    for element in elements_of(node):
        if element not in drawn:
            name = node.name or node.id
            text = _("“{name}”的 not_by 里的“{element}”图上没有。", name=name, element=element)
            yield wrong(node, "not_by.unknown", text)


def offer(folder: Folder, node: Node) -> Iterator[Finding]:
    """Yield what keeps an event from being offered: kind, lane, form."""
    name = node.name or node.id
    waits = node.kind in WAITS and [each.kind for each in node.events] == [EventKind.MESSAGE]
    if not is_offer(node) or not waits:
        text = _("“{name}”不是等待消息的事件，不能供人办理；属性 offer 只能写 yes。", name=name)
        yield wrong(node, "offer.not_a_message", text)
    if not node.lane:
        yield wrong(node, "offer.no_lane", _("供人办理的事件“{name}”不在任何泳道里。", name=name))
    form = node.properties.get("form", "")
    try:
        if form:
            folder.form(form)
    except ShaodaoError as error:
        yield wrong(node, error.code, error.text)


def wrong(node: Node, code: str, text: Text) -> Finding:
    """Return a finding that refuses."""
    return Finding(node.id, code, text, ADVICE, Severity.ERROR)
