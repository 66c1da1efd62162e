"""Duty items in full: a clause says little to whoever does not know the list by heart."""

from __future__ import annotations

from processes.catalogue.dispatch_checks import said
from processes.catalogue.facts import DUTY_ITEMS, beside
from processes.reads.reader import Reader


def in_full(reader: Reader, clause: str) -> str:
    """Return a clause of the duty list in force with its words; alone where it is not there."""
    table = beside(reader.connection, reader.folders.library, DUTY_ITEMS, (), reader.now)
    if table is None:
        return clause
    rows = range(1, len(table.rules) + 1)
    words = (said(table, row, "text") for row in rows if said(table, row, "clause") == clause)
    return " ".join(filter(None, (clause, next(words, ""))))
