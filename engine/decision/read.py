"""DMN files: bytes to tables. What a table cannot do as written is refused, with row and column."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from engine import xml
from engine.decision.cells import Cell, read_cell
from engine.decision.feel import expression_of
from engine.decision.policy import AGGREGATIONS, HitPolicy
from engine.decision.requirements import Drawn, linked, required_by
from engine.decision.table import Input, Output, Rule, Table
from engine.errors import Invalid
from engine.expr import Expression, compile_expression
from engine.expr.values import same
from engine.i18n import Text, _

MAX_CELLS = 200_000
MAX_LISTED: Final = 200_000  # characters: a catalogue lists each of its codes
MAX_ELEMENTS: Final = 3 * MAX_CELLS  # a cell is an element with a text in it; the rest is rows
FEEL_ONLY: Final = re.compile(r"^[^\"]*(?:@\"|date and time)")


def read_dmn(data: bytes) -> tuple[Table, ...]:
    """Return the decision tables of a DMN file, in the order drawn.

    Any DMN namespace from 1.1 on is read. Raises Invalid with `xml.…`, `table.none`,
    `table.duplicate`, `table.not_a_table`, `table.policy`, `table.columns`, `table.too_large`,
    `table.requires`, `table.cell` (with `row` and `column` in its details).
    """
    root = xml.read_xml(data, most=MAX_ELEMENTS)
    drawn = [_decision(each) for each in xml.children(root, tag="decision")]
    if not drawn:
        raise Invalid("table.none", _("文件里没有决策表"))
    keys = [each.table.key for each in drawn]
    for key in keys:
        if keys.count(key) > 1:
            raise Invalid("table.duplicate", _("决策“{key}”出现了两次", key=key))
    return linked(drawn)


def _decision(element: xml.Element) -> Drawn:
    key = xml.attribute(element, "id")
    if not key:
        sentence = _("第 {line} 行的决策没有编号（id）", line=xml.line_of(element))
        raise Invalid("table.no_id", sentence)
    drawn = _child(element, "decisionTable")
    if drawn is None:
        sentence = _("决策“{key}”不是决策表，目前只能用决策表", key=key)
        raise Invalid("table.not_a_table", sentence, element=key)
    required = required_by(element, key)
    return Drawn(_Reader(key, drawn, required).table(xml.attribute(element, "name")), required)


class _Reader:
    """Reads one table; holds its key, so that each refusal can name it."""

    def __init__(self, key: str, drawn: xml.Element, required: tuple[str, ...]) -> None:
        self.key = key
        self.drawn = drawn
        self.known = frozenset(required)

    def table(self, name: str) -> Table:
        inputs = tuple(
            self._input(number, each)
            for number, each in enumerate(xml.children(self.drawn, tag="input"), 1)
        )
        roots = (name.partition(".")[0] for each in inputs for name in each.expression.names)
        self.known |= frozenset(roots)
        policy = self._policy()
        outputs = self._outputs(policy)
        if len({output.name for output in outputs}) != len(outputs):
            raise self._refuse("columns", _("有两个同名的结果列"))
        rows = list(xml.children(self.drawn, tag="rule"))
        if len(rows) * (len(inputs) + len(outputs)) > MAX_CELLS:
            raise self._refuse("too_large", _("超过 {limit} 格", limit=MAX_CELLS))
        return Table(
            key=self.key,
            name=name,
            hit_policy=policy,
            aggregation=self._aggregation(policy, outputs),
            inputs=inputs,
            outputs=outputs,
            rules=tuple(self._rule(row, each, inputs, outputs) for row, each in enumerate(rows, 1)),
        )

    def _policy(self) -> HitPolicy:
        written = xml.attribute(self.drawn, "hitPolicy") or "UNIQUE"
        try:
            return HitPolicy(written)
        except ValueError:
            known = "、".join(HitPolicy)
            reason = _("命中策略“{policy}”不能用，可用 {known}", policy=written, known=known)
            raise self._refuse("policy", reason) from None

    def _aggregation(self, policy: HitPolicy, outputs: tuple[Output, ...]) -> str:
        written = xml.attribute(self.drawn, "aggregation")
        if written and policy is not HitPolicy.COLLECT:
            raise self._refuse("policy", _("只有 COLLECT 才能汇总"))
        if written not in AGGREGATIONS:
            raise self._refuse("policy", _("汇总方式“{name}”不能用", name=written))
        if written and len(outputs) != 1:
            raise self._refuse("columns", _("汇总的决策表只能有一个结果列"))
        return written

    def _input(self, number: int, element: xml.Element) -> Input:
        label = xml.attribute(element, "label")
        drawn = _child(element, "inputExpression")
        kind = xml.attribute(drawn, "typeRef") if drawn is not None else ""
        try:
            expression = compile_expression(_text(drawn))
            listed = _listed(_child(element, "inputValues"))
            return Input(expression, label, kind.rpartition(":")[2], listed)
        except Invalid as refusal:
            raise self._refuse_cell(refusal.text, row=0, column=number, label=label) from None

    def _outputs(self, policy: HitPolicy) -> tuple[Output, ...]:
        drawn = list(xml.children(self.drawn, tag="output"))
        if not drawn:
            raise self._refuse("columns", _("没有结果列"))
        found = tuple(self._output(each) for each in drawn)
        if policy.by_output and not any(output.listed for output in found):
            reason = _("“{policy}”要求结果列按先后次序列出可取的值（outputValues）", policy=policy)
            raise self._refuse("policy", reason)
        if len(found) == 1 and not found[0].name:
            return (replace(found[0], name=self.key),)
        if any(not output.name.isidentifier() for output in found):
            raise self._refuse("columns", _("每个结果列都要有名字（字母、数字和下划线）"))
        return found

    def _output(self, element: xml.Element) -> Output:
        name, label = xml.attribute(element, "name"), xml.attribute(element, "label")
        default = _text(_child(element, "defaultOutputEntry"))
        try:
            listed = _listed(_child(element, "outputValues"))
            return Output(name, label, listed, _value(default))
        except Invalid as refusal:
            heading = label or name
            sentence = _("结果列“{label}”：{reason}", label=heading, reason=refusal.text)
            raise self._refuse("columns", sentence) from None

    def _rule(
        self,
        row: int,
        element: xml.Element,
        inputs: tuple[Input, ...],
        outputs: tuple[Output, ...],
    ) -> Rule:
        asked = [_text(each) for each in xml.children(element, tag="inputEntry")]
        given = [_text(each) for each in xml.children(element, tag="outputEntry")]
        if len(asked) != len(inputs) or len(given) != len(outputs):
            raise self._refuse("columns", _("第 {row} 行的格数和表头不一样", row=row))
        notes = " ".join(_text(each) for each in xml.children(element, tag="annotationEntry"))
        return Rule(
            inputs=tuple(
                self._test(text, row=row, column=number, label=inputs[number - 1].label)
                for number, text in enumerate(asked, 1)
            ),
            outputs=tuple(
                self._said(text, row=row, column=len(inputs) + number, output=outputs[number - 1])
                for number, text in enumerate(given, 1)
            ),
            note=notes or xml.text(_child(element, "description")),
        )

    def _test(self, text: str, *, row: int, column: int, label: str) -> Cell:
        try:
            return read_cell(text, self.known)
        except Invalid as refusal:
            raise self._refuse_cell(refusal.text, row=row, column=column, label=label) from None

    def _said(self, text: str, *, row: int, column: int, output: Output) -> Expression | None:
        try:
            value = _value(text)
            _check_listed(value, output)
        except Invalid as refusal:
            heading = output.label or output.name
            raise self._refuse_cell(refusal.text, row=row, column=column, label=heading) from None
        return value

    def _refuse(self, reason_code: str, reason: Text) -> Invalid:
        sentence = _("决策表“{table}”：{reason}", table=self.key, reason=reason)
        return Invalid(f"table.{reason_code}", sentence, element=self.key)

    def _refuse_cell(self, reason: Text, *, row: int, column: int, label: str) -> Invalid:
        values: dict[str, Any] = {
            "table": self.key,
            "row": row,
            "column": column,
            "label": label or str(column),
            "reason": reason,
        }
        if row:
            sentence = _("决策表“{table}”第 {row} 行第 {column} 列（{label}）：{reason}", **values)
        else:
            sentence = _("决策表“{table}”第 {column} 列（{label}）的表头：{reason}", **values)
        return Invalid("table.cell", sentence, element=self.key, row=row, column=column)


def _child(element: xml.Element, tag: str) -> xml.Element | None:
    return next(xml.children(element, tag=tag), None)


def _text(element: xml.Element | None) -> str:
    return xml.text(_child(element, "text")) if element is not None else ""


def _value(text: str) -> Expression | None:
    """Return an output's expression; FEEL's own spellings of dates are ours by other names."""
    if text in ("", "-"):
        return None
    return compile_expression(expression_of(text) if FEEL_ONLY.search(text) else text)


def _check_listed(value: Expression | None, output: Output) -> None:
    """Refuse a literal that its column does not list: a slip of the pen, and PRIORITY's failure."""
    if value is None or not output.listed or value.names or value.calls:
        return
    literal = value.value({})
    for each in literal if isinstance(literal, list) else (literal,):
        if not any(same(each, listed) for listed in output.listed):
            reason = _("“{value}”不在这一列列出的值里", value=each)
            raise Invalid("table.cell", reason)


def _listed(element: xml.Element | None) -> tuple[Any, ...]:
    """Return the literals of `inputValues` or `outputValues`; intervals and the like list none."""
    cell = read_cell(_text(element), most=MAX_LISTED)
    return cell.values or () if not cell.tests else ()
