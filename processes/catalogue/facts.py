"""What cases there can be, and whom they can go to: what tables are judged against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.bpmn.model import Process
from engine.db.tables import definition
from engine.decision import Table
from engine.decision.soundness import OTHER, Domains
from engine.errors import Broken
from engine.labels import Labels
from engine.run.library import Library
from processes.catalogue.standards import STANDARDS, Standard, known_together, standards_of
from processes.tables import org_unit
from processes.unit_states import UnitKind

DUTY_ITEMS: Final = "duty_items"
CLOCK: Final = "clock"
FOLDERS: Final = sa.select(definition.c.key).distinct()
UNITS: Final = sa.select(org_unit.c.code, org_unit.c.kind).where(
    sa.or_(org_unit.c.valid_to.is_(None), org_unit.c.valid_to > sa.bindparam("at"))
)


@dataclass(frozen=True)
class Facts:
    """What is known when tables are judged; what is empty is not judged by.

    `clocks` are those drawn, `areas` and `units` the codes of the organisation, `clauses` those of
    the duty list.
    """

    labels: Labels
    standards: tuple[Standard, ...] = ()
    clocks: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    units: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()

    def domains(self, table: Table) -> Domains:
        """Return the values that the columns of a table may have."""
        known = known_together(self.standards, self.labels.codes("categories"))
        singles = {
            "case.urgency": self.labels.codes("urgencies"),
            "case.mode": self.labels.codes("modes"),
            "case.area": (*self.areas, OTHER) if self.areas else (),
            CLOCK: (*self.clocks, *named(table, CLOCK)),
        }
        return {**known, **{(name,): [(v,) for v in values] for name, values in singles.items()}}


def named(table: Table, column: str) -> Iterator[str]:
    """Yield the texts that the cells of an input column name."""
    for at, each in enumerate(table.inputs):
        if each.expression.text == column:
            cells = (rule.inputs[at] for rule in table.rules)
            yield from (v for cell in cells for v in cell.values or () if isinstance(v, str))


def facts_at(
    connection: Connection, library: Library, labels: Labels, tables: Sequence[Table], at: datetime
) -> Facts:
    """Return what will be known at an instant once `tables` are in force."""
    standards = beside(connection, library, STANDARDS, tables, at)
    duties = beside(connection, library, DUTY_ITEMS, tables, at)
    rows = connection.execute(UNITS, {"at": at}).all()
    return Facts(
        labels=labels,
        standards=standards_of(standards) if standards else (),
        clocks=tuple(drawn_clocks(connection, library)),
        areas=tuple(row.code for row in rows if row.kind != UnitKind.DEPARTMENT),
        units=frozenset(row.code for row in rows),
        clauses=clauses_of(duties) if duties else frozenset(),
    )


def beside(
    connection: Connection, library: Library, key: str, tables: Sequence[Table], at: datetime
) -> Table | None:
    """Return a table as it will be: one of `tables`, else the one in force at the instant."""
    fresh = next((table for table in tables if table.key == key), None)
    try:
        return fresh or library.table(connection, key, at)[1]
    except Broken:
        return None


def drawn_clocks(connection: Connection, library: Library) -> Iterator[str]:
    """Yield the codes of the clocks that the newest versions of all folders draw."""
    for key in sorted(connection.execute(FOLDERS).scalars()):
        for diagram in library.latest(connection, key).diagrams.values():
            yield from clocks_of(diagram.processes.values())


def clocks_of(processes: Iterable[Process]) -> Iterator[str]:
    """Yield the codes of the clocks that some drawings start."""
    for process in processes:
        for properties in (process.properties, *(n.properties for n in process.nodes.values())):
            if properties.get("sla"):
                yield properties["sla"]


def clauses_of(table: Table) -> frozenset[str]:
    """Return the clauses that a duty list names."""
    column = [each.name for each in table.outputs].index("clause")
    cells = (rule.outputs[column] for rule in table.rules)
    said = (cell.value({}) for cell in cells if cell is not None and not cell.names)
    return frozenset(clause for clause in said if isinstance(clause, str) and clause)
