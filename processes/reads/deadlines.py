"""SLA clocks as they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import sla_clock
from engine.run.rows import PAUSED
from processes.reads.definitions import Drawn
from processes.reads.row import Row
from processes.reads.rows import Deadline
from processes.tables import org_unit

holder = org_unit.alias("holder")

CLOCKS = sa.select(
    sla_clock.c.id,
    sla_clock.c.instance_id,
    sla_clock.c.root_id,
    sla_clock.c.token,
    sla_clock.c.element,
    sla_clock.c.code,
    sla_clock.c.holder,
    sla_clock.c.status,
    sla_clock.c.started_at,
    sla_clock.c.due_at,
    sla_clock.c.warn_at,
    sla_clock.c.stopped_at,
    sla_clock.c.breached_at,
    sla_clock.c.exempted_at,
    holder.c.name.label("holder_name"),
).select_from(sla_clock.outerjoin(holder, holder.c.code == sla_clock.c.holder))


def deadline(clock: Row, drawn: Drawn) -> Deadline:
    """Return a row of `CLOCKS` as shown."""
    return Deadline(
        code=clock.code,
        label=drawn.word("clocks", clock.code),
        started_at=clock.started_at,
        due_at=clock.due_at,
        warn_at=clock.warn_at,
        stopped_at=clock.stopped_at,
        breached=clock.breached_at is not None,
        holder=clock.holder,
        holder_name=clock.holder_name,
        paused=clock.status == PAUSED,
        id=clock.id,
        exempted=clock.exempted_at is not None,
    )


def clock_of_item(
    clocks: Iterable[Row], *, instance_id: UUID, token: int, due_at: datetime | None
) -> Row | None:
    """Return the running clock of an open step: its own, else the one its due time is from."""
    running = [c for c in clocks if c.instance_id == instance_id and c.stopped_at is None]
    own = (clock for clock in running if clock.token == token)
    outer = (clock for clock in running if due_at is not None and clock.due_at == due_at)
    return next(own, None) or next(outer, None)


def soonest(clocks: Iterable[Row]) -> Row | None:
    """Return the running clock that is due first."""
    running = (clock for clock in clocks if clock.stopped_at is None)
    return min(running, key=lambda clock: (clock.due_at, clock.token), default=None)
