"""What a deployment says of decision tables that can be read, each with an example and rows.

Here all of it is a warning: a table may have gaps on purpose, and who sees them listed with an
example can tell a gap from a slip. Which tables must have none, whoever plugs in says
(`Plugins.examine_tables`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.bpmn.finding import Finding, Severity
from engine.decision import Table
from engine.decision.policy import HitPolicy
from engine.decision.soundness import Domains, Example, Leaf, Study, study
from engine.expr import plain
from engine.i18n import Text, _

if TYPE_CHECKING:
    from engine.run.context import Context

MOST_EXAMPLES = 5
MOST_ROWS = 20


@dataclass(frozen=True)
class Doubt(Finding):
    """A finding about a table: the rows it is about (from 1), and a case that shows it."""

    rows: tuple[int, ...] = ()
    example: Example | None = None


def examine_alone(_context: Context, tables: Sequence[Table], _at: datetime) -> Iterator[Doubt]:
    """Yield what is doubtful about tables as far as they tell themselves."""
    for table in tables:
        yield from examine_table(table)


def examine_table(table: Table, domains: Domains | None = None) -> Iterator[Doubt]:
    """Yield what is doubtful about a table, each with an example.

    `domains` say what columns may hold beside their `inputValues`.
    """
    yield from doubts_of(table, study(table, domains))


def doubts_of(table: Table, found: Study) -> Iterator[Doubt]:
    """Yield what a study found, in sentences."""
    for gap in found.gaps[:MOST_EXAMPLES]:
        text = _("没有一行适用于 {case}。", case=told(gap))
        advice = _("请补上一行，或在最后加一行兜底。")
        yield warning(table, "table.gap", text, advice, example=gap)
    if len(found.gaps) > MOST_EXAMPLES:
        text = _("类似的空缺共 {count} 处。", count=len(found.gaps))
        yield warning(table, "table.gap", text, _("请补上一行，或在最后加一行兜底。"))
    if found.unreached:
        rows = "、".join(map(str, found.unreached[:MOST_ROWS]))
        text = _("第 {rows} 行永远轮不到。", rows=rows)
        advice = _unreached_advice(table)
        yield warning(table, "table.unreached", text, advice, rows=found.unreached)
    for leaf in found.contradictions[:MOST_EXAMPLES]:
        yield contradiction(table, leaf)
    if not found.complete:
        text = _("组合太多，没有全部查完。")
        yield warning(table, "table.too_many_cases", text, _("请把表拆成几张较小的表。"))


def contradiction(table: Table, leaf: Leaf) -> Doubt:
    """Return the finding that rows must not hit together."""
    rows = "、".join(map(str, leaf.rows[:MOST_ROWS]))
    text = _("第 {rows} 行会同时适用，例如 {case}。", rows=rows, case=told(leaf.example))
    advice = _("请改到只剩一行。")
    return warning(table, "table.contradiction", text, advice, rows=leaf.rows, example=leaf.example)


def told(example: Example) -> str:
    """Return a case in words: columns by their headings' expressions."""
    return "，".join(
        f"{name} = {'-' if value is None else value}" for name, value in example.items()
    )


def plain_example(example: Example | None) -> dict[str, Any]:
    """Return a case as JSON can hold it."""
    return {name: plain(value) for name, value in (example or {}).items()}


def warning(
    table: Table,
    code: str,
    text: Text,
    advice: Text,
    *,
    rows: tuple[int, ...] = (),
    example: Example | None = None,
) -> Doubt:
    """Return a finding about a table that does not stop its deployment."""
    return Doubt(table.key, code, text, advice, Severity.WARNING, rows, example)


def _unreached_advice(table: Table) -> Text:
    if table.hit_policy is HitPolicy.FIRST:
        return _("前面的行已经把它的情形都占了，请调整次序或删去。")
    return _("它要的值不会出现，请改正或删去。")
