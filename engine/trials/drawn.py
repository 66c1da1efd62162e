"""The clocks that a folder draws, and the timers that hang on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.bpmn.model import EventKind, Node, Process
from engine.run.folder import Folder
from engine.run.timers import CLOCK_TEXT


@dataclass(frozen=True, order=True)
class DrawnClock:
    """A clock as drawn: its code on an activity, or on a process where `element` is its id."""

    process: str
    element: str
    code: str

    @property
    def name(self) -> str:
        """How reports name it."""
        return f"{self.process}/{self.element}:{self.code}"


@dataclass(frozen=True)
class BoundTimer:
    """A timer drawn as `due("code")` or `warn("code")`."""

    process: str
    element: str
    what: str
    code: str


def clocks_of(processes: Iterable[Process]) -> tuple[DrawnClock, ...]:
    """Return every clock drawn in some processes, by process and element."""
    return tuple(sorted(clock for process in processes for clock in _clocks_of(process)))


def timers_of(folder: Folder) -> tuple[BoundTimer, ...]:
    """Return every timer that is bound to a clock."""
    return tuple(
        BoundTimer(process.id, node.id, match[1], match["code"])
        for process in processes_of(folder)
        for node in process.nodes.values()
        for match in [CLOCK_TEXT.match(timer_text(node))]
        if match
    )


def timer_text(node: Node) -> str:
    """Return what is written in a node's timer, "" where it has none."""
    return next((event.text for event in node.events if event.kind is EventKind.TIMER), "")


def processes_of(folder: Folder) -> Iterator[Process]:
    """Yield the processes of a folder in the order of their names."""
    return (folder.process(each) for each in sorted(folder.sources))


def called_from(folder: Folder, start: str) -> list[Process]:
    """Return a process and those it calls, directly or not, by name."""
    found, todo = {start}, [start]
    while todo:
        called = {node.called for node in folder.process(todo.pop()).nodes.values()}
        fresh = {each for each in called if each and folder.has(each)} - found
        found |= fresh
        todo += fresh
    return [folder.process(each) for each in sorted(found)]


def _clocks_of(process: Process) -> Iterator[DrawnClock]:
    if "sla" in process.properties:
        yield DrawnClock(process.id, process.id, process.properties["sla"])
    for node in process.nodes.values():
        if node.properties.get("sla"):
            yield DrawnClock(process.id, node.id, node.properties["sla"])
