"""The words that a whole table needs: those of its cells, and of the cases told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.decision import Table
from engine.i18n import _
from processes.catalogue.facts import FOLDERS
from processes.catalogue.standards import STANDARD, STANDARDS
from processes.reads.reader import Reader
from processes.reads.tables import Names, conditions, in_words, word_of
from processes.reads.units import units


@dataclass(frozen=True)
class TableWords:
    """The words of a table's codes by column, in the reader's language."""

    reader: Reader
    key: str
    names: Names

    def cell(self, column: str, text: str) -> str:
        """Return what a cell says."""
        return in_words(self.reader, self.key, column, text, self.names)

    def code(self, column: str, code: str) -> str:
        """Return the words for a code of a column, the code itself where there are none."""
        return word_of(self.reader, self.key, column, code, self.names)

    def value(self, column: str, value: Any) -> str:
        """Return a value of an example."""
        if value is None:
            return self.reader.say(_("没有选定"))
        return self.code(column, value) if isinstance(value, str) else str(value)


def table_words(reader: Reader, key: str) -> TableWords:
    """Return the words that a table needs."""
    places = {unit.code: unit.name for unit in units(reader.connection)}
    names = {
        "unit": places,
        "case.area": places,
        STANDARD: conditions(reader),
        "clock": clock_names(reader),
        "category": section(reader, "categories"),
        "case.whistle_type": section(reader, "whistle_types"),
        "counting": section(reader, "countings"),
    }
    if key == STANDARDS:
        names["kind"] = section(reader, "standard_kinds")
    return TableWords(reader, key, names)


def section(reader: Reader, name: str) -> dict[str, str]:
    """Return the shared words of a section of labels.toml."""
    return {code: reader.word(name, code) for code in reader.folders.shared.codes(name)}


def clock_names(reader: Reader) -> dict[str, str]:
    """Return what the clocks of all folders are called."""
    found: dict[str, str] = {}
    for key in sorted(reader.connection.execute(FOLDERS).scalars()):
        labels = reader.folders.library.latest(reader.connection, key).labels
        codes = labels.codes("clocks")
        found |= {code: labels.of("clocks", code, reader.locale) for code in codes}
    return found


def headings(table: Table) -> tuple[str, ...]:
    """Return the columns of a table: the expressions asked, then the names answered."""
    asked = (each.expression.text for each in table.inputs)
    return (*asked, *(each.name for each in table.outputs))
