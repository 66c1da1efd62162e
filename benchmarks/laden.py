"""A million stored cases: what lists and pages take, and what a step costs beside them.

    python -m benchmarks.laden [--cases 1000000] [--postgresql]

Lists are asked as in `benchmarks.lists`. Then the shipped chain is walked beside them and beside a
thousand, in turns, case by case, so that a busy machine hurts both. Times are medians of a step's
whole command, commit included; the ratio is what to look at.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.lists import ask, furnished
from benchmarks.results import keep
from benchmarks.steps import Case, furnish
from processes.bootstrap import Product

FEW = 1_000
TURNS = 40
WALK = (
    ("community_review", "handle", {}),
    ("community_handle", "done", {"result": "已清理"}),
    ("check", "rework", {"reason": "仍有残留"}),
    ("community_handle", "done", {"result": "已清理"}),
)


def walked(product: Product) -> list[float]:
    """Walk a case; return the milliseconds of each of its steps."""
    case = Case(product, "litter")
    return [case.step(element, outcome, **data).milliseconds for element, outcome, data in WALK]


def turns(products: Sequence[Product]) -> list[list[float]]:
    """Return the milliseconds of all steps in each of some databases; the first case is warm-up."""
    for product in products:
        walked(product)
    taken: list[list[float]] = [[] for _product in products]
    for _turn in range(TURNS):
        for product, steps in zip(products, taken, strict=True):
            steps.extend(walked(product))
    return taken


def measured(many: Product, cases: int, *, postgresql: bool) -> dict[str, float]:
    """Return what a step costs beside few cases and beside the many of a product."""
    with furnished(FEW, postgresql=postgresql) as few:
        for product in (few, many):
            furnish(product)
        light, heavy = turns((few, many))
    return {
        "cases": cases,
        "step_ms_beside_1000": statistics.median(light),
        "step_ms": statistics.median(heavy),
        "step_over_1000": statistics.median(heavy) / statistics.median(light),
    }


def main() -> None:
    """Measure on one kind of database and print."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--cases", type=int, default=1_000_000)
    reading.add_argument("--postgresql", action="store_true")
    told = reading.parse_args()
    name = "postgresql" if told.postgresql else "sqlite"
    with furnished(told.cases, postgresql=told.postgresql) as product:
        ask(product, told.cases)
        found = measured(product, told.cases, postgresql=told.postgresql)
    table = Table("figure", name, title=f"a step beside {told.cases:,} stored cases")
    for figure, value in found.items():
        table.add_row(figure, f"{value:,.2f}")
    Console(width=100).print(table)
    keep("laden", {f"{name} {told.cases}": found})


if __name__ == "__main__":
    main()
