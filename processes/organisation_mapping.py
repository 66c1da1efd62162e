"""How tables of an organisation are read: names of sheets, columns and words, from one TOML file.

Four kinds of table: units, people, memberships, roster. A sheet is taken for the kind that its name
says, else for the one whose columns it has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from engine.errors import Invalid
from engine.i18n import _
from processes.mapping import read_toml, wrong
from processes.sheet_tables import Columns, TableRow, find_header, rows_below
from processes.sheets import Sheet

UNITS, PEOPLE, MEMBERSHIPS, ROSTER = "units", "people", "memberships", "roster"
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        UNITS: ("code", "name", "kind"),
        ROSTER: ("unit", "role", "person", "from", "to"),
        MEMBERSHIPS: ("person", "role", "unit"),
        PEOPLE: ("code", "name"),
    }
)
"""What a table of each kind must have; asked in this order, what needs most comes first."""


@dataclass(frozen=True)
class KindOfTable:
    """How one kind of table is written: names of its sheets and columns, words and their codes."""

    sheets: tuple[str, ...]
    columns: Columns
    values: Mapping[str, Mapping[str, str]]

    def coded(self, row: TableRow) -> TableRow:
        """Return a row with words put into codes; a word that is not listed stays as it is."""
        values = {
            field: self.values.get(field, {}).get(cell, cell) for field, cell in row.values.items()
        }
        return replace(row, values=values)


OrganisationMapping = Mapping[str, KindOfTable]


def read_organisation_mapping(path: Path) -> OrganisationMapping:
    """Read a mapping file. Raises Invalid("mapping.missing", "mapping.wrong")."""
    raw = read_toml(path)
    if unknown := raw.keys() - REQUIRED.keys():
        raise wrong(path, _("缺少 {name}，或不认识它", name=min(unknown)))
    return {kind: kind_of_table(path, kind, table) for kind, table in raw.items()}


def kind_of_table(path: Path, kind: str, raw: Any) -> KindOfTable:
    """Read one section; every required field needs a column."""
    try:
        columns = {str(field): tuple(map(str, names)) for field, names in raw["columns"].items()}
        values = {
            str(field): {str(word): str(code) for word, code in words.items()}
            for field, words in raw.get("values", {}).items()
        }
        sheets = tuple(map(str, raw.get("sheets", ())))
    except (TypeError, AttributeError, KeyError) as error:
        raise wrong(path, _("有一节的写法不对，请对照 docs/mappings.md")) from error
    if missing := set(REQUIRED[kind]) - columns.keys():
        raise wrong(path, _("缺少 {name}，或不认识它", name=f"{kind}.columns.{min(missing)}"))
    return KindOfTable(sheets, columns, values)


def tables_in(
    sheets: Iterable[Sheet], mapping: OrganisationMapping
) -> dict[str, list[tuple[str, TableRow]]]:
    """Return the rows of each kind of table, with the sheets they come from.

    Raises Invalid("import.no_table") where no sheet is any of them.
    """
    found: dict[str, list[tuple[str, TableRow]]] = {}
    for sheet in sheets:
        for kind in candidates(sheet, mapping):
            table = mapping[kind]
            header = find_header(sheet, table.columns, REQUIRED[kind])
            if header is not None:
                rows = [(sheet.name, table.coded(row)) for row in rows_below(sheet, header)]
                found.setdefault(kind, []).extend(rows)
                break
    if not found:
        raise Invalid(
            "import.no_table",
            _("文件里没有认得出的单位、人员、任职或值班表，请检查表头或映射文件。"),
        )
    return found


def candidates(sheet: Sheet, mapping: OrganisationMapping) -> list[str]:
    """Return the kinds a sheet may be, the one it is named after first."""
    kinds = [kind for kind in REQUIRED if kind in mapping]
    return sorted(kinds, key=lambda kind: sheet.name.strip() not in mapping[kind].sheets)
