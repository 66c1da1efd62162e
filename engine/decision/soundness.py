"""Studying a table without asking it case by case: gaps, rows nobody reaches, contradictions.

Values of a column that the same rows accept are one class; the study walks through all
combinations of classes, and through none twice that leave the same rows in question. It knows a
column's values from `inputValues` and from whoever calls, or else from the column's own cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from math import prod
from typing import Any, Final

from engine.decision.cells import key_of
from engine.decision.index import Column, rows_of
from engine.decision.policy import HitPolicy
from engine.decision.table import NO_FUNCTIONS, Table
from engine.errors import Invalid
from engine.expr.source import Failure
from engine.expr.values import ORDERED, kind_of

MAX_STATES: Final = 100_000
OTHER: Final = "…"
"""Stands for every text that no cell names."""

Example = Mapping[str, Any]
Domains = Mapping[tuple[str, ...], Sequence[tuple[Any, ...]]]
"""Values that columns, named by their expressions, may have together."""
Known = tuple[tuple[str, ...], Sequence[tuple[Any, ...]]]


@dataclass(frozen=True)
class Leaf:
    """Rows (from 1) that hit together, and the values of a case for which they do."""

    rows: tuple[int, ...]
    example: Example


@dataclass(frozen=True)
class Study:
    """What was found. `complete` is false where there were too many combinations to walk.

    `gaps` are cases without any row, `unreached` rows (from 1) that never say anything,
    `contradictions` rows of UNIQUE or ANY that hit together and must not, `leaves` all sets of
    rows that hit together, `cases` how many combinations of known values there are.
    """

    gaps: tuple[Example, ...]
    unreached: tuple[int, ...]
    contradictions: tuple[Leaf, ...]
    leaves: tuple[Leaf, ...]
    complete: bool
    cases: int


@dataclass(frozen=True)
class Class:
    """Values that the same rows accept: `sure` by the values alone, `maybe` by other data."""

    values: Example
    sure: int
    maybe: int


def study(table: Table, domains: Domains | None = None) -> Study:
    """Study a table. `domains` say what columns may hold beside their `inputValues`."""
    known = _columns(table, domains or {})
    columns = [_classes(table, names, values) for names, values in known]
    return _Walk(table, columns, prod(len(values) for _names, values in known)).run()


@dataclass
class _Walk:
    table: Table
    columns: Sequence[Sequence[Class]]
    cases: int
    seen: set[tuple[int, int, int]] = field(default_factory=set)
    gaps: list[Example] = field(default_factory=list)
    leaves: dict[tuple[int, ...], Leaf] = field(default_factory=dict)
    reached: set[int] = field(default_factory=set)

    def run(self) -> Study:
        everything = (1 << len(self.table.rules)) - 1
        self._step(0, everything, everything, {})
        complete = len(self.seen) < MAX_STATES
        missed = set(range(len(self.table.rules))) - self.reached
        return Study(
            gaps=tuple(self.gaps),
            unreached=tuple(row + 1 for row in sorted(missed)) if complete else (),
            contradictions=tuple(self._contradictions()),
            leaves=tuple(self.leaves.values()),
            complete=complete,
            cases=self.cases,
        )

    def _step(self, at: int, sure: int, possible: int, example: Example) -> None:
        """Go on with the rows that are sure, and those still possible, after `at` columns."""
        if (at, sure, possible) in self.seen or len(self.seen) >= MAX_STATES:
            return
        self.seen.add((at, sure, possible))
        if not possible:
            if not self.table.has_defaults:
                self.gaps.append(example)
        elif at == len(self.columns):
            self._leaf(sure, possible, example)
        else:
            for each in self.columns[at]:
                left = possible & (each.sure | each.maybe)
                self._step(at + 1, sure & each.sure, left, {**example, **each.values})

    def _leaf(self, sure: int, possible: int, example: Example) -> None:
        other = 1 << self.table.else_row if self.table.else_row >= 0 else 0
        if sure & ~other:  # the else row speaks only where no other does
            sure, possible = sure & ~other, possible & ~other
        for row in rows_of(possible):
            self.reached.add(row)
            if self.table.hit_policy is HitPolicy.FIRST and sure >> row & 1:
                break
        rows = tuple(row + 1 for row in rows_of(sure))
        self.leaves.setdefault(rows, Leaf(rows, example))

    def _contradictions(self) -> Iterator[Leaf]:
        policy = self.table.hit_policy
        if policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            return
        for leaf in self.leaves.values():
            said = {self._said(row) for row in leaf.rows}
            if len(leaf.rows) > 1 and (policy is HitPolicy.UNIQUE or len(said) > 1):
                yield leaf

    def _said(self, row: int) -> tuple[str, ...]:
        cells = self.table.rules[row - 1].outputs
        return tuple("" if cell is None else cell.text for cell in cells)


def _columns(table: Table, domains: Domains) -> list[Known]:
    """Return the values of each column, or of columns whose values are known together."""
    place = {each.expression.text: at for at, each in enumerate(table.inputs)}
    together = [names for names in domains if all(name in place for name in names)]
    taken = {name for names in together if len(names) > 1 for name in names}
    found: list[Known] = [(names, domains[names]) for names in together if len(names) > 1]
    for name, at in place.items():
        if name in taken:
            continue
        said = [*table.inputs[at].listed, *(each for (each,) in domains.get((name,), ()))]
        said += _samples(table.columns[at]) if said else _guessed(table.columns[at])
        found.append(((name,), [(each,) for each in {key_of(v): v for v in said}.values()]))
    return found


def _classes(
    table: Table, names: tuple[str, ...], values: Sequence[tuple[Any, ...]]
) -> list[Class]:
    place = {each.expression.text: at for at, each in enumerate(table.inputs)}
    everything = (1 << len(table.rules)) - 1
    found: dict[tuple[int, int], Class] = {}
    for each in values:
        sure, maybe = everything, everything
        for name, value in zip(names, each, strict=True):
            accepted, perhaps = _accepted(table.columns[place[name]], value)
            sure, maybe = sure & accepted, maybe & (accepted | perhaps)
        found.setdefault(
            (sure, maybe), Class(dict(zip(names, each, strict=True)), sure, maybe & ~sure)
        )
    return list(found.values())


def _accepted(column: Column, value: Any) -> tuple[int, int]:
    """Return the rows that accept a value, and those of which only other data can tell."""
    sure, maybe = column.equal(value), 0
    for row in rows_of(column.tested & ~sure):
        cell = column.cells[row]
        try:
            if not all(test.settled for test in cell.tests):
                maybe |= 1 << row
            elif cell.passes(value, NO_FUNCTIONS, NO_FUNCTIONS):
                sure |= 1 << row
        except (Failure, Invalid):
            continue  # a value of another kind hits nothing
    return sure, maybe


def _guessed(column: Column) -> Iterator[Any]:
    """Yield values of a column of which nothing is known but its cells."""
    named = [value for cell in column.cells for value in cell.values or ()]
    found = [*named, *_samples(column)]
    yield from found
    if not found or any(isinstance(value, str) for value in named):
        yield OTHER


def _samples(column: Column) -> Iterator[Any]:
    """Yield the points at which tests turn, and what lies between and beyond them."""
    points = [point for cell in column.cells for test in cell.tests for point in test.points]
    for kind in ORDERED - {"text"}:
        ends = sorted({point for point in points if kind_of(point) == kind})
        yield from ends
        if ends:
            step = STEPS[kind]
            yield ends[0] - step
            yield ends[-1] + step
            yield from (
                low + (step if kind == "date" else (high - low) / 2) for low, high in pairwise(ends)
            )
    texts = sorted({point for point in points if kind_of(point) == "text"})
    yield from (each for text in texts for each in (text, text + " "))
    yield from {point for point in points if kind_of(point) in ("boolean", "null")}


STEPS: Final[Mapping[str, Any]] = {
    "number": 1,
    "date": timedelta(days=1),
    "datetime": timedelta(seconds=1),
    "duration": timedelta(seconds=1),
}
