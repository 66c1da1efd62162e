"""What is doubtful about the shared tables, seen with the categories and standards there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.bpmn.rules import Finding
from engine.decision import Table, read_dmn
from engine.decision.soundness import Domains, Leaf, study
from engine.errors import ShaodaoError
from engine.i18n import _
from engine.run.examine_tables import examine_table, told, warning
from processes.catalogue.standards import STANDARDS, known_together, standards_of
from processes.shipped import Shipped

DISPATCH: Final = "dispatch"
LEAD: Final = "lead"
TO_BE_PICKED: Final = ("owner_unknown", "territorial")
"""Kinds of candidates of which a person picks the lead."""


def findings_about(table: Table, domains: Domains) -> Iterator[Finding]:
    """Yield the doubts about a table of the chain."""
    yield from examine_table(table, domains)
    if table.key == DISPATCH:
        yield from dispatch_findings(table, domains)


def dispatch_findings(table: Table, domains: Domains) -> Iterator[Finding]:
    """Yield the cases for which `dispatch` names no lead, several, or a unit twice."""
    for leaf in study(table, domains).leaves:
        kinds = Counter(said(table, row, "kind") for row in leaf.rows)
        units = Counter(said(table, row, "unit") for row in leaf.rows)
        picked = sum(kinds[kind] for kind in TO_BE_PICKED)
        if leaf.rows and kinds[LEAD] != 1 and not (picked and not kinds[LEAD]):
            yield leads(table, leaf, kinds[LEAD])
        if twice := [unit for unit, count in units.items() if count > 1]:
            text = _("{case} 时单位 {unit} 出现两次。", case=told(leaf.example), unit=twice[0])
            yield warning(table, "dispatch.unit_twice", text, _("请合并这两行。"))


def leads(table: Table, leaf: Leaf, count: int) -> Finding:
    """Return the finding that a case has not one lead and nothing to pick one from."""
    text = _("{case} 时有 {count} 个主办单位。", case=told(leaf.example), count=count)
    advice = _("请改成一个主办，或列出属地、权属待确认的单位由人来选。")
    return warning(table, "dispatch.leads", text, advice)


def said(table: Table, row: int, output: str) -> str:
    """Return what a row writes in an output column, as written."""
    column = [each.name for each in table.outputs].index(output)
    cell = table.rules[row - 1].outputs[column]
    return cell.text.strip('"') if cell is not None else ""


def domains_beside(folder: Path) -> Domains:
    """Return what cases there can be by the standards beside a file, else by those shipped."""
    shipped = Shipped.find()
    path = folder / f"{STANDARDS}.dmn"
    home = path if path.is_file() else shipped.folder / "tables" / path.name
    try:
        tables = {table.key: table for table in read_dmn(home.read_bytes())}
    except ShaodaoError:  # what is wrong with it is told when it is checked itself
        tables = {}
    standards = standards_of(tables[STANDARDS]) if STANDARDS in tables else ()
    return known_together(standards, shipped.labels.codes("categories"))
