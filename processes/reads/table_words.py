"""What the cells of a decision table say to people: codes as their words, `-` as nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.decision import Table
from engine.i18n import _
from engine.labels import Labels
from processes.catalogue.facts import FOLDERS
from processes.catalogue.standards import CATEGORY, STANDARD, standards_in_force
from processes.reads.reader import Reader
from processes.reads.units import units

QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
EXCEPT: Final = re.compile(r"not\((.*)\)", re.DOTALL)
SECTIONS: Final[Mapping[str, str]] = {
    CATEGORY: "categories",
    "category": "categories",
    "case.urgency": "urgencies",
    "case.mode": "modes",
    "clock": "clocks",
}
"""Sections of labels.toml by the column that holds their codes."""
KINDS: Final[Mapping[str, str]] = {
    "dispatch": "kinds",
    "duty_items": "duty_kinds",
    "standards": "standard_kinds",
}
"""What the column `kind` holds, by table."""
PLACES: Final = ("case.area", "unit")


@dataclass(frozen=True)
class TableWords:
    """The words of codes by column, in one language."""

    reader: Reader
    labels: Labels
    units: Mapping[str, str]
    standards: Mapping[str, str]

    def code(self, table: str, column: str, code: str) -> str:
        """Return the words for a code of a column, the code itself where there are none."""
        if column == STANDARD:
            return self.standards.get(code, code)
        if column in PLACES and (table != "limits" or column != "unit"):
            return self.units.get(code, code)
        section = SECTIONS.get(column) or (KINDS.get(table, "") if column == "kind" else "units")
        return self.labels.of(section, code, self.reader.locale)

    def cell(self, table: str, column: str, text: str) -> str:
        """Return what a cell says; nothing where it takes anything or is empty."""
        if text in ("", "-", '""'):
            return ""
        shown = QUOTED.sub(lambda found: self.code(table, column, found[1]), text)
        shown = shown.replace(", ", self.reader.say(_("、")))
        if negated := EXCEPT.fullmatch(shown):
            return self.reader.say(_("除{values}外", values=negated[1]))
        return shown

    def value(self, table: str, column: str, value: Any) -> str:
        """Return a value of an example."""
        if value is None:
            return self.reader.say(_("没有选定"))
        return self.code(table, column, value) if isinstance(value, str) else str(value)


def table_words(reader: Reader) -> TableWords:
    """Return the words that tables need: those of all processes, units and standards."""
    connection, library = reader.connection, reader.folders.library
    labels = reader.folders.shared
    for key in sorted(connection.execute(FOLDERS).scalars()):
        labels = library.latest(connection, key).labels.merge(labels)
    english = reader.locale != "zh"
    return TableWords(
        reader=reader,
        labels=labels,
        units={unit.code: unit.name for unit in units(connection)},
        standards={
            each.code: f"{each.name_en}: {each.condition_en}"
            if english
            else f"{each.name}：{each.condition}"
            for each in standards_in_force(connection, library, reader.now)
        },
    )


def headings(table: Table) -> tuple[str, ...]:
    """Return the columns of a table: the expressions asked, then the names answered."""
    asked = (each.expression.text for each in table.inputs)
    return (*asked, *(each.name for each in table.outputs))
