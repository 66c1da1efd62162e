"""A version of a decision table as people read it: the rows that answered, or all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import table_version
from engine.decision.cells import ANYTHING
from engine.decision.sheet import sheet_of
from engine.errors import NotFound
from engine.i18n import _
from processes.reads.reader import Reader
from processes.reads.units import unit_names

SINCE: Final = sa.select(table_version.c.effective_from).where(
    table_version.c.id == sa.bindparam("version")
)
SECTIONS: Final[Mapping[str, str]] = {
    "case.category": "categories",
    "case.urgency": "urgencies",
    "case.mode": "modes",
}
DUTY: Final = "duty_items"


@dataclass(frozen=True)
class TableRow:
    """A row: its number in the table, counted from 1, and its cells in words."""

    number: int
    cells: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class TablePage:
    """A version of a table. `inputs` is how many of the columns are conditions."""

    key: str
    name: str
    version: UUID
    since: datetime
    columns: tuple[str, ...]
    inputs: int
    rows: tuple[TableRow, ...]
    count: int


def table_page(reader: Reader, key: str, version: UUID, *, only: Collection[int] = ()) -> TablePage:
    """Return some rows of a version of a table, all where none are named; three statements.

    Raises NotFound("ruling.unknown").
    """
    table = reader.folders.version(reader.connection, key, version)
    since = reader.connection.scalar(SINCE, {"version": version})
    if table is None or since is None:
        raise NotFound("ruling.unknown", _("没有这一版判定表，可能链接有误。"))
    sheet = sheet_of(table)
    columns = (*sheet.inputs, *sheet.outputs)
    numbered = [(n, line) for n, line in enumerate(sheet.lines, 1) if not only or n in only]
    quoted = {word for _n, line in numbered for cell in line.cells for word in literals(cell)}
    units = unit_names(reader.connection, quoted)
    return TablePage(
        key=key,
        name=sheet.name,
        version=version,
        since=since,
        columns=tuple(each.label or each.text for each in columns),
        inputs=len(sheet.inputs),
        rows=tuple(
            TableRow(
                number,
                tuple(
                    in_words(reader, key, heading.text, cell, units)
                    for heading, cell in zip(columns, line.cells, strict=True)
                ),
                line.note,
            )
            for number, line in numbered
        ),
        count=len(sheet.lines),
    )


def literals(cell: str) -> Iterable[str]:
    """Return what stands in quotes in a cell."""
    return cell.split('"')[1::2]


def in_words(reader: Reader, key: str, column: str, cell: str, units: Mapping[str, str]) -> str:
    """Return a cell with the words for the codes that stand in it."""
    if cell in ANYTHING:
        return reader.say(_("任意")) if "." in column or column == "clock" else ""
    words = {code: word_of(reader, key, column, code, units) for code in literals(cell)}
    for code, word in words.items():
        cell = cell.replace(f'"{code}"', word)
    return cell.replace(", ", reader.say(_("、")))


def word_of(reader: Reader, key: str, column: str, code: str, units: Mapping[str, str]) -> str:
    """Return the word for a code of a column, the code where there is none."""
    if column == "unit":
        return units.get(code) or reader.word("units", code)
    if column == "kind":
        return reader.word("duty_kinds" if key == DUTY else "kinds", code)
    return reader.word(SECTIONS[column], code) if column in SECTIONS else code
