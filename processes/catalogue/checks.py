"""What is doubtful about the shared tables, seen with the cases that there can be.

`dispatch` and `limits` must answer every one of them (docs/tables.md): their gaps and
contradictions are errors, which refuse a deployment. All else is told, for people to decide.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.bpmn.finding import Severity
from engine.decision import Table, read_dmn
from engine.decision.soundness import Leaf, Study, study
from engine.errors import ShaodaoError
from engine.i18n import _
from engine.run.examine_tables import Doubt, doubts_of, told, warning
from engine.run.plugins import Examiner
from processes.catalogue.facts import DUTY_ITEMS, Facts, clauses_of, facts_at
from processes.catalogue.standards import CATEGORY, STANDARD, STANDARDS, standards_of
from processes.shipped import Shipped

if TYPE_CHECKING:
    from engine.labels import Labels
    from engine.run.context import Context

DISPATCH: Final = "dispatch"
COMPLETE: Final = frozenset({DISPATCH, "limits"})
"""Tables that must answer every case there can be."""
REFUSING: Final = frozenset(
    {
        *("table.gap", "table.contradiction"),
        *("dispatch.leads", "dispatch.kind_missing", "dispatch.unit_missing"),
    }
)
LEAD: Final = "lead"
TO_BE_PICKED: Final = ("owner_unknown", "territorial")
"""Kinds of candidates of which a person picks the lead."""
KINDS: Final = (LEAD, "assist", "joint", "notify", *TO_BE_PICKED)


@dataclass(frozen=True)
class Judgement:
    """What a table came to: its doubts, and over how many combinations of values.

    `answers` counts, of a table `dispatch`, the kinds of matters (category and standard) by the
    kinds of units they go to, as "lead", "lead assist", "owner_unknown".
    """

    key: str
    doubts: tuple[Doubt, ...]
    cases: int
    complete: bool
    answers: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether the table may be deployed."""
        return all(each.severity is not Severity.ERROR for each in self.doubts)


def judge_table(table: Table, facts: Facts) -> Judgement:
    """Study a table against what is known."""
    found = study(table, facts.domains(table))
    doubts = [*doubts_of(table, found)]
    if table.key == DISPATCH:
        doubts += [*row_doubts(table, facts), *dispatch_doubts(table, found)]
    return Judgement(
        key=table.key,
        doubts=tuple(weighed(table, doubts)),
        cases=found.cases,
        complete=found.complete,
        answers=answers_of(table, facts) if table.key == DISPATCH else {},
    )


def weighed(table: Table, doubts: Iterable[Doubt]) -> Iterator[Doubt]:
    """Yield doubts, those that must not be as errors; errors first."""
    must = table.key in COMPLETE
    found = [
        replace(each, severity=Severity.ERROR) if must and each.code in REFUSING else each
        for each in doubts
    ]
    yield from sorted(found, key=lambda each: each.severity is not Severity.ERROR)


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


def answers_of(table: Table, facts: Facts) -> dict[str, int]:
    """Count kinds of matters by the kinds of units that `dispatch` names for them."""
    pairs = facts.domains(table)[(CATEGORY, STANDARD)]
    counted: Counter[str] = Counter()
    for category, standard in pairs:
        values = {CATEGORY: category, STANDARD: standard}
        hits = table.hits([values.get(each.expression.text) for each in table.inputs])
        kinds = {said(table, row + 1, "kind") for row in hits}
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


def examiner(labels: Labels) -> Examiner:
    """Return what judges tables before they are deployed. `labels` are those of all processes."""

    def examine(context: Context, tables: Sequence[Table], at: datetime) -> Iterator[Doubt]:
        facts = facts_at(context.connection, context.library, labels, tables, at)
        for table in tables:
            yield from judge_table(table, facts).doubts

    return examine


def facts_beside(folder: Path) -> Facts:
    """Return what cases there can be by the tables beside a file, else by those shipped."""
    shipped = Shipped.find()
    standards, duties = (table_beside(folder, shipped, key) for key in (STANDARDS, DUTY_ITEMS))
    return Facts(
        labels=shipped.labels,
        standards=standards_of(standards) if standards else (),
        clauses=clauses_of(duties) if duties else frozenset(),
    )


def table_beside(folder: Path, shipped: Shipped, key: str) -> Table | None:
    """Return a table of a folder; None where it cannot be read: that is told when it is checked."""
    path = folder / f"{key}.dmn"
    home = path if path.is_file() else shipped.folder / "tables" / path.name
    try:
        return {table.key: table for table in read_dmn(home.read_bytes())}.get(key)
    except ShaodaoError:
        return None
