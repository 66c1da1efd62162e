"""What a replay came to: each row's fate, counted by department, and what stayed undetermined."""

from __future__ import annotations

import resource
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.errors import ShaodaoError
from processes.replay.tale import ON_TIME


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of a row. `verdict` is the engine's, `recorded` the source's.

    `reason` says why the two are not compared, None where they are or the source gives none.
    """

    line: int
    reference: str = ""
    group: str | None = None
    verdict: str | None = None
    recorded: str | None = None
    ended: bool = False
    clamped: int = 0
    reason: ShaodaoError | None = None


@dataclass
class Department:
    """The cases of one department. `on_time`, `overdue`: verdicts of the engine."""

    name: str
    cases: int = 0
    closed: int = 0
    open: int = 0
    on_time: int = 0
    overdue: int = 0
    agree: int = 0
    disagree: int = 0

    def add(self, fate: Fate) -> None:
        """Count a case."""
        self.cases += 1
        self.closed += fate.ended
        self.open += not fate.ended
        if fate.verdict is None:
            return
        if fate.verdict == ON_TIME:
            self.on_time += 1
        else:
            self.overdue += 1
        if fate.recorded is not None:
            self.agree += fate.recorded == fate.verdict
            self.disagree += fate.recorded != fate.verdict


@dataclass
class Result:
    """The whole replay. `commands` counts jobs too; `seconds` are those of the wall."""

    commands: int = 0
    clamped: int = 0
    seconds: float = 0.0
    departments: dict[str, Department] = field(default_factory=dict)
    undetermined: list[Fate] = field(default_factory=list)

    def add(self, fates: Iterable[Fate]) -> None:
        """Count what became of some rows."""
        for fate in fates:
            self.clamped += fate.clamped
            if fate.group is not None:
                self.departments.setdefault(fate.group, Department(fate.group)).add(fate)
            if fate.reason is not None:
                self.undetermined.append(fate)

    def sum(self) -> Department:
        """Return all departments as one."""
        total = Department("")
        for each in self.departments.values():
            for name, value in asdict(each).items():
                if name != "name":
                    setattr(total, name, getattr(total, name) + value)
        return total

    def as_json(self, locale: str) -> dict[str, Any]:
        """Return it as JSON can hold it, reasons in the reader's language."""
        total = asdict(self.sum())
        del total["name"]
        return {
            "departments": [asdict(self.departments[name]) for name in sorted(self.departments)],
            "undetermined": [undetermined(fate, locale) for fate in self.undetermined],
            "total": total,
            "clamped": self.clamped,
            "commands": self.commands,
            "seconds": round(self.seconds, 1),
            "peak_memory_mib": peak_memory(),
        }


def undetermined(fate: Fate, locale: str) -> dict[str, Any]:
    """Return a row whose verdict could not be compared, and why."""
    return {
        "line": fate.line,
        "case": fate.reference,
        "department": fate.group,
        "code": fate.reason.code if fate.reason else "",
        "reason": fate.reason.sentence(locale) if fate.reason else "",
    }


def peak_memory() -> int:
    """Return the most memory this process has held, in MiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (1 << 20 if sys.platform == "darwin" else 1 << 10)
