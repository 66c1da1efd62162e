"""What can be done where a case stands: a step completed, an offer taken, a timer waited for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.bpmn.model import Node
from engine.errors import ShaodaoError
from engine.run.commands import CompleteWorkItem, TakeOffer
from engine.run.folder import Folder
from engine.run.outcomes import outcomes_of
from engine.run.rows import TIMER
from engine.trials.filling import filled, form_of, variants
from engine.trials.stage import Row, Stage, Standing
from engine.trials.texts import texts

DO, TAKE, WAIT = "do", "take", "wait"


@dataclass(frozen=True)
class Act:
    """One thing done. `chosen` are the fields of the form that hold something in particular."""

    kind: str
    process: str
    element: str
    outcome: str = ""
    chosen: tuple[tuple[str, Any], ...] = ()

    @property
    def plain(self) -> Act:
        """The same act with nothing particular in its form."""
        return replace(self, chosen=())

    def as_text(self) -> str:
        """Return it as reports show it."""
        chosen = "".join(f" {name}={value}" for name, value in self.chosen)
        return f"{self.kind} {self.element} {self.outcome}".strip() + chosen


class Acts:
    """The acts that a folder's drawings leave room for."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._written = " ".join(texts(folder))

    def possible(self, standing: Standing) -> list[Act]:
        """Return each thing that can be done, once however many wait for it."""
        found = [act for row in standing.items for act in self._steps(row)]
        found += [act for row in standing.offers for act in self._offers(row)]
        timers = (row for row in standing.timers if row.kind == TIMER)
        found += [Act(WAIT, row.process, row.element) for row in timers]
        return list(dict.fromkeys(found))

    def _node(self, row: Row) -> Node:
        return self._folder.node(row.process, row.element)

    def _steps(self, row: Row) -> Iterator[Act]:
        node = self._node(row)
        for outcome in outcomes_of(node):
            for chosen in self._variants(node):
                yield Act(DO, row.process, row.element, outcome, chosen)

    def _offers(self, row: Row) -> Iterator[Act]:
        for chosen in self._variants(self._node(row)):
            yield Act(TAKE, row.process, row.element, chosen=chosen)

    def _variants(self, node: Node) -> list[tuple[tuple[str, Any], ...]]:
        form = form_of(self._folder, node)
        found = variants(form, lambda field: f"{node.id}.{field}" in self._written)
        return [tuple(sorted(each.items())) for each in found]


def play(stage: Stage, act: Act, *, drain: bool = True) -> bool:
    """Do an act where the case stands; tell whether it could be done.

    Without `drain` the worker is down: only the act itself happens, and what is overdue before it.
    """
    standing = stage.look()
    if act.kind == WAIT:
        return _wait(stage, standing, act)
    row = _newest(standing.items if act.kind == DO else standing.offers, act)
    if row is None:
        return False
    node = stage.folder.node(row.process, row.element)
    data = filled(form_of(stage.folder, node), stage.clock.now(), dict(act.chosen))
    try:
        if act.kind == DO:
            stage.execute(CompleteWorkItem(item_id=row.id, outcome=act.outcome, data=data))
        else:
            stage.execute(TakeOffer(instance_id=row.instance_id, token=row.token, data=data))
    except ShaodaoError:
        return False
    if drain:
        stage.drain()
    return True


def _wait(stage: Stage, standing: Standing, act: Act) -> bool:
    row = _newest([row for row in standing.timers if row.kind == TIMER], act)
    if row is None or row.due_at.year > stage.clock.now().year + 2:
        return False
    stage.advance(row.due_at)
    return True


def _newest(rows: Sequence[Row], act: Act) -> Row | None:
    """Return what an act means where several parts wait for it: what came about last."""
    found = [row for row in rows if (row.process, row.element) == (act.process, act.element)]
    return max(found, key=lambda row: (str(row.instance_id), row.token), default=None)
