"""Bring foreign cases in through the door: each row a `ReportCase`, in a transaction of its own.

Running an import again doubles nothing: the source's own number is the key of a case. A row that
cannot be taken stops no other.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from engine.actor import Actor
from engine.errors import Conflict, ShaodaoError
from engine.run.engine import Engine
from processes.intake import ReportCase
from processes.mapping import AreaRules, CaseMapping
from processes.organisation import AddUnit
from processes.table_files import SourceRow
from processes.tables import org_unit

IMPORTER: Final = Actor(id=None, kind="import")
TAKEN, REPEATED, REFUSED = "taken", "repeated", "refused"


@dataclass(frozen=True)
class Result:
    """What became of a row; `code` and `reason` where it was not taken."""

    line: int
    outcome: str
    reference: str = ""
    code: str = ""
    reason: ShaodaoError | None = None


@dataclass(frozen=True)
class Tally:
    """How many rows were taken, known already, or refused."""

    taken: int
    repeated: int
    refused: int

    def __str__(self) -> str:
        return f"taken={self.taken} repeated={self.repeated} refused={self.refused}"


class CaseImport:
    """One import by one mapping."""

    def __init__(self, engine: Engine, mapping: CaseMapping) -> None:
        self._engine = engine
        self._mapping = mapping
        self._areas = Areas(engine, mapping.areas)

    def run(self, rows: Iterable[SourceRow], *, on_result: Callable[[Result], None]) -> Tally:
        """Bring in all rows, telling what became of each as it goes."""
        count: Counter[str] = Counter()
        for row in rows:
            result = self.take(row)
            count[result.outcome] += 1
            on_result(result)
        return Tally(count[TAKEN], count[REPEATED], count[REFUSED])

    def take(self, row: SourceRow) -> Result:
        """Bring in one row."""
        reference = ""
        try:
            if row.problem is not None:
                raise row.problem
            report = self._mapping.convert(row.values)
            reference = report.get("external_ref", "")
            self._areas.ensure(report["area"])
            command = ReportCase(source=self._mapping.name, **report)
            self._engine.execute(command, IMPORTER, bulk=True)
        except Conflict as known:
            outcome = REPEATED if known.code == "case.repeated" else REFUSED
            return Result(row.line, outcome, reference, known.code, known)
        except ShaodaoError as refusal:
            return Result(row.line, REFUSED, reference, refusal.code, refusal)
        return Result(row.line, TAKEN, reference)


class Areas:
    """Creates the units a mapping may create, the first time a row needs one."""

    def __init__(self, engine: Engine, rules: AreaRules) -> None:
        self._engine = engine
        self._rules = rules
        with engine.database.read() as connection:
            self._known = set(connection.scalars(sa.select(org_unit.c.code)))

    def ensure(self, code: str) -> None:
        """Create an area and what stands above it, where they are missing."""
        if code in self._known:
            return
        for unit in self._rules.units(code):
            if unit.code not in self._known:
                command = AddUnit(
                    code=unit.code, name=unit.name, kind=unit.kind, parent=unit.parent
                )
                self._engine.execute(command, IMPORTER, bulk=True)
                self._known.add(unit.code)


class Remarks:
    """The file of rows that were not taken: line, reference, outcome, code and reason."""

    def __init__(self, path: Path, *, locale: str) -> None:
        self.path = path
        self.written = 0
        self._locale = locale
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("w", encoding="utf-8-sig", newline="")  # so that Excel reads it
        self._writer = csv.writer(self._file)
        self._writer.writerow(["line", "reference", "outcome", "code", "reason"])

    def note(self, result: Result) -> None:
        """Write a row that was not taken."""
        if result.reason is None:
            return
        reason = result.reason.sentence(self._locale)
        cells = (result.reference, result.outcome, result.code, reason)
        self._writer.writerow([result.line, *map(harmless, cells)])
        self.written += 1

    def close(self) -> None:
        """Finish the file; an empty one is taken away."""
        self._file.close()
        if not self.written:
            self.path.unlink()


def harmless(cell: str) -> str:
    """Keep a spreadsheet from running what a foreign file wrote."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
