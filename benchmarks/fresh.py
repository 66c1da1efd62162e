"""Fresh cases: ours, the stock way and the floor, case by case in turns.

What is compared is the median of whole cases, so that a neighbour on the machine who is busy for a
while hurts all three and decides nothing.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import sqlalchemy as sa

from benchmarks import floor
from benchmarks.ours import Ours
from benchmarks.places import Place
from benchmarks.stock import Stock
from benchmarks.work import STEPS_A_CASE, walk

T = TypeVar("T")


@dataclass
class Taken:
    """Seconds of each step and of each case, on the wall and of this process's own work."""

    steps: list[float] = field(default_factory=list)
    cases: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)

    def add(self, steps: list[float], worked: float) -> None:
        """Take a case in."""
        self.steps += steps
        self.cases.append(sum(steps))
        self.worked.append(worked)
        self.starts.append(steps[0])

    def rate(self) -> float:
        """Return steps a second."""
        return STEPS_A_CASE / statistics.median(self.cases)

    def work_ms(self) -> float:
        """Return milliseconds of the processor for a step, in this process."""
        return statistics.median(self.worked) / STEPS_A_CASE * 1000


class Watch:
    """Times what it is given; `stream` hears only that."""

    def __init__(self, stream: floor.Stream | None = None) -> None:
        self.stream = stream or floor.Stream()
        self.spent: list[float] = []
        self.worked = 0.0

    def __call__(self, work: Callable[[], T]) -> T:
        """Do something and note what it took."""
        with self.stream.running():
            worked, begun = time.process_time(), time.perf_counter()
            answer = work()
            self.spent.append(time.perf_counter() - begun)
            self.worked += time.process_time() - worked
        return answer


def our_case(ours: Ours, stream: floor.Stream | None = None) -> Watch:
    """Walk a case and time each command. Looking for its items is not counted."""
    watch = Watch(stream)
    case = watch(ours.start)
    for element, outcome in walk():
        item = ours.find(case, element)
        watch(lambda item=item, outcome=outcome: ours.complete(item, outcome))  # type: ignore[misc]
    return watch


def stock_case(stock: Stock) -> Watch:
    """Walk a case the stock way and time each step."""
    watch = Watch()
    case = watch(stock.start)
    for element, outcome in walk():
        watch(lambda e=element, o=outcome: stock.complete(case, e, o))  # type: ignore[misc]
    return watch


class Contest:
    """The three on one database, and what they took."""

    def __init__(self, place: Place) -> None:
        self.place, self.url = place, place.fresh()
        self.ours = Ours(self.url)
        self.stock = Stock(sa.create_engine(floor.driver(self.url)))
        self.ours.deploy()
        self.mine, self.theirs, self.bare, self.piped = Taken(), Taken(), Taken(), Taken()
        self.statements = 0

    def turn(self, cases: int) -> None:
        """Walk so many cases each; the first of all opens connections and is not counted."""
        self.close()  # nobody may be connected while a database is copied
        with_pipeline = self.place.name == "postgresql"
        before = [self.place.copy(self.url) for _copy in range(1 + with_pipeline)]
        with floor.recording(self.ours.engine.database) as stream:
            for number in range(cases + 1):
                for taken, watch in (
                    (self.mine, our_case(self.ours, stream)),
                    (self.theirs, stock_case(self.stock)),
                ):
                    if number:
                        taken.add(watch.spent, watch.worked)
        self.statements = stream.count // (cases + 1)
        self.take(self.bare, floor.replay(before[0], stream))
        if with_pipeline:
            self.take(self.piped, floor.replay(before[1], stream, pipeline=True))

    def take(self, taken: Taken, sent: list[floor.Spent]) -> None:
        """Take in what a bare client needed: a transaction is a step."""
        for begin in range(STEPS_A_CASE, len(sent), STEPS_A_CASE):
            case = sent[begin : begin + STEPS_A_CASE]
            taken.add([each.wall for each in case], sum(each.worked for each in case))

    def close(self) -> None:
        """Give back the connections."""
        self.ours.close()
        self.stock.engine.dispose()

    def figures(self) -> dict[str, float]:
        """Return what was found, ratios of medians of cases."""
        mine, theirs, bare = self.mine, self.theirs, self.bare
        found = {
            "steps_per_s": mine.rate(),
            "starts_per_s": 1 / statistics.median(mine.starts),
            "p50_ms": statistics.median(mine.steps) * 1000,
            "p99_ms": statistics.quantiles(mine.steps, n=100)[98] * 1000,
            "statements_per_step": self.statements / STEPS_A_CASE,
            "statements_per_case": self.statements,
            "cpu_ms_per_step": mine.work_ms(),
            "stock_steps_per_s": theirs.rate(),
            "stock_cpu_ms_per_step": theirs.work_ms(),
            "floor_steps_per_s": bare.rate(),
            "floor_cpu_ms_per_step": bare.work_ms(),
            "ratio_stock": mine.rate() / theirs.rate(),
            "ratio_floor": mine.rate() / bare.rate(),
        }
        if self.piped.cases:
            found["pipeline_gain"] = self.piped.rate() / bare.rate()
        return found


def fresh_cases(place: Place, *, turns: int, cases: int) -> dict[str, float]:
    """Return the figures of so many turns of so many cases."""
    contest = Contest(place)
    for _turn in range(turns):
        contest.turn(cases)
    contest.close()
    return contest.figures()
