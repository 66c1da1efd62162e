"""Bring an official catalogue in: files become versions of the tables `standards` and `limits`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.actor import SYSTEM
from engine.decision.sheet import Sheet, sheet_of, write_dmn
from engine.errors import Invalid
from engine.i18n import _
from engine.run.commands import DeployTables
from engine.run.engine import Engine
from processes.catalogue.entries import Reading, read_entries
from processes.catalogue.mapping import CatalogueMapping
from processes.catalogue.report import Report, report_of
from processes.catalogue.standards import STANDARDS
from processes.catalogue.tables import with_limits, with_standards
from processes.sheets import read_sheets

LIMITS: Final = "limits"


@dataclass(frozen=True)
class Imported:
    """The report, and the tables that got a new version; none in a dry run or without change."""

    report: Report
    tables: tuple[str, ...]


def import_catalogue(
    engine: Engine, path: Path, mapping: CatalogueMapping, *, dry_run: bool
) -> Imported:
    """Read a CSV or XLSX file and put its standards in force from now on.

    Raises Invalid("catalogue.rows_refused") where a row cannot be taken: half a catalogue in force
    would be taken for a whole one. Raises what reading the file raises.
    """
    reading = read_entries(read_sheets(path), mapping)
    report = report_of(reading)
    if dry_run:
        return Imported(report, ())
    refuse_incomplete(reading)
    note = f"catalogue:{mapping.name}"
    standards = with_standards(in_force(engine, STANDARDS), reading.entries, note)
    limits = with_limits(
        in_force(engine, LIMITS), reading.entries, note=note, source=mapping.source
    )
    files = {f"{each.key}.dmn": write_dmn(each) for each in (standards, limits)}
    answer = engine.execute(DeployTables(files=files), SYSTEM)
    return Imported(report, tuple(answer["tables"]))


def refuse_incomplete(reading: Reading) -> None:
    """Refuse a reading with rows that could not be taken."""
    if reading.refused:
        first = reading.refused[0]
        sentence = _(
            "有 {count} 行读不了，没有导入。第 {line} 行：{reason}",
            count=len(reading.refused),
            line=first.line,
            reason=first.reason.text,
        )
        raise Invalid("catalogue.rows_refused", sentence)


def in_force(engine: Engine, key: str) -> Sheet:
    """Return the texts of the table in force now."""
    with engine.database.read() as connection:
        _version, table = engine.library.table(connection, key, engine.clock.now())
    return sheet_of(table)
