"""Rows of an official catalogue as entries: one filing condition each, with its limit.

What a row says in prose stays as it is written: a limit with words around the figure keeps them, a
closing condition that hangs on the season is marked so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from engine.errors import Invalid, ShaodaoError
from engine.i18n import _
from engine.sla.iso import shown
from engine.sla.limit import Unit
from processes.catalogue.mapping import CatalogueMapping
from processes.sheets import Sheet

SEASON: Final = re.compile(r"[^，。；、,;]*季节[^，。；,;]*")
SEPARATOR: Final = re.compile(r"[、，,；;\n]+")
INHERITED: Final = ("kind", "class_code", "class_name", "code", "name", "units")
"""Columns whose cells offices merge: an empty one means what stands above it."""


@dataclass(frozen=True)
class Entry:
    """A filing condition. `value` and `unit` are None where the limit is prose alone.

    `limit_text` is the limit as written, where it says more than a figure and a unit.
    """

    line: int
    code: str
    kind: str
    category: str
    name: str
    condition: str
    closing: str
    units: tuple[str, ...]
    value: int | None
    unit: Unit | None
    limit_text: str
    season: str

    @property
    def sub_class(self) -> str:
        """The code without the number of the condition."""
        return self.code.rpartition("_")[0]


@dataclass(frozen=True)
class Refused:
    """A row that could not be taken, and why."""

    line: int
    reason: ShaodaoError


@dataclass
class Reading:
    """What was read: entries in order, rows refused, lines passed over as headers."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    headers: list[int] = field(default_factory=list)


def read_entries(sheets: Iterable[Sheet], mapping: CatalogueMapping) -> Reading:
    """Read all sheets that have the columns. Raises Invalid("import.columns_missing") if none."""
    reading = Reading()
    conditions: Counter[str] = Counter()
    for sheet in sheets:
        for line, row in rows(sheet, mapping, reading):
            try:
                entry = entry_of(line, row, mapping)
            except ShaodaoError as reason:
                reading.refused.append(Refused(line, reason))
                continue
            conditions[entry.code] += 1
            numbered = f"{entry.code}_{conditions[entry.code]}"
            reading.entries.append(replace(entry, code=numbered))
    if not reading.headers:
        names = "、".join(mapping.columns.values())
        raise Invalid("import.columns_missing", _("文件里缺少列：{names}。", names=names))
    return reading


def rows(
    sheet: Sheet, mapping: CatalogueMapping, reading: Reading
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield a sheet's rows by field; lines above the header, and headers again, are passed over."""
    wanted = set(mapping.columns.values())
    place: Mapping[str, int] = {}
    above: dict[str, str] = {}
    for line in sheet.lines:
        if wanted <= set(line.cells):
            place = {name: line.cells.index(mapping.columns[name]) for name in mapping.columns}
            reading.headers.append(line.number)
        elif place:
            row = {name: cell(line.cells, at) for name, at in place.items()}
            for name in INHERITED:
                row[name] = row[name] or above.get(name, "")
            above = row
            yield line.number, row


def cell(cells: Sequence[str], at: int) -> str:
    """Return a cell; the empty tail of a line is cut off in files."""
    return cells[at].strip() if at < len(cells) else ""


def entry_of(line: int, row: Mapping[str, str], mapping: CatalogueMapping) -> Entry:
    """Read one row; its code is still without the number of the condition.

    Raises Invalid("catalogue.field_empty"), ("catalogue.kind_unknown"),
    ("catalogue.code") or ("catalogue.category_unknown").
    """
    for name in ("kind", "class_code", "code", "name", "condition", "limit"):
        if not row[name]:
            column = mapping.columns[name]
            raise Invalid("catalogue.field_empty", _("“{column}”一列是空的。", column=column))
    kind = mapping.kinds.get(row["kind"])
    if kind is None:
        sentence = _("映射文件的 [kinds] 里没有“{text}”。", text=shown(row["kind"]))
        raise Invalid("catalogue.kind_unknown", sentence)
    category = mapping.category(row["class_name"], row["name"])
    if category is None:
        sentence = _("映射文件没有说“{text}”归哪个类别。", text=shown(row["name"]))
        raise Invalid("catalogue.category_unknown", sentence)
    value, unit, limit_text = limit_of(row["limit"], mapping)
    season = SEASON.search(f"{row['limit']}，{row['closing']}，{row['condition']}")
    return Entry(
        line=line,
        code=f"{mapping.name}_{kind[0]}{number(row['class_code'])}_{number(row['code'])}",
        kind=kind,
        category=category,
        name=row["name"],
        condition=row["condition"],
        closing=row["closing"],
        units=tuple(dict.fromkeys(filter(None, SEPARATOR.split(row["units"])))),
        value=value,
        unit=unit,
        limit_text=limit_text,
        season=season[0].strip() if season else "",
    )


def number(code: str) -> str:
    """Return a code as two digits: files write 1, 01 and 1.0. Raises Invalid("catalogue.code")."""
    if not code.isascii() or not code.isdecimal():
        raise Invalid("catalogue.code", _("“{code}”不是数字代码。", code=shown(code)))
    return f"{int(code):02d}"


def limit_of(text: str, mapping: CatalogueMapping) -> tuple[int | None, Unit | None, str]:
    """Return value, unit and, where it says more than these, the text of a limit."""
    words = "|".join(sorted(map(re.escape, mapping.units), key=len, reverse=True))
    found = re.findall(rf"(\d{{1,4}})\s*(?:个)?({words})", text)
    if len(found) != 1:
        return None, None, text  # none, or several of which no figure can be picked
    value, word = found[0]
    rest = text.replace(value, "", 1).replace(word, "", 1).strip()
    return int(value), mapping.units[word], text if rest not in ("", "个") else ""
