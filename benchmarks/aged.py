"""A case that was sent back a hundred times: what a round costs then, ours and the stock way."""

from __future__ import annotations

import functools
import statistics
import time
from uuid import UUID

import sqlalchemy as sa

from benchmarks import floor
from benchmarks.ours import Ours
from benchmarks.places import Place
from benchmarks.stock import Stock, advance
from benchmarks.work import ROUND, walk

AGED = 100  # rounds


@functools.cache
def stock_body(rounds: int) -> str:
    """Return the stock row of such a case, open at its check; walked in memory, once for all."""
    stock = Stock(sa.create_engine("sqlite://"))
    workflow = stock.new()
    for element, outcome in walk(rounds - 1):
        advance(workflow, element, "back" if element == "check" else outcome)
    return str(stock.serializer.serialize_json(workflow))


def aged_case(place: Place, rounds: int = AGED) -> dict[str, float]:
    """Return what a step of a round costs: ours old beside ours young, and the stock way."""
    url = place.fresh()
    ours, stock = Ours(url), Stock(sa.create_engine(floor.driver(url)))
    ours.deploy()
    old, row = grown(ours, rounds), stock.keep(stock_body(rounds))
    old_steps, young_steps, theirs = [], [], []
    for name in ROUND[:-1]:
        begun = time.perf_counter()
        stock.complete(row, name, "done")
        theirs.append(time.perf_counter() - begun)
        old_steps += round_of(ours, old)
        young_steps += round_of(ours, grown(ours, 1))
    ours.close()
    stock.engine.dispose()
    step, other = statistics.median(old_steps), statistics.median(theirs)
    return {
        "aged_step_ms": step * 1000,
        "aged_over_first": step / statistics.median(young_steps),
        "stock_aged_step_ms": other * 1000,
        "ratio_stock_100_rounds": other / step,
    }


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
