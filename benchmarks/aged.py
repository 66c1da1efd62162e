"""A case that was sent back a hundred times: what a round costs then, ours and the stock way.

Old and young take turns, each first in every other; the stock way is measured before them. Right
after it whatever comes next is slow: it leaves the processor's caches and the heap full of its own.
"""

from __future__ import annotations

import statistics
import time
from uuid import UUID

import sqlalchemy as sa

from benchmarks import floor
from benchmarks.ours import Ours
from benchmarks.places import Place
from benchmarks.stock import Stock, stock_body
from benchmarks.work import ROUND, walk

AGED = 100  # rounds
TURNS = 10


def aged_case(place: Place, rounds: int = AGED) -> dict[str, float]:
    """Return what a step of a round costs: ours old beside ours young, and the stock way."""
    url = place.fresh()
    ours, stock = Ours(url), Stock(sa.create_engine(floor.driver(url)))
    ours.deploy()
    theirs = stock_steps(stock, stock.keep(stock_body(rounds)))
    old, young = our_steps(ours, rounds)
    ours.close()
    stock.engine.dispose()
    step, other = statistics.median(old), statistics.median(theirs)
    return {
        "aged_step_ms": step * 1000,
        "aged_over_first": step / statistics.median(young),
        "stock_aged_step_ms": other * 1000,
        "ratio_stock_100_rounds": other / step,
    }


def stock_steps(stock: Stock, row: UUID) -> list[float]:
    """Return the seconds of each step of one round, the stock way."""
    spent = []
    for name in ROUND[:-1]:
        begun = time.perf_counter()
        stock.complete(row, name, "done")
        spent.append(time.perf_counter() - begun)
    return spent


def our_steps(ours: Ours, rounds: int) -> tuple[list[float], list[float]]:
    """Return the seconds of steps on an old case, and on one of a few rounds."""
    old, young = grown(ours, rounds), grown(ours, 1)
    of_old: list[float] = []
    of_young: list[float] = []
    turn = [(old, of_old), (young, of_young)]
    for _turn in range(TURNS):
        for case, spent in turn:
            spent.extend(round_of(ours, case))
        turn.reverse()
    return of_old, of_young


def grown(ours: Ours, rounds: int) -> UUID:
    """Return a case that was sent back so often and waits for its next check."""
    case = ours.start()
    for element, outcome in walk(rounds):
        if (element, outcome) == ("check", "pass"):
            break
        ours.complete(ours.find(case, element), outcome)
    return case


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
