"""Durable steps a second beside the stock way and beside the floor, taking turns, ratios first.

    python -m benchmarks.throughput [--quick]

Our steps write all bookkeeping: trail, work items, timers. The stock way writes one row. Results
go to benchmarks/results/throughput.json. Read the ratios; the machine is whatever it is.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks import floor
from benchmarks.clients import gains
from benchmarks.ours import Ours
from benchmarks.places import Place, places
from benchmarks.results import keep
from benchmarks.stock import Stock, advance
from benchmarks.work import ROUND, walk

AGED = 100  # rounds of a case that was sent back again and again


@dataclass(frozen=True)
class Size:
    """How much is measured: turns of so many cases, and how many clients at once."""

    turns: int
    cases: int
    clients: tuple[int, ...]


FULL = Size(turns=7, cases=30, clients=(1, 2, 4))
QUICK = Size(turns=3, cases=12, clients=(1, 2))


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that something takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def our_case(ours: Ours, stream: floor.Stream | None = None) -> list[float]:
    """Walk a case; return the seconds of each command. Looking for its items is not counted."""
    watch = stream or floor.Stream()
    with watch.running():
        begun = time.perf_counter()
        case = ours.start()
        spent = [time.perf_counter() - begun]
    for element, outcome in walk():
        item = ours.find(case, element)
        with watch.running():
            begun = time.perf_counter()
            ours.complete(item, outcome)
            spent.append(time.perf_counter() - begun)
    return spent


def stock_case(stock: Stock) -> list[float]:
    """Walk a case the stock way; return the seconds of each step."""
    begun = time.perf_counter()
    case = stock.start()
    spent = [time.perf_counter() - begun]
    for element, outcome in walk():
        begun = time.perf_counter()
        stock.complete(case, element, outcome)
        spent.append(time.perf_counter() - begun)
    return spent


def fresh_cases(place: Place, size: Size) -> dict[str, float]:
    """Return the figures of fresh cases: ours, the stock way and the floor, taking turns."""
    url = place.fresh()
    ours, stock = Ours(url), Stock(sa.create_engine(floor.driver(url)))
    ours.deploy()
    stock_case(stock)
    mine: list[float] = []
    theirs: list[float] = []
    floors: list[float] = []
    piped: list[float] = []
    statements = 0
    for _turn in range(size.turns):
        our_case(ours)  # connections open, statements prepared: as in a server that runs
        ours.close()
        stock.engine.dispose()
        before = [place.copy(url) for _copy in range(2)]
        with floor.recording(ours.engine.database) as stream:
            steps = [each for _case in range(size.cases) for each in our_case(ours, stream)]
        mine += steps
        theirs += [each for _case in range(size.cases) for each in stock_case(stock)]
        statements = stream.count
        floors.append(floor.replay(before[0], stream) / len(steps))
        if place.name == "postgresql":
            piped.append(floor.replay(before[1], stream, pipeline=True) / len(steps))
    ours.close()
    stock.engine.dispose()
    step, bare = statistics.mean(mine), statistics.median(floors)
    found = {
        "steps_per_s": 1 / step,
        "p50_ms": statistics.median(mine) * 1000,
        "p99_ms": statistics.quantiles(mine, n=100)[98] * 1000,
        "statements_per_step": statements / (size.cases * (len(list(walk())) + 1)),
        "stock_steps_per_s": 1 / statistics.mean(theirs),
        "floor_steps_per_s": 1 / bare,
        "ratio_stock": statistics.mean(theirs) / step,
        "ratio_floor": bare / step,
    }
    return found | ({"pipeline_gain": bare / statistics.median(piped)} if piped else {})


def aged_case(place: Place) -> dict[str, float]:
    """Return what a round costs after `AGED` of them: ours beside the first, and the stock way."""
    url = place.fresh()
    ours, stock = Ours(url), Stock(sa.create_engine(floor.driver(url)))
    ours.deploy()
    old, young = ours.start(), [ours.start() for _case in range(3)]
    for case, rounds in ((old, AGED), *((each, 1) for each in young)):
        for element, outcome in walk(rounds):
            if (element, outcome) == ("check", "pass"):
                break  # it stays open
            ours.complete(ours.find(case, element), outcome)
    mine = [round_of(ours, case) for case in (old, *young)]
    workflow = stock.new()
    for element, outcome in walk(AGED - 1):
        advance(workflow, element, "back" if element == "check" else outcome)
    row = stock.insert(workflow)
    theirs = [timed(lambda e=name: stock.complete(row, e, "done")) for name in ROUND[:-1]]  # type: ignore[misc]
    ours.close()
    stock.engine.dispose()
    step = statistics.mean(mine[0])
    return {
        "aged_step_ms": step * 1000,
        "aged_over_first": step / statistics.mean(each for case in mine[1:] for each in case),
        "stock_aged_step_ms": statistics.mean(theirs) * 1000,
        "ratio_stock_100_rounds": statistics.mean(theirs) / step,
    }


def round_of(ours: Ours, case: UUID) -> list[float]:
    """Send a case back once more; return the seconds of each command of the round."""
    spent = []
    for element in ("check", *ROUND[:-1]):
        item = ours.find(case, element)
        outcome = "back" if element == "check" else "done"
        begun = time.perf_counter()
        ours.complete(item, outcome)
        spent.append(time.perf_counter() - begun)
    return spent


def main() -> None:
    """Measure on both kinds of database and print."""
    size = QUICK if "--quick" in sys.argv else FULL
    found: dict[str, Any] = {}
    with places() as both:
        for place in both:
            found[place.name] = fresh_cases(place, size) | aged_case(place)
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
    main()
