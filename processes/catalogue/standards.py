"""Standards read out of their table: a category of matters under one filing condition each."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection

from engine.decision import Rule, Table
from engine.decision.soundness import OTHER, Domains
from engine.run.library import Library

STANDARDS: Final = "standards"
CATEGORY, STANDARD = "case.category", "case.standard"


@dataclass(frozen=True)
class Standard:
    """One filing condition. `kind` is component (部件) or event (事件).

    Filing and closing condition are words for people; `duty_item` is a clause of the duty list,
    "" where the catalogue names none. An imported catalogue has Chinese in place of English.
    """

    code: str
    category: str
    kind: str
    name: str
    name_en: str
    condition: str
    condition_en: str
    closing: str
    closing_en: str
    duty_item: str
    units: str  # who the catalogue says disposes of it, in its words
    limit_text: str  # the limit in its words, where these say more than a figure
    season: str  # what hangs on the season, in its words


def standards_of(table: Table) -> tuple[Standard, ...]:
    """Return the standards of the table, in its order; rows that name no code are left out."""
    return tuple(each for rule in table.rules for each in _of(table, rule))


def standards_in_force(
    connection: Connection, library: Library, at: datetime
) -> tuple[Standard, ...]:
    """Return the standards in force at an instant. Raises Broken("table.unknown")."""
    _version, table = library.table(connection, STANDARDS, at)
    return standards_of(table)


def known_together(standards: Iterable[Standard], categories: Collection[str]) -> Domains:
    """Return which categories and standards a case can have: for studying tables.

    Every category may come without a standard; one that nobody knows yet may be added later.
    """
    every = tuple(standards)
    pairs: list[tuple[Any, ...]] = [(each.category, each.code) for each in every]
    named = dict.fromkeys([*categories, *(each.category for each in every)])
    pairs += [(category, None) for category in (*named, OTHER)]
    return {
        (CATEGORY, STANDARD): pairs,
        (STANDARD,): [(each.code,) for each in every],
        (CATEGORY,): [(category,) for category in named],
    }


def _of(table: Table, rule: Rule) -> Iterable[Standard]:
    wanted = {field.name for field in fields(Standard)} - {"code"}
    said = {
        output.name: cell.value({}) if cell is not None else ""
        for output, cell in zip(table.outputs, rule.outputs, strict=True)
        if output.name in wanted
    }
    said |= dict.fromkeys(wanted - said.keys(), "")
    for code in rule.inputs[0].values or ():
        yield Standard(code=code, **said)
