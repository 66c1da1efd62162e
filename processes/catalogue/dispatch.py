"""A catalogue's units as rows of the table `dispatch`: who may be asked, and how they are named.

A catalogue names units in its own words. What the mapping or the organisation knows becomes a code;
what says "of the place" is the street's, what says "whoever owns it" leaves the lead to a person.
A matter of which nothing is known goes to a person too, never nowhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from engine.decision import Table
from engine.decision.sheet import Line, Sheet, sheet_of, spelled
from engine.expr.source import Failure
from processes.catalogue.entries import Entry
from processes.catalogue.mapping import DispatchMapping
from processes.catalogue.standards import CATEGORY, STANDARD, Standard
from processes.catalogue.tables import MOST_CODES

OF_THE_PLACE: Final = "case.street"
Candidate = tuple[str, str]
"""A unit as an output cell writes it (a literal, an expression, or nothing), and its kind."""


@dataclass(frozen=True)
class Candidates:
    """Whom an entry names. `unknown` are the words that mean no unit of ours."""

    rows: tuple[Candidate, ...]
    unknown: tuple[str, ...]


def candidates_of(
    words: Iterable[str], mapping: DispatchMapping, known: Mapping[str, str]
) -> Candidates:
    """Return the units that a catalogue's words mean. `known` are codes by name and by code."""
    codes: dict[str, None] = {}
    unknown: dict[str, None] = {}
    place = owner = False
    for word in (part for each in words for part in each.split()):
        code = known.get(mapping.units.get(word, word))
        if code is not None:
            codes[code] = None
        elif word.startswith(mapping.territorial):
            place = True
        elif word.startswith(mapping.owner_unknown):
            owner = True
        else:
            unknown[word] = None
    open_ended = owner or (bool(unknown) and not place)
    rows = tuple(kinds_of(list(codes), place=place, owner=open_ended))
    return Candidates(rows, tuple(unknown))


def kinds_of(codes: Sequence[str], *, place: bool, owner: bool) -> Iterator[Candidate]:
    """Yield candidates with their kinds.

    One unit alone leads. With the street it assists. Several, or one beside owners that are not
    known, are candidates of which a person picks.
    """
    if place:
        yield OF_THE_PLACE, "territorial"
    if owner or (len(codes) > 1 and not place):
        yield from ((spelled(code), "owner_unknown") for code in codes)
    else:
        kind = "assist" if place else "lead"
        yield from ((spelled(code), kind) for code in codes)
    if not codes and not place:
        yield "", "owner_unknown"


@dataclass(frozen=True)
class Filled:
    """The table with the rows of a catalogue, and how often each unknown word stands in it."""

    sheet: Sheet
    unknown: Mapping[str, int]


def with_dispatch(
    table: Table,
    entries: Sequence[Entry],
    *,
    mapping: DispatchMapping,
    known: Mapping[str, str],
    own: Sequence[Standard],
    clauses: Mapping[str, str],
    note: str,
) -> Filled:
    """Return `dispatch` with the entries' units in place of those of the same note.

    `own` are the standards of other origin, `clauses` the clause of the duty list by standard. Rows
    of other origin that would speak for an entry too are narrowed to the standards they spoke for;
    one that names an entry's code itself was written for it by people, and stands in our place.
    """
    sheet = sheet_of(table)
    codes = {each.code: each.category for each in entries}
    taken = by_hand(table, codes, note)
    kept = [
        narrowed(table, row, {c: k for c, k in codes.items() if c not in taken}, own)
        for row in range(len(table.rules))
        if sheet.lines[row].note != note
    ]
    found = {
        each.code: candidates_of(each.units, mapping, known)
        for each in entries
        if each.code not in taken
    }
    added = list(lines_of(sheet, found, clauses, note))
    at = len(kept) - (table.else_row >= 0)
    counted = Counter(word for each in found.values() for word in each.unknown)
    lines = (*kept[:at], *added, *kept[at:])
    return Filled(replace(sheet, lines=lines), dict(counted.most_common()))


def by_hand(table: Table, codes: Mapping[str, str], note: str) -> frozenset[str]:
    """Return the codes that rows of other origin name themselves."""
    column = place_of(table, STANDARD)
    rules = (rule for rule in table.rules if rule.note != note)
    named = (value for rule in rules for value in rule.inputs[column].values or ())
    return frozenset(value for value in named if value in codes)


def narrowed(table: Table, row: int, codes: Mapping[str, str], own: Sequence[Standard]) -> Line:
    """Return a row that speaks for none of `codes` and for all it spoke for of `own`.

    `codes` are categories by code. A row whose cells hang on other data cannot be narrowed.
    """
    line = sheet_of(table).lines[row]
    column = place_of(table, STANDARD)
    is_else = row == table.else_row
    if is_else or not any(accepts(table, row, kind, code) for code, kind in codes.items()):
        return line
    accepted = [e.code for e in own if accepts(table, row, e.category, e.code)]
    values = [None, *accepted] if accepts_value(table, row, column, None) else accepted
    cells = list(line.cells)
    cells[column] = ", ".join(map(spelled, values)) or '""'
    return replace(line, cells=tuple(cells))


def accepts(table: Table, row: int, category: str, standard: str) -> bool:
    """Tell whether a row may speak for a standard of a category."""
    return accepts_value(table, row, place_of(table, STANDARD), standard) and accepts_value(
        table, row, place_of(table, CATEGORY), category
    )


def accepts_value(table: Table, row: int, column: int, value: Any) -> bool:
    """Tell whether a cell accepts a value, as far as it does not hang on other data."""
    cell = table.rules[row].inputs[column]
    if cell.values is None or value in cell.values:
        return True
    try:
        return all(test.settled for test in cell.tests) and cell.passes(value, {}, {})
    except Failure:
        return False


def lines_of(
    sheet: Sheet,
    found: Mapping[str, Candidates],
    clauses: Mapping[str, str],
    note: str,
) -> Iterator[Line]:
    """Yield a row a candidate, for all standards with the same candidates and clause together."""
    groups: dict[tuple[tuple[Candidate, ...], str], list[str]] = {}
    for code, each in found.items():
        groups.setdefault((each.rows, clauses.get(code, "")), []).append(code)
    for (rows, clause), codes in groups.items():
        for start in range(0, len(codes), MOST_CODES):
            asked = ", ".join(map(spelled, codes[start : start + MOST_CODES]))
            inputs = [asked if each.text == STANDARD else "-" for each in sheet.inputs]
            for unit, kind in rows:
                said = {"unit": unit, "kind": spelled(kind), "duty_item": spelled(clause)}
                yield Line((*inputs, *(said.get(each.text, "") for each in sheet.outputs)), note)


def place_of(table: Table, column: str) -> int:
    """Return where an input column stands."""
    return [each.expression.text for each in table.inputs].index(column)
