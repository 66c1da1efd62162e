"""Play the script: each case is reported and each step completed by whoever holds its post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Post
from engine.db.tables import work_item
from engine.errors import Conflict
from engine.i18n import _
from engine.run.commands import CompleteWorkItem
from processes.intake import ReportCase
from processes.reads.row import Row
from web.demo.district import neighbour
from web.demo.paint import PHOTOS
from web.demo.script import Act, Tale
from web.demo.settle import Holder, Roster
from web.demo.timeline import Timeline

PATROL: Final = "patrol"
DESK: Final = Post("grid_worker", "QY")  # what residents and the hotline say is entered here
VERIFIED: Final = "verify"  # by the community's own grid worker: not who reports, not who checks
ARRIVES_IN: Final = timedelta(minutes=40)  # what a team promises when it answers the whistle


@dataclass(frozen=True)
class Player:
    """Plays tales on a timeline with the people of a roster."""

    timeline: Timeline
    roster: Roster

    def play(self, tales: Sequence[Tale]) -> None:
        """Play all tales side by side, in the order of time."""
        cases: dict[int, UUID] = {}
        for at, number, act in schedule(tales):
            self.timeline.reach(at)
            if act is None:
                cases[number] = self.report(tales[number])
            else:
                self.perform(cases[number], act)

    def report(self, tale: Tale) -> UUID:
        """Report a case, from a patrol or from the street's desk, and return its id."""
        product = self.timeline.product
        patrol = tale.report.get("source", PATROL) == PATROL
        post = Post("grid_worker", neighbour(tale.report["area"])) if patrol else DESK
        photos = (product.photos.keep(PHOTOS[tale.photo]()),) if tale.photo else ()
        command = ReportCase(**tale.report, photos=photos)
        answer = product.engine.execute(command, self.roster[post].actor)
        return UUID(answer["case_id"])

    def perform(self, case_id: UUID, act: Act) -> None:
        """Complete a step of a case, as whoever holds its post."""
        item = self.open_item(case_id, act)
        holder = self.roster[Post(item.role, self.place(act, item))]
        data = {**self.usual(act.step, holder), **act.fields}
        command = CompleteWorkItem(item_id=item.id, outcome=act.outcome, data=data)
        self.timeline.product.engine.execute(command, holder.actor)

    def place(self, act: Act, item: Row) -> str:
        """Return where whoever acts holds the post: what is reported, others verify and check."""
        return str(item.unit).rpartition("-")[0] if act.step == VERIFIED else str(item.unit)

    def open_item(self, case_id: UUID, act: Act) -> Row:
        """Find the step to be completed. Raises Conflict("demo.step_missing")."""
        query = sa.select(work_item.c.id, work_item.c.role, work_item.c.unit).where(
            work_item.c.root_id == case_id,
            work_item.c.element == act.step,
            work_item.c.status == "open",
        )
        if act.unit is not None:
            query = query.where(work_item.c.unit == act.unit)
        with self.timeline.product.engine.database.read() as connection:
            row = connection.execute(query.order_by(work_item.c.id)).first()
        if row is None:
            raise Conflict(
                "demo.step_missing",
                _(
                    "演示事项没有走到“{step}”这一步，可能有服务正在同一数据目录上运行，"
                    "请先停掉它，换一个空的数据目录再试。",
                    step=act.step,
                ),
            )
        return row

    def usual(self, step: str, holder: Holder) -> dict[str, Any]:
        """Return what a form is filled in with unless the script says otherwise."""
        if step.startswith("answer"):
            eta = self.timeline.clock.now() + ARRIVES_IN
            return {
                "leader": holder.name,
                "phone": holder.phone,
                "eta": eta.isoformat(timespec="minutes"),
            }
        if step == "contact":
            return {"contacted_at": self.timeline.clock.now().isoformat(timespec="minutes")}
        return {"solved": "yes"} if step in ("handle", "mend") else {}


def schedule(tales: Sequence[Tale]) -> list[tuple[datetime, int, Act | None]]:
    """Return what happens when, in order: instant, number of the tale, act (None: its report)."""
    moments: list[tuple[datetime, int, Act | None]] = []
    for number, tale in enumerate(tales):
        moments.append((tale.at, number, None))
        moments.extend((act.at, number, act) for act in tale.acts)
    return sorted(moments, key=lambda moment: moment[0])
