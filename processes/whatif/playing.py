"""A past case played on the draft drawing: its acts one after the other, its timers in between.

An act that has no place any more ends the play: what people would have done instead, nobody knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import SYSTEM
from engine.db.tables import instance, job, subscription, work_item
from engine.errors import Broken, Conflict, ShaodaoError
from engine.events import WorkItemCompleted
from engine.i18n import _
from engine.run.batch import Batch
from engine.run.clocks import FIXED
from engine.run.commands import CatchUp, CompleteWorkItem, TakeOffer
from engine.run.outcomes import outcomes_of
from engine.run.rows import OF_TIME
from processes.events import CaseReported
from processes.intake import ReportCase
from processes.reads.row import Row
from processes.tables import case_file
from processes.whatif.practice import PastPractice, Practised
from processes.whatif.recorded import Act, RecordedCase
from processes.whatif.scratch import Scratch

MOST_RINGS: Final = 1_000  # of one case between two acts
WORDS: Final = "·"  # a report's own words; no drawing reads them

OPEN: Final = (
    sa.select(work_item.c.id)
    .where(
        work_item.c.root_id == sa.bindparam("case"),
        work_item.c.element == sa.bindparam("element"),
        sa.func.coalesce(work_item.c.unit, "") == sa.bindparam("unit"),
        work_item.c.status == sa.literal_column("'open'"),
    )
    .order_by(work_item.c.opened_at, work_item.c.id)
    .limit(1)
)
OFFERED: Final = (
    sa.select(subscription.c.instance_id, subscription.c.token)
    .join(instance, instance.c.id == subscription.c.instance_id)
    .where(
        instance.c.root_id == sa.bindparam("case"),
        subscription.c.element == sa.bindparam("element"),
        sa.func.coalesce(subscription.c.unit, "") == sa.bindparam("unit"),
        subscription.c.role.is_not(None),
    )
    .order_by(subscription.c.since, subscription.c.instance_id)
    .limit(1)
)
RINGS: Final = (
    sa.select(job.c.due_at, job.c.instance_id)
    .join(instance, instance.c.id == job.c.instance_id)
    .where(
        instance.c.root_id == sa.bindparam("case"),
        job.c.status == sa.literal_column("'pending'"),
        OF_TIME,
        job.c.due_at <= sa.bindparam("until"),
    )
    .order_by(job.c.due_at, job.c.id)
    .limit(1)
)
CLOSED: Final = sa.select(case_file.c.closed_at).where(case_file.c.id == sa.bindparam("case"))


@dataclass(frozen=True)
class Divergence:
    """Where a case does not fit the draft: the act, None for its end, and why."""

    case: RecordedCase
    act: Act | None
    reason: ShaodaoError


class Playing:
    """Plays cases in one open transaction of a scratch database."""

    def __init__(
        self,
        scratch: Scratch,
        batch: Batch,
        *,
        drawn: Mapping[str, Sequence[str]],
        practice: PastPractice,
    ) -> None:
        self._clock, self._batch, self._drawn = scratch.clock, batch, drawn
        self._practice, self._practised = practice, Practised(batch.connection)

    @property
    def connection(self) -> Connection:
        """The transaction's connection."""
        return self._batch.connection

    def play(self, case: RecordedCase) -> UUID | Divergence:
        """Return the id that a case has in the scratch database, or where it left its way."""
        doing: Act | None = None
        try:
            doing, *rest = case.acts
            played = self._report(case, doing)
            for doing in rest:
                self._pass(played, doing.row.at)
                self._do(played, doing)
            doing = None
            self._end(played, case.row.closed_at)
        except ShaodaoError as reason:
            return Divergence(case, doing, reason)
        return played

    def _report(self, case: RecordedCase, act: Act) -> UUID:
        """Report the case anew, as it was reported then. What identifies people stays out."""
        if act.kind != CaseReported.kind:
            raise Broken("whatif.no_report", _("留痕里没有登记记录，无从重走。"))
        said, row = act.said, case.row
        self._reach(row.received_at, mode=row.mode)
        self._batch.promised = {
            past.row.code: datetime.fromisoformat(past.row.rule["due_at"])
            for past in case.clocks
            if past.row.rule.get("rule") == FIXED
        }
        report = ReportCase(
            description=WORDS,
            category=said["category"],
            area=said["area"],
            joint_area=row.joint_area or "",
            standard=row.standard or "",
            filing_condition=row.filing_condition or "",
            urgency=said["urgency"],
            source=said["source"],
            reporter_name=WORDS if row.has_requester else "",
            reported_at=datetime.fromisoformat(said["reported_at"]),
        )
        return UUID(self._batch.execute(report, act.actor)["case_id"])

    def _reach(self, instant: datetime, **settings: str) -> None:
        """Let it be an instant, and the district blow as it did then but for some settings."""
        self._clock.set(instant)
        self._practised.become({**self._practice.at(instant), **settings}, instant)

    def _pass(self, case: UUID, until: datetime) -> None:
        """Let everything happen by itself that comes due by an instant, in order."""
        for _count in range(MOST_RINGS):
            due = self.connection.execute(RINGS, {"case": case, "until": until}).first()
            if due is None:
                self._reach(max(until, self._clock.now()))
                return
            self._reach(max(due.due_at, self._clock.now()))
            self._batch.execute(CatchUp(instance_id=due.instance_id), SYSTEM)
        raise Broken("whatif.endless", _("按草案定时器响个不停，没有走下去。"))

    def _do(self, case: UUID, act: Act) -> None:
        """Do an act where it has a place.

        Raises Conflict("whatif.element_gone", "whatif.outcome_gone", "whatif.not_waiting") and
        what the engine refuses.
        """
        if act.element not in self._drawn:
            raise Conflict("whatif.element_gone", _("草案里没有这一步。"))
        step = act.kind == WorkItemCompleted.kind
        if step and act.outcome not in self._drawn[act.element]:
            raise Conflict("whatif.outcome_gone", _("草案里这一步没有这个选项。"))
        asked = {"case": case, "element": act.element, "unit": act.unit or ""}
        place = self.connection.execute(OPEN if step else OFFERED, asked).first()
        if place is None:
            raise Conflict("whatif.not_waiting", _("按草案走到这时，这一步没有在等这个单位办。"))
        self._batch.execute(command_at(place, act), act.actor)

    def _end(self, case: UUID, closed_at: datetime) -> None:
        """Let time pass to the case's end. Raises Conflict("whatif.not_ended")."""
        self._pass(case, closed_at)
        if self.connection.scalar(CLOSED, {"case": case}) is None:
            raise Conflict("whatif.not_ended", _("当时已经办结，按草案还没有办完。"))


def command_at(place: Row, act: Act) -> CompleteWorkItem | TakeOffer:
    """Return the command that does an act at an open step or an offer."""
    if act.kind == WorkItemCompleted.kind:
        return CompleteWorkItem(item_id=place.id, outcome=act.outcome, data=act.form)
    return TakeOffer(instance_id=place.instance_id, token=place.token, data=act.form)


def drawn_outcomes(scratch: Scratch, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return every element drawn in some folders and its outcomes."""
    found: dict[str, tuple[str, ...]] = {}
    library: Any = scratch.engine.library
    with scratch.engine.database.read() as connection:
        for key in keys:
            folder = library.latest(connection, key)
            for process in folder.sources:
                nodes = folder.process(process).nodes.items()
                found |= {ident: outcomes_of(node) for ident, node in nodes}
    return found
