"""What a decision table was asked with, kept so that another table can be asked the same later.

Of the view of a case every code is kept, for a draft may look at one that the table in force does
not; of the instance's own data what the table reads, be it nothing. Lists and maps are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.decision import Table
from engine.expr import compile_expression, plain

Plain = str | int | float | bool | None


def asked(table: Table, seen: Mapping[str, Any], *, view: str) -> dict[str, Any]:
    """Return the view of a case and the values a table reads, as a map of maps."""
    whole = codes(seen[view])
    found: dict[str, Any] = {view: whole} if whole else {}
    for name in names_of(table):
        put(found, name, plain(compile_expression(name).value(seen)))
    return found


def names_of(table: Table) -> tuple[str, ...]:
    """Return the dotted names that a table and those it requires read, its own answers left out."""
    inner = [name for each in table.required for name in names_of(each)]
    answers = {each.key for each in table.required}
    own = [name for name in table.names if name.partition(".")[0] not in answers]
    return tuple(sorted({*inner, *own}))


def codes(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the plain values of a map: codes, numbers, truths."""
    return {str(name): value for name, value in values.items() if isinstance(value, Plain)}


def put(found: dict[str, Any], name: str, value: Any) -> None:
    """Put a plain value at a dotted name, unless something stands there or above it already."""
    if not isinstance(value, Plain):
        return
    *way, last = name.split(".")
    at: Any = found
    for step in way:
        at = at.setdefault(step, {})
        if not isinstance(at, dict):
            return
    at.setdefault(last, value)
