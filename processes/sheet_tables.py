"""A table inside a sheet: which line is its header, and its rows by field.

Office tables begin with a title, a date, or a header in two lines with merged cells; columns stand
in any order and under several names. The header is found by the names that are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from processes.sheets import Line, Sheet

SEARCHED: Final = 10  # lines at the top that may be the header
MARKS: Final = re.compile(r"[\s*＊:：()（）]+|必填|选填")  # what stands around a name

Columns = Mapping[str, Sequence[str]]  # field -> names of its column


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its line in the file and its cells by field."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Header:
    """Where a table begins and which of its columns is which field."""

    after: int  # number of its last line
    fields: Mapping[int, str]


def find_header(sheet: Sheet, columns: Columns, required: Sequence[str]) -> Header | None:
    """Return the header of a table, None where no line at the top names all required fields.

    Of two lines that do, the one that names more; of a line and the same line under one above it,
    the plain one.
    """
    top = sheet.lines[:SEARCHED]
    single = [Header(line.number, named(line.cells, columns)) for line in top]
    double = [
        Header(below.number, named(joined(above, below), columns)) for above, below in pairwise(top)
    ]
    fit = [each for each in (*single, *double) if set(required) <= set(each.fields.values())]
    return max(fit, key=lambda each: len(each.fields), default=None)


def joined(above: Line, below: Line) -> tuple[str, ...]:
    """Return the names of a header of two lines: the lower one where it says anything."""
    width = max(len(above.cells), len(below.cells))
    upper = (*above.cells, *[""] * (width - len(above.cells)))
    lower = (*below.cells, *[""] * (width - len(below.cells)))
    return tuple(under or over for over, under in zip(upper, lower, strict=True))


def named(cells: Sequence[str], columns: Columns) -> dict[int, str]:
    """Return which columns carry a name that a field goes by; the first of each counts."""
    by_name = {plain(name): field for field, names in columns.items() for name in names}
    found: dict[int, str] = {}
    for place, cell in enumerate(cells):
        field = by_name.get(plain(cell))
        if field is not None and field not in found.values():
            found[place] = field
    return found


def plain(name: str) -> str:
    """Return a column's name without blanks, marks and capitals."""
    return MARKS.sub("", name).lower()


def rows_below(sheet: Sheet, header: Header) -> Iterator[TableRow]:
    """Yield the rows of a table; lines that fill none of its columns are left out."""
    for line in sheet.lines:
        if line.number <= header.after:
            continue
        values = {
            field: line.cells[place] if place < len(line.cells) else ""
            for place, field in header.fields.items()
        }
        if any(values.values()):
            yield TableRow(line.number, values)
