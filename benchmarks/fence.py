"""What a step costs inside the fence, in memory: young and old instances, narrow and wide ones.

    python -m benchmarks.fence

A step is what a command does with the state: load, tell, run, look, store. Times are medians of
processor time, so that a busy machine hurts less; the ratio is what to look at.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.results import keep
from engine.bpmn.model import (
    EventDefinition,
    EventKind,
    Flow,
    Kind,
    MultiInstance,
    Node,
    Process,
    TimerKind,
)
from engine.spiff.build import build
from engine.spiff.contract import Changes, Data
from engine.spiff.execution import Execution
from engine.spiff.shelf import MemoryShelf

ROUNDS = 1_000
FIRINGS = 1_440
SAMPLE = 100
WIDTHS = ((50, 500), (20, 200), (100, 10_000))  # steps in a row, branches, children

CYCLE = (EventDefinition(EventKind.TIMER, timer=TimerKind.CYCLE, text="R/PT30M"),)
LATE = (EventDefinition(EventKind.TIMER, timer=TimerKind.DURATION, text="P30D"),)


class Desk:
    """A host that reads single names and does nothing."""

    def __init__(self) -> None:
        self.shelf = MemoryShelf()

    def evaluate(self, text: str, data: Mapping[str, Any]) -> Any:
        """Return the value of a name."""
        return data.get(text)

    def names(self, text: str) -> Sequence[str]:
        """Return the name itself."""
        return [text]

    def execute(self, script: str, data: Mapping[str, Any]) -> Data:  # noqa: ARG002 - the port's
        """Assign nothing."""
        return {}

    def perform(self, element: str, data: Mapping[str, Any]) -> Data:  # noqa: ARG002 - the port's
        """Do nothing."""
        return {}

    def decide(self, element: str, decision: str, data: Mapping[str, Any]) -> Any:  # noqa: ARG002
        """Decide nothing."""
        return


class Counting(Desk):
    """Reads a number as a number."""

    def evaluate(self, text: str, data: Mapping[str, Any]) -> Any:
        """Return the value of a name or a number."""
        return int(text) if text.isdigit() else super().evaluate(text, data)


class Open:
    """What stands open by token, as tables outside would know it."""

    def __init__(self) -> None:
        self.items: dict[int, str] = {}
        self.timers: dict[int, str] = {}
        self.calls: dict[int, str] = {}

    def follow(self, changes: Changes) -> None:
        """Note what is gone and what is new."""
        for kind, known in vars(self).items():
            for each in getattr(changes.gone, kind):
                del known[each.token]
            known.update({each.token: each.element for each in getattr(changes.new, kind)})


class Kept:
    """An instance that is stored between its steps."""

    def __init__(
        self,
        process: Process,
        part: str = "",
        far: Mapping[str, str] | None = None,
        **data: Any,
    ) -> None:
        self.program, self.host = build(process, part), Counting()
        execution = Execution.start(self.program, self.host, data, far=far)
        execution.run()
        self.open = Open()
        self.open.follow(execution.changes())
        self.stored = execution.dump()

    def execution(self) -> Execution:
        """Return the instance as it was stored."""
        return Execution.load(self.program, self.host, self.stored)

    def step(self, tell: Callable[[Execution, Open], None]) -> float:
        """Make one step and return its seconds of processor time."""
        begun = time.process_time()
        execution = self.execution()
        tell(execution, self.open)
        execution.run()
        execution.drain()
        changes = execution.changes()
        self.stored = execution.dump()
        spent = time.process_time() - begun
        self.open.follow(changes)
        return spent


def complete(element: str) -> Callable[[Execution, Open], None]:
    """Complete the open step of an element."""

    def tell(execution: Execution, known: Open) -> None:
        token = next(token for token, name in known.items.items() if name == element)
        execution.complete(token, {"outcome": "done"})

    return tell


def first_item(execution: Execution, known: Open) -> None:
    """Complete whatever step is open first."""
    execution.complete(next(iter(known.items)), {"outcome": "done"})


def first_call(execution: Execution, known: Open) -> None:
    """End the first open child."""
    execution.end_call(next(iter(known.calls)), {})


def fire(execution: Execution, known: Open) -> None:
    """Fire the first timer."""
    execution.fire(next(iter(known.timers)))


def drawn(nodes: Sequence[Node], *flows: str) -> Process:
    """Return a process; a flow is drawn as `a>b`."""
    lines = [Flow(each, *each.split(">")) for each in flows]
    return Process(id="p", nodes={n.id: n for n in nodes}, flows={line.id: line for line in lines})


def loop(*, sibling: bool = False, whole: bool = False) -> Process:
    """Two people's steps round and round; beside them a third that waits, around them a timer."""
    scope = "u" if whole else ""
    names = {"s": Kind.START_EVENT, "f": Kind.PARALLEL, "m": Kind.EXCLUSIVE}
    nodes = [Node(name, kind, scope=scope) for name, kind in names.items()]
    nodes += [Node(name, Kind.USER_TASK, scope=scope) for name in ("a", "b", "w")[: 2 + sibling]]
    flows = ["s>f", "f>m", "m>a", "a>b", "b>m", *(["f>w"] if sibling else [])]
    if whole:
        nodes += [Node("begin", Kind.START_EVENT), Node("u", Kind.SUB_PROCESS)]
        nodes.append(Node("late", Kind.BOUNDARY_EVENT, attached_to="u", events=LATE))
        flows.append("begin>u")
    return drawn(nodes, *flows)


def first_and_last(
    process: Process, go: Callable[[Kept], float], count: int
) -> tuple[float, float]:
    """Return the cost of the first and of the last of so many goes.

    An old case and a young one take turns: what slows the machine meanwhile slows both.
    """
    old, young = Kept(process), Kept(process)
    for _before in range(count - SAMPLE):
        go(old)
    first, last = zip(*[(go(young), go(old)) for _turn in range(SAMPLE)], strict=True)
    return statistics.median(first), statistics.median(last)


