"""Duty items in full: a clause says little to whoever does not know the list by heart."""

from __future__ import annotations

from engine.decision import Table
from engine.decision.sheet import sheet_of
from engine.run.library import IN_FORCE
from processes.catalogue.facts import DUTY_ITEMS
from processes.reads.reader import Reader


def in_full(reader: Reader, clause: str) -> str:
    """Return a clause of the duty list in force with its words; alone where it is not there."""
    version = IN_FORCE.scalar(reader.connection, {"key": DUTY_ITEMS, "at": reader.now})
    if version is None:
        return clause
    table = reader.folders.library.version(reader.connection, DUTY_ITEMS, version)
    return " ".join(filter(None, (clause, items(table).get(clause))))


def items(table: Table) -> dict[str, str]:
    """Return the words of a duty list by clause."""
    sheet = sheet_of(table)
    names = [each.text for each in sheet.outputs]
    answers = (line.cells[len(sheet.inputs) :] for line in sheet.lines)
    rows = (dict(zip(names, cells, strict=True)) for cells in answers)
    return {row["clause"].strip('"'): row["text"].strip('"') for row in rows}
