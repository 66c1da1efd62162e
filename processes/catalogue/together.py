"""Tables judged as they will hold together: new ones, and those in force that they bear upon.

What cases there can be is read out of tables too: a standard more may be one that `dispatch` or
`limits` has no answer for. So who deploys standards or duty items is told, or refused, what these
would then lack; what they lacked before is not laid at his door.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from engine.decision import Table
from engine.labels import Labels
from engine.run.examine_tables import Doubt
from engine.run.library import Library
from engine.run.plugins import Examiner
from processes.catalogue.checks import COMPLETE, Judgement, judge_table
from processes.catalogue.facts import DUTY_ITEMS, beside, facts_at
from processes.catalogue.standards import STANDARDS

if TYPE_CHECKING:
    from engine.run.context import Context

JUDGED_BY: Final = frozenset({STANDARDS, DUTY_ITEMS})
"""Tables that say what cases there can be, and by which clauses."""


def judge_together(
    connection: Connection, library: Library, labels: Labels, tables: Sequence[Table], at: datetime
) -> list[tuple[Table, Judgement]]:
    """Return new tables with what they come to, then those in force that get doubts from them."""
    facts = facts_at(connection, library, labels, tables, at)
    found = [(table, judge_table(table, facts)) for table in tables]
    keys = {table.key for table in tables}
    if not keys & JUDGED_BY:
        return found
    before = facts_at(connection, library, labels, (), at)
    for key in sorted(COMPLETE - keys):
        if table := beside(connection, library, key, (), at):
            old = {said(each) for each in judge_table(table, before).doubts}
            new = judge_table(table, facts)
            fresh = tuple(each for each in new.doubts if said(each) not in old)
            if fresh:
                found.append((table, replace(new, doubts=fresh)))
    return found


def said(doubt: Doubt) -> tuple[str, str]:
    """Return what a doubt says, to know it again."""
    return doubt.code, str(doubt.text)


def examiner(labels: Labels) -> Examiner:
    """Return what judges tables before they are deployed. `labels` are those of all processes."""

    def examine(context: Context, tables: Sequence[Table], at: datetime) -> Iterator[Doubt]:
        found = judge_together(context.connection, context.library, labels, tables, at)
        for _table, judgement in found:
            yield from judgement.doubts

    return examine