def ratio_of_rounds(process: Process) -> tuple[float, float]:
    """Return the cost of a round at the beginning and at the end of `ROUNDS`."""
    return first_and_last(process, a_round, ROUNDS)


def a_round(case: Kept) -> float:
    """Go round once."""
    return case.step(complete("a")) + case.step(complete("b"))


def reminders() -> tuple[float, float]:
    """Return the cost of a reminder's first firings and of its last."""
    nodes = [
        Node("s", Kind.START_EVENT),
        Node("a", Kind.USER_TASK),
        Node("r", Kind.BOUNDARY_EVENT, attached_to="a", interrupting=False, events=CYCLE),
        Node("urge", Kind.SERVICE_TASK, operation="urge"),
    ]
    return first_and_last(drawn(nodes, "s>a", "r>urge"), lambda case: case.step(fire), FIRINGS)


def called(count: int) -> Process:
    """Return a case that calls as many departments."""
    many = MultiInstance(cardinality=str(count))
    nodes = [Node("s", Kind.START_EVENT), Node("k", Kind.CALL_ACTIVITY, called="d", multi=many)]
    return drawn(nodes, "s>k")


def own_step(count: int) -> float:
    """Return the cost of a step in one round of a sub-process for as many departments.

    The round is an instance of its own, given what stands around it as the engine gives it.
    """
    nodes = [
        Node("s", Kind.START_EVENT),
        Node("u", Kind.SUB_PROCESS, multi=MultiInstance(collection="units")),
        Node("is", Kind.START_EVENT, scope="u"),
        *(Node(name, Kind.USER_TASK, scope="u") for name in ("a", "b")),
    ]
    units = [{"unit": f"U{number}", "kind": "assist"} for number in range(count)]
    process = drawn(nodes, "s>u", "is>a", "a>b", "b>a")
    seen = Kept(process, units=units, street="QY").execution().surroundings(0)
    case = Kept(process, part="u", far=dict.fromkeys(seen.large, "0"), **seen.near, item=units[0])
    return statistics.median(case.step(first_item) for _step in range(SAMPLE * 10))


def ends(count: int) -> float:
    """Return what a case takes to learn that a child has ended, while nearly all are open still."""
    case = Kept(called(count))
    return statistics.median(case.step(first_call) for _child in range(min(count, SAMPLE)))


def row(count: int) -> float:
    """Return a step's cost where as many people's steps stand in a row."""
    names = [f"a{number}" for number in range(count)]
    nodes = [Node("s", Kind.START_EVENT), *(Node(name, Kind.USER_TASK) for name in names)]
    case = Kept(drawn(nodes, "s>a0", *(f"{a}>{b}" for a, b in pairwise(names))))
    return statistics.median(case.step(first_item) for _step in range(count))


def branches(count: int) -> float:
    """Return a step's cost where as many parallel branches are walked and joined."""
    names = [f"a{number}" for number in range(count)]
    ends_ = {"s": Kind.START_EVENT, "f": Kind.PARALLEL, "j": Kind.PARALLEL, "e": Kind.END_EVENT}
    nodes = [Node(name, kind) for name, kind in ends_.items()]
    nodes += [Node(name, Kind.USER_TASK) for name in names]
    flows = ["s>f", "j>e", *(f"f>{name}" for name in names), *(f"{name}>j" for name in names)]
    case = Kept(drawn(nodes, *flows))
    return statistics.median(case.step(first_item) for _step in range(count))


def old_and_young() -> Iterator[tuple[str, float, float]]:
    """Yield what must stay flat."""
    yield f"loop: round {ROUNDS:,} over the first", *ratio_of_rounds(loop())
    yield "the same beside a waiting sibling", *ratio_of_rounds(loop(sibling=True))
    yield "the same inside a whole-case timer", *ratio_of_rounds(loop(whole=True))
    yield "both", *ratio_of_rounds(loop(sibling=True, whole=True))
    yield f"reminder: firing {FIRINGS:,} over the first", *reminders()
    yield "round of a sub-process: one of 200 over 2", own_step(2), own_step(200)
    yield "its end told to the case: one of 200 over 2", ends(2), ends(200)


def narrow_and_wide() -> Iterator[tuple[str, int, float, int, float]]:
    """Yield the cost of a step among few and among many: it may grow with what is open at once."""
    measured = (
        ("step in a row of", row),
        ("step of parallel branches", branches),
        ("end of a child of", ends),
    )
    for (title, measure), (few, many) in zip(measured, WIDTHS, strict=True):
        yield title, few, measure(few), many, measure(many)


def main() -> None:
    """Print both tables."""
    console = Console()
    flat = Table("flat", "few, ms", "many, ms", "ratio", title="old over young, one of many")
    figures = list(old_and_young())
    ratios = [last / first for _title, first, last in figures]
    keep("quick", {"loop_ratio_1000": max(ratios[:4]), "reminder_ratio_1440": ratios[4]})
    for title, first, last in figures:
        flat.add_row(title, f"{first * 1e3:.3f}", f"{last * 1e3:.3f}", f"{last / first:.2f}")
    console.print(flat)
    wide = Table("one step", "few", "ms", "many", "ms", "ratio", title="width and length")
    for title, few, short, many, long in narrow_and_wide():
        told = (f"{short * 1e3:.3f}", f"{many:,}", f"{long * 1e3:.3f}")
        wide.add_row(title, f"{few:,}", *told, f"{long / short:.1f}")
    console.print(wide)


if __name__ == "__main__":
    main()
