"""Durable steps a second beside the stock way and beside the floor, taking turns, ratios first.

    python -m benchmarks.throughput [--quick]

Our steps write all bookkeeping: trail, work items, timers. The stock way writes one row. Results
go to benchmarks/results/throughput.json. Read the ratios; the machine is whatever it is.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.aged import AGED, aged_case
from benchmarks.clients import gains
from benchmarks.fresh import fresh_cases
from benchmarks.places import places
from benchmarks.results import keep
from benchmarks.stored import stored_bytes


@dataclass(frozen=True)
class Size:
    """How much is measured: turns of so many cases, and how many clients at once."""

    turns: int
    cases: int
    clients: tuple[int, ...]
    rounds: int = AGED


FULL = Size(turns=7, cases=30, clients=(1, 2, 4))
QUICK = Size(turns=3, cases=10, clients=(1, 2))


def main(size: Size) -> None:
    """Measure on both kinds of database and print."""
    found: dict[str, Any] = {}
    with places() as both:
        for place in both:
            found[place.name] = fresh_cases(place, turns=size.turns, cases=size.cases)
            found[place.name] |= aged_case(place, size.rounds)
            found[place.name] |= stored_bytes(place, size.cases)
            for each in gains(place, size.clients, size.cases):
                found[place.name] |= each
    show(Console(width=110), found)
    keep("throughput", found)
    keep("quick", quick(found["postgresql"]))


def quick(found: dict[str, float]) -> dict[str, float]:
    """Return the figures that are watched from one version to the next."""
    return {
        "pg_steps_per_s_1": found["steps_per_s_1"],
        "pg_steps_per_s_2": found["steps_per_s_2"],
        "ratio_stock_fresh": found["ratio_stock"],
        "ratio_stock_100_rounds": found["ratio_stock_100_rounds"],
        "ratio_floor": found["ratio_floor"],
    }


def show(console: Console, found: dict[str, Any]) -> None:
    """Print all figures, a column a database."""
    table = Table(title="durable steps")
    table.add_column("figure")
    for name in found:
        table.add_column(name, justify="right")
    for figure in dict.fromkeys(key for each in found.values() for key in each):
        row = [f"{each[figure]:,.2f}" if figure in each else "–" for each in found.values()]
        table.add_row(figure, *row)
    console.print(table)


if __name__ == "__main__":
    main(QUICK if "--quick" in sys.argv else FULL)
