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
from engine.decision.sheet import Heading, sheet_of
from engine.errors import NotFound
from engine.i18n import _
from processes.catalogue.standards import STANDARD
from processes.reads.filings import in_language, known_standards
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
Names = Mapping[str, Mapping[str, str]]
"""Words for codes, by the column that they stand in."""
DUTY: Final = "duty_items"
DRAWN: Final = "zh"  # the language in which tables are drawn


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
    """Return some rows of a version of a table, all where none are named; five statements.

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
    names = {"unit": unit_names(reader.connection, quoted), STANDARD: conditions(reader)}
    return TablePage(
        key=key,
        name=table_name(reader, key, sheet.name),
        version=version,
        since=since,
        columns=tuple(column_name(reader, key, each) for each in columns),
        inputs=len(sheet.inputs),
        rows=tuple(
            TableRow(
                number,
                tuple(
                    in_words(reader, key, heading.text, cell, names)
                    for heading, cell in zip(columns, line.cells, strict=True)
                ),
                line.note,
            )
            for number, line in numbered
        ),
        count=len(sheet.lines),
    )


def table_name(reader: Reader, key: str, drawn: str) -> str:
    """Return what a table is called: as it is drawn, in another language as the labels say."""
    known = reader.locale != DRAWN and reader.folders.shared.has("tables", key)
    return reader.word("tables", key) if known else drawn


def column_name(reader: Reader, key: str, heading: Heading) -> str:
    """Return what a column is called; the labels may know it for one table or for all."""
    known = () if reader.locale == DRAWN else (f"{key}.{heading.text}", heading.text)
    for code in known:
        if reader.folders.shared.has("columns", code):
            return reader.word("columns", code)
    return heading.label or heading.text


def conditions(reader: Reader) -> dict[str, str]:
    """Return the filing conditions in words by the codes of their standards."""
    known = known_standards(reader)
    # In quotes: a condition has commas of its own, and several may stand in a cell.
    return {
        each.code: reader.say(_("“{words}”", words=in_language(each, reader.locale)[1]))
        for each in known
    }


def literals(cell: str) -> Iterable[str]:
    """Return what stands in quotes in a cell."""
    return cell.split('"')[1::2]


def in_words(reader: Reader, key: str, column: str, cell: str, names: Names) -> str:
    """Return a cell with the words for the codes that stand in it."""
    if cell in ANYTHING:
        return reader.say(_("任意")) if "." in column or column == "clock" else ""
    words = {code: word_of(reader, key, column, code, names) for code in literals(cell)}
    for code, word in words.items():
        cell = cell.replace(f'"{code}"', word)
    cell = cell.replace(", ", reader.say(_("、")))
    if cell.startswith("not(") and cell.endswith(")"):
        return reader.say(_("除{values}外", values=cell[4:-1]))
    return cell


def word_of(reader: Reader, key: str, column: str, code: str, names: Names) -> str:
    """Return the word for a code of a column, the code where there is none."""
    if known := names.get(column, {}).get(code):
        return known
    if column == "unit":
        return reader.word("units", code)
    if column == "kind":
        return reader.word("duty_kinds" if key == DUTY else "kinds", code)
    return reader.word(SECTIONS[column], code) if column in SECTIONS else code
