"""What is doubtful about `dispatch`: whom a case goes to, and how they are named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from engine.decision import Table
from engine.decision.soundness import Leaf, Study
from engine.i18n import _
from engine.run.examine_tables import MOST_ROWS, Doubt, told, warning
from processes.catalogue.facts import Facts
from processes.catalogue.standards import CATEGORY, STANDARD

DISPATCH: Final = "dispatch"
LEAD: Final = "lead"
TO_BE_PICKED: Final = ("owner_unknown", "territorial")
"""Kinds of candidates of which a person picks the lead."""
KINDS: Final = (LEAD, "assist", "joint", "notify", *TO_BE_PICKED)


def doubts_about(table: Table, found: Study, facts: Facts) -> Iterator[Doubt]:
    """Yield every doubt that only `dispatch` can raise."""
    yield from row_doubts(table, facts)
    yield from dispatch_doubts(table, found)
    yield from only_by_else(table, facts)


def dispatch_doubts(table: Table, found: Study) -> Iterator[Doubt]:
    """Yield the cases for which `dispatch` names no lead, several, or a unit twice."""
    for leaf in found.leaves:
        kinds = Counter(said(table, row, "kind") for row in leaf.rows)
        units = Counter(said(table, row, "unit") for row in leaf.rows)
        picked = sum(kinds[kind] for kind in TO_BE_PICKED)
        if leaf.rows and kinds[LEAD] != 1 and not (picked and not kinds[LEAD]):
            yield leads(table, leaf, kinds[LEAD])
        if twice := [unit for unit, count in units.items() if unit and count > 1]:
            text = _("{case} 时单位 {unit} 出现两次。", case=told(leaf.example), unit=twice[0])
            rows = tuple(row for row in leaf.rows if said(table, row, "unit") == twice[0])
            advice = _("请合并这两行。")
            yield warning(
                table, "dispatch.unit_twice", text, advice, rows=rows, example=leaf.example
            )


def leads(table: Table, leaf: Leaf, count: int) -> Doubt:
    """Return the doubt that a case has not one lead and nothing to pick one from."""
    text = _("{case} 时有 {count} 个主办单位。", case=told(leaf.example), count=count)
    advice = _("请改成一个主办，或列出属地、权属待确认的单位由人来选。")
    return warning(table, "dispatch.leads", text, advice, rows=leaf.rows, example=leaf.example)


def row_doubts(table: Table, facts: Facts) -> Iterator[Doubt]:
    """Yield what is wrong with single rows of `dispatch`: no kind, no unit, unknown codes."""
    for row in range(1, len(table.rules) + 1):
        unit, kind = said(table, row, "unit"), said(table, row, "kind")
        clause = said(table, row, "duty_item")
        if not kind:
            text = _("第 {row} 行没有写方式。", row=row)
            advice = _("请写明主办、协办、知会、联合、属地或权属待确认。")
            yield warning(table, "dispatch.kind_missing", text, advice, rows=(row,))
        if not unit and kind not in TO_BE_PICKED:
            text = _("第 {row} 行没有写单位。", row=row)
            advice = _("只有属地和权属待确认可以不写单位。")
            yield warning(table, "dispatch.unit_missing", text, advice, rows=(row,))
        if facts.units and unit and is_code(table, row, "unit") and unit not in facts.units:
            text = _("第 {row} 行的单位 {unit} 不在组织里，或到时已撤销。", row=row, unit=unit)
            advice = _("请改成现有的单位，或先添加这个单位。")
            yield warning(table, "dispatch.unit_unknown", text, advice, rows=(row,))
        if facts.clauses and clause and clause not in facts.clauses:
            text = _("第 {row} 行的履职事项 {clause} 不在清单里。", row=row, clause=clause)
            advice = _("请改成履职事项表里的条目，或先补进清单。")
            yield warning(table, "dispatch.clause_unknown", text, advice, rows=(row,))


def only_by_else(table: Table, facts: Facts) -> Iterator[Doubt]:
    """Yield the standards for which nobody has written a row: the last one speaks for them."""
    left = [
        standard
        for category, standard in facts.domains(table)[(CATEGORY, STANDARD)]
        if standard and hits(table, category, standard) == [table.else_row]
    ]
    if left:
        shown = "、".join(left[:MOST_ROWS])
        text = _(
            "标准 {standards} 只由兜底的行作答（共 {count} 个）。", standards=shown, count=len(left)
        )
        advice = _("请为它们补上行，写明派给谁。")
        rows = (table.else_row + 1,)
        yield warning(table, "dispatch.else_only", text, advice, rows=rows)


def hits(table: Table, category: str, standard: str | None) -> list[int]:
    """Return the rows (from 0) that hit for a matter of which nothing else is known."""
    values = {CATEGORY: category, STANDARD: standard}
    return table.hits([values.get(each.expression.text) for each in table.inputs])


def answers_of(table: Table, facts: Facts) -> dict[str, int]:
    """Count kinds of matters by the kinds of units that `dispatch` names for them."""
    pairs = facts.domains(table)[(CATEGORY, STANDARD)]
    counted: Counter[str] = Counter()
    for category, standard in pairs:
        kinds = {said(table, row + 1, "kind") for row in hits(table, category, standard)}
        counted[" ".join(each for each in KINDS if each in kinds)] += 1
    return dict(counted.most_common())


def is_code(table: Table, row: int, output: str) -> bool:
    """Tell whether a row writes a literal there, and no expression."""
    column = [each.name for each in table.outputs].index(output)
    cell = table.rules[row - 1].outputs[column]
    return cell is not None and not cell.names and not cell.calls


def said(table: Table, row: int, output: str) -> str:
    """Return what a row writes in an output column, as written; "" without such a column."""
    columns = [each.name for each in table.outputs]
    cell = table.rules[row - 1].outputs[columns.index(output)] if output in columns else None
    return cell.text.strip('"') if cell is not None else ""
