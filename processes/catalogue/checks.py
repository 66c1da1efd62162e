"""What is doubtful about the shared tables, seen with the cases that there can be.

`dispatch` and `limits` must answer every one of them (docs/tables.md): their gaps and
contradictions are errors, which refuse a deployment. All else is told, for people to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from engine.bpmn.finding import Severity
from engine.decision import Table, read_dmn
from engine.decision.soundness import study
from engine.errors import ShaodaoError
from engine.run.examine_tables import Doubt, doubts_of
from processes.catalogue.dispatch_checks import DISPATCH, answers_of, doubts_about
from processes.catalogue.facts import DUTY_ITEMS, Facts, clauses_of
from processes.catalogue.standards import STANDARDS, standards_of
from processes.shipped import Shipped

COMPLETE: Final = frozenset({DISPATCH, "limits"})
"""Tables that must answer every case there can be."""
REFUSING: Final = frozenset(
    {
        *("table.gap", "table.contradiction"),
        *("dispatch.leads", "dispatch.kind_missing", "dispatch.unit_missing"),
    }
)


@dataclass(frozen=True)
class Judgement:
    """What a table came to: its doubts, and over how many combinations of values.

    `answers` counts, of a table `dispatch`, the kinds of matters (category and standard) by the
    kinds of units they go to, as "lead", "lead assist", "owner_unknown".
    """

    key: str
    doubts: tuple[Doubt, ...]
    cases: int
    complete: bool
    answers: Mapping[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Tell whether the table may be deployed."""
        return all(each.severity is not Severity.ERROR for each in self.doubts)


def judge_table(table: Table, facts: Facts) -> Judgement:
    """Study a table against what is known."""
    found = study(table, facts.domains(table))
    doubts = [*doubts_of(table, found)]
    if table.key == DISPATCH:
        doubts += doubts_about(table, found, facts)
    return Judgement(
        key=table.key,
        doubts=tuple(weighed(table, doubts)),
        cases=found.cases,
        complete=found.complete,
        answers=answers_of(table, facts) if table.key == DISPATCH else {},
    )


def weighed(table: Table, doubts: Iterable[Doubt]) -> Iterator[Doubt]:
    """Yield doubts, those that must not be as errors; errors first."""
    must = table.key in COMPLETE
    found = [
        replace(each, severity=Severity.ERROR) if must and each.code in REFUSING else each
        for each in doubts
    ]
    yield from sorted(found, key=lambda each: each.severity is not Severity.ERROR)


def facts_beside(folder: Path) -> Facts:
    """Return what cases there can be by the tables beside a file, else by those shipped."""
    shipped = Shipped.find()
    standards, duties = (table_beside(folder, shipped, key) for key in (STANDARDS, DUTY_ITEMS))
    return Facts(
        labels=shipped.labels,
        standards=standards_of(standards) if standards else (),
        clauses=clauses_of(duties) if duties else frozenset(),
    )


def table_beside(folder: Path, shipped: Shipped, key: str) -> Table | None:
    """Return a table of a folder; None where it cannot be read: that is told when it is checked."""
    path = folder / f"{key}.dmn"
    home = path if path.is_file() else shipped.folder / "tables" / path.name
    try:
        return {table.key: table for table in read_dmn(home.read_bytes())}.get(key)
    except ShaodaoError:
        return None
