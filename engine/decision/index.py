"""Finding the rows that hit without going through them.

Each column knows, for each value, the set of rows that accept it (one bit a row); the rows that
hit are the intersection over the columns. Tests that are more than equality are asked last, and
only of rows that are still in question.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.decision.cells import Cell, key_of


@dataclass(frozen=True)
class Column:
    """One input column: sets of rows as bits of an integer, row 0 the lowest.

    `anything` are the rows that accept every value, `accepted` those that accept a value by being
    equal to it (with `anything` in it), `tested` those that have tests.
    """

    cells: Sequence[Cell]
    anything: int
    accepted: Mapping[Hashable, int]
    tested: int

    def equal(self, value: Any) -> int:
        """Return the rows that accept a value without being asked."""
        return self.accepted.get(key_of(value), self.anything)


def column(cells: Sequence[Cell]) -> Column:
    """Return the index of a column."""
    anything = tested = 0
    accepted: dict[Hashable, int] = {}
    for row, cell in enumerate(cells):
        if cell.values is None:
            anything |= 1 << row
        if cell.tests:
            tested |= 1 << row
        for value in cell.values or ():
            key = key_of(value)
            accepted[key] = accepted.get(key, 0) | 1 << row
    with_anything = {key: rows | anything for key, rows in accepted.items()}
    return Column(cells, anything, with_anything, tested)


def rows_of(bits: int) -> Iterator[int]:
    """Yield the rows of a set, lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
