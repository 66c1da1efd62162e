"""Bring an official catalogue in: files become versions of `standards` and `limits`.

Whom its matters go to becomes a draft of `dispatch`, which a person looks at and deploys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from engine.actor import SYSTEM
from engine.decision import Table
from engine.decision.sheet import Sheet, sheet_of, write_dmn
from engine.errors import Invalid
from engine.i18n import _
from engine.run.commands import DeployTables
from engine.run.engine import Engine
from processes.catalogue.dispatch import Filled, with_dispatch
from processes.catalogue.dispatch_checks import DISPATCH
from processes.catalogue.entries import Entry, read_entries
from processes.catalogue.facts import DUTY_ITEMS
from processes.catalogue.mapping import CatalogueMapping, DispatchMapping
from processes.catalogue.report import Report, report_of
from processes.catalogue.standards import STANDARDS, standards_of
from processes.catalogue.tables import with_limits, with_standards
from processes.reads.units import units
from processes.sheets import read_sheets

LIMITS: Final = "limits"


@dataclass(frozen=True)
class Imported:
    """The report, the tables that got a new version, and what became of `dispatch`.

    `tables` are none in a dry run and without change; `files` are `standards` and `limits` as DMN
    by name, `drafts` the table `dispatch` likewise. `unknown` are the words for units that the
    organisation does not have, with how many standards name them.
    """

    report: Report
    tables: tuple[str, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)
    drafts: Mapping[str, bytes] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)


def import_catalogue(
    engine: Engine,
    path: Path,
    mapping: CatalogueMapping,
    *,
    dry_run: bool,
    effective_from: datetime | None = None,
) -> Imported:
    """Read a CSV or XLSX file and put its standards in force, from now on unless told.

    Raises Invalid("catalogue.rows_refused") where a row cannot be taken: half a catalogue in force
    would be taken for a whole one. Raises what reading the file and deploying the tables raises.
    """
    done = drafted(engine, path, mapping, effective_from or engine.clock.now())
    if dry_run:
        return done
    refuse_incomplete(done.report)
    wanted = DeployTables(files=done.files, effective_from=effective_from, basis=mapping.source)
    answer = engine.execute(wanted, SYSTEM)
    return replace(done, tables=tuple(answer["tables"]))


def drafted(engine: Engine, path: Path, mapping: CatalogueMapping, at: datetime) -> Imported:
    """Return what an import would deploy over the tables that hold at an instant."""
    reading = read_entries(read_sheets(path), mapping)
    report = report_of(reading)
    note = f"catalogue:{mapping.name}"
    standards = with_standards(sheet_of(in_force(engine, STANDARDS, at)), reading.entries, note)
    limits = with_limits(
        sheet_of(in_force(engine, LIMITS, at)), reading.entries, note=note, source=mapping.source
    )
    done = Imported(report, files=named(standards, limits))
    if mapping.dispatch is None:
        return done
    filled = dispatched(engine, reading.entries, mapping.dispatch, note=note, at=at)
    return replace(done, drafts=named(filled.sheet), unknown=filled.unknown)


def named(*sheets: Sheet) -> dict[str, bytes]:
    """Return tables as DMN files by name."""
    return {f"{each.key}.dmn": write_dmn(each) for each in sheets}


def dispatched(
    engine: Engine,
    entries: Sequence[Entry],
    mapping: DispatchMapping,
    *,
    note: str,
    at: datetime,
) -> Filled:
    """Fill `dispatch` with the units of a catalogue."""
    table, duties = in_force(engine, DISPATCH, at), in_force(engine, DUTY_ITEMS, at)
    ours = {each.code for each in entries}
    with engine.database.read() as connection:
        known = {name: unit.code for unit in units(connection) for name in (unit.name, unit.code)}
    return with_dispatch(
        table,
        entries,
        mapping=mapping,
        known=known,
        own=[e for e in standards_of(in_force(engine, STANDARDS, at)) if e.code not in ours],
        clauses={each.code: clause_of(duties, each) for each in entries},
        note=note,
    )


def clause_of(duties: Table, entry: Entry) -> str:
    """Return the clause of the duty list that an entry falls under."""
    case = {"category": entry.category, "standard": entry.code}
    return str(duties.decide({"case": case}).value["clause"] or "")


def refuse_incomplete(report: Report) -> None:
    """Refuse a reading with rows that could not be taken."""
    if report.refused:
        line, reason = report.refused[0]
        sentence = _(
            "有 {count} 行读不了，没有导入。第 {line} 行：{reason}",
            count=len(report.refused),
            line=line,
            reason=reason,
        )
        raise Invalid("catalogue.rows_refused", sentence)


def in_force(engine: Engine, key: str, at: datetime) -> Table:
    """Return the table that holds at an instant."""
    with engine.database.read() as connection:
        return engine.library.table(connection, key, at)[1]
