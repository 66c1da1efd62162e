"""Play a tale: the case's own steps and timers in the order of its own time, nothing in between.

Cases share no step, so each is played to its end before the next begins, whatever day it is: the
virtual clock is set for each anew (docs/replay.md says why this is the same as side by side).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import SYSTEM
from engine.db.prepared import Prepared
from engine.db.tables import instance, job, work_item
from engine.errors import Broken
from engine.i18n import _
from engine.now import ManualClock
from engine.run.batch import Batch
from engine.run.commands import CatchUp, CompleteWorkItem
from engine.run.engine import Engine
from engine.run.outcomes import outcomes_of
from engine.run.rows import OF_TIME, TIMER
from processes.importing import IMPORTER
from processes.intake import ReportCase
from processes.replay.tale import Act, Tale
from processes.tables import case_file

MOST_STEPS: Final = 1000  # of one case: a mapping that reworks for ever ends somewhere

OPEN_STEPS: Final = Prepared(
    sa.select(
        work_item.c.id,
        work_item.c.element,
        work_item.c.instance_id,
        instance.c.definition_id,
        instance.c.process,
    )
    .join(instance, instance.c.id == work_item.c.instance_id)
    .where(work_item.c.root_id == sa.bindparam("case"), work_item.c.status == "open")
    .order_by(work_item.c.opened_at, work_item.c.id)
)
CLOSED: Final = Prepared(
    sa.select(case_file.c.closed_at).where(case_file.c.id == sa.bindparam("case"))
)
DUE: Final = Prepared(
    sa.select(job.c.due_at, job.c.instance_id)
    .join(instance, instance.c.id == job.c.instance_id)
    .where(
        instance.c.root_id == sa.bindparam("case"),
        job.c.status == "pending",
        OF_TIME,
        sa.or_(job.c.kind == TIMER, sa.bindparam("clocks_too", type_=sa.Boolean)),
        job.c.due_at <= sa.bindparam("until"),
    )
    .order_by(job.c.due_at, job.c.id)
)


@dataclass(frozen=True)
class Played:
    """What came of a tale. `clamped` acts lay before the case's last instant and were put at it."""

    case_id: UUID
    clamped: int
    ended: bool


@dataclass(frozen=True)
class Step:
    """An open step and the act that will finish it."""

    row: Any
    act: Act
    at: datetime


class Player:
    """Plays tales in a batch, on a clock of its own."""

    def __init__(
        self, engine: Engine, batch: Batch, clock: ManualClock, *, until: datetime | None
    ) -> None:
        self._engine = engine
        self._batch = batch
        self._clock = clock
        self._until = until

    def play(self, tale: Tale, *, source: str) -> Played:
        """Report a case and do what was done. Raises a ShaodaoError where the engine refuses."""
        self._clock.set(tale.at)
        self._batch.promised = tale.promised
        report = ReportCase(source=source, **tale.report)
        case_id = UUID(self._batch.execute(report, IMPORTER)["case_id"])
        left = {element: list(acts) for element, acts in tale.acts.items()}
        clamped = 0
        for _count in range(MOST_STEPS):
            step = self._next(case_id, left)
            if self._time_passes(case_id, step):
                continue
            if step is None:
                return Played(case_id, clamped, ended=self._ended(case_id))
            clamped += self._do(step, left)
        raise Broken(
            "replay.endless", _("这件事回放了 {most} 步还没有结束，请检查映射。", most=MOST_STEPS)
        )

    def _ended(self, case_id: UUID) -> bool:
        """Tell whether the case is closed."""
        return CLOSED.scalar(self._batch.connection, {"case": case_id}) is not None

    def _next(self, case_id: UUID, left: dict[str, list[Act]]) -> Step | None:
        """Return the open step that is done first, None where the source knows of none."""
        steps = []
        for row in OPEN_STEPS.read(self._batch.connection, {"case": case_id}):
            act = left[row.element][0] if left.get(row.element) else self._at_once(row)
            if not act.never:
                at = max(act.at or self._clock.now(), self._clock.now())
                steps.append(Step(row, act, at))
        return min(steps, key=lambda step: step.at, default=None)

    def _at_once(self, row: Any) -> Act:
        """Return how a step is done that the mapping does not name: by its first outcome."""
        folder = self._engine.library.folder(self._batch.connection, row.definition_id)
        outcomes = outcomes_of(folder.node(row.process, row.element))
        return Act(outcome=outcomes[0] if outcomes else "", data={})

    def _time_passes(self, case_id: UUID, step: Step | None) -> bool:
        """Let the first timer that comes before a step happen; tell whether there was one.

        Timers of the step's own instance are left to its command, which lets time happen first.
        Where no step comes any more, clocks ring too, as far as the source tells.
        """
        until = step.at if step else self._until
        if until is None:
            return False
        asked = {"case": case_id, "until": until, "clocks_too": step is None}
        due = DUE.read(self._batch.connection, asked)
        if not due or (step and all(row.instance_id == step.row.instance_id for row in due)):
            return False
        self._clock.set(max(due[0].due_at, self._clock.now()))
        self._batch.execute(CatchUp(instance_id=due[0].instance_id), SYSTEM)
        return True

    def _do(self, step: Step, left: dict[str, list[Act]]) -> bool:
        """Do a step; tell whether its act lay before the case's last instant."""
        act, element = step.act, step.row.element
        early = act.at is not None and act.at < self._clock.now()
        self._clock.set(step.at)
        outcome = act.outcome or self._at_once(step.row).outcome
        command = CompleteWorkItem(item_id=step.row.id, outcome=outcome, data=act.data)
        self._batch.execute(command, IMPORTER)
        if element in left:  # the last act told stands for all rounds that follow, at once
            left[element] = left[element][1:] or [replace(act, at=None)]
        return early
