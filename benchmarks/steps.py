"""What one step costs on a young and on an old case: statements, milliseconds, bytes of state.

    python -m benchmarks.steps [SQLAlchemy URL of an empty database]

The shipped whistle is walked: a case that the community handles itself is sent back by the check
again and again; a whistled case is routed to two and to two hundred departments. Times are medians
of a step's whole command, commit included; the ratio is what to look at, not the machine's speed.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.counting import statements
from benchmarks.results import keep
from engine.actor import SYSTEM
from engine.db.tables import instance, work_item
from engine.run.commands import CompleteWorkItem
from processes.bootstrap import Product, prepare
from processes.intake import ReportCase
from processes.organisation import AddUnit
from processes.settings import Settings

ROUNDS = 200
SAMPLE = 40
MANY = 200


@dataclass(frozen=True)
class Cost:
    """Of one kind of step: statements, median milliseconds, bytes of the instance's state."""

    statements: int
    milliseconds: float
    state: int


class Case:
    """A case that is walked as the system."""

    def __init__(self, product: Product, category: str) -> None:
        self.product = product
        report = ReportCase(description="积水没过脚面", category=category, area="G")
        self.id = UUID(product.engine.execute(report, SYSTEM)["case_id"])

    def step(self, element: str, outcome: str, **data: Any) -> Cost:
        """Do one step and return what it cost."""
        engine = self.product.engine
        item = self.open(element)
        command = CompleteWorkItem(item_id=item.id, outcome=outcome, data=data)
        with statements() as sent:
            begun = time.perf_counter()
            engine.execute(command, SYSTEM)
            spent = (time.perf_counter() - begun) * 1000
        with engine.database.read() as connection:
            state = connection.scalar(
                sa.select(sa.func.length(instance.c.state)).where(instance.c.id == item.instance_id)
            )
        return Cost(len(sent), spent, int(state or 0))

    def open(self, element: str) -> Any:
        """Return an open item of the case."""
        with self.product.engine.database.read() as connection:
            return connection.execute(
                sa.select(work_item)
                .where(work_item.c.root_id == self.id)
                .where(work_item.c.element == element, work_item.c.status == "open")
                .limit(1)
            ).one()


def furnish(product: Product) -> None:
    """Make the few units that the walk needs."""
    for code, kind, parent in (
        ("D", "district", None),
        ("S", "street", "D"),
        ("C", "community", "S"),
        ("G", "grid", "C"),
        *((f"U{number}", "department", "D") for number in range(MANY)),
    ):
        product.engine.execute(AddUnit(code=code, name=code, kind=kind, parent=parent), SYSTEM)


def median(costs: list[Cost]) -> Cost:
    """Return the medians of a sample."""
    return Cost(
        int(statistics.median(cost.statements for cost in costs)),
        statistics.median(cost.milliseconds for cost in costs),
        int(statistics.median(cost.state for cost in costs)),
    )


def rounds(product: Product) -> tuple[Cost, Cost]:
    """Return a failed check's cost in the first round and after `ROUNDS` of them.

    Young and old take turns, so that a disk that is slow for a while is slow for both.
    """
    aged = Case(product, "litter")
    aged.step("community_review", "handle")
    for _round in range(ROUNDS):
        fail(aged)
    young, old = [], []
    for _turn in range(SAMPLE):
        fresh = Case(product, "litter")
        fresh.step("community_review", "handle")
        young.append(fail(fresh))
        old.append(fail(aged))
    return median(young), median(old)


def fail(case: Case) -> Cost:
    """Let the community hand in and the check send it back; return what the check cost."""
    case.step("community_handle", "done", result="已清理")
    return case.step("check", "rework", reason="仍有残留")


def departments(product: Product) -> tuple[Cost, Cost]:
    """Return the cost of one department's answer where two are whistled and where `MANY` are.

    Few and many take turns.
    """
    wide = whistled(product, MANY)
    few, many = [], []
    for _turn in range(SAMPLE):
        few.append(answer(whistled(product, 2)))
        many.append(answer(wide))
    return median(few), median(many)


def whistled(product: Product, number: int) -> Case:
    """Return a case in which as many departments have to answer."""
    case = Case(product, "manhole")
    case.step("community_review", "whistle", whistle_type="request", request="请到场")
    case.step("street_review", "issue")
    units = [{"unit": f"U{each}", "kind": "assist" if each else "lead"} for each in range(number)]
    case.step("routing", "route", units=units, place="online")
    product.worker("bench").drain()
    return case


def answer(case: Case) -> Cost:
    """Let a department answer and return what that cost."""
    return case.step("answer", "answer", leader="李工", phone="13800000000")


def show(console: Console, title: str, rows: Sequence[tuple[str, Cost, Cost]]) -> None:
    """Print a table: young, old, ratio."""
    table = Table(title=title)
    for heading in ("step", "statements", "ms", "state bytes", "time ratio"):
        table.add_column(heading, justify="left" if heading == "step" else "right")
    for name, young, old in rows:
        table.add_row(
            name,
            f"{young.statements} → {old.statements}",
            f"{young.milliseconds:.2f} → {old.milliseconds:.2f}",
            f"{young.state} → {old.state}",
            f"{old.milliseconds / young.milliseconds:.2f}",
        )
    console.print(table)


def main(url: str | None = None) -> None:
    """Measure on a fresh SQLite file, or on the empty database named."""
    with tempfile.TemporaryDirectory() as home:
        where = url or f"sqlite:///{home}/bench.db"
        product = prepare(Settings(home=Path(home), database=where))
        furnish(product)
        young, old = rounds(product)
        few, many = departments(product)
        rows = (
            (f"failed check, round 1 → round {ROUNDS}", young, old),
            (f"answer of a department, 2 → {MANY} whistled", few, many),
        )
        show(Console(width=110), f"one step, {product.engine.database.dialect}", rows)
        product.close()
    figures = {
        "sql_per_command_young": young.statements,
        "sql_per_command_old": old.statements,
        "department_ratio_200": many.milliseconds / few.milliseconds,
    }
    keep("quick", figures)


if __name__ == "__main__":
    main(*sys.argv[1:2])
