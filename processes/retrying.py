"""Many incidents of one cause tried again: each by the one road, in a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.actor import Actor
from engine.db.tables import incident
from engine.errors import Forbidden, ShaodaoError
from engine.run.commands import RetryIncident
from engine.run.engine import Engine

MOST: Final = 100  # at once: somebody waits for the answer
IN_VAIN: Final = 5  # failures before the first success: the cause is still there


@dataclass(frozen=True)
class Retried:
    """What came of it: how many went on, how many still fail, how many are still open."""

    recovered: int
    failing: int
    left: int


def retry_alike(engine: Engine, actor: Actor, *, code: str, cause: str) -> Retried:
    """Try again the oldest open incidents of a cause, at most `MOST`.

    Stops early where nothing recovers, so that a dead channel is not knocked at a hundred times.
    Raises Forbidden where the actor may not.
    """
    recovered = failing = 0
    for incident_id in open_alike(engine, code, cause)[:MOST]:
        if went_on(engine, actor, incident_id):
            recovered += 1
        else:
            failing += 1
        if not recovered and failing == IN_VAIN:
            break
    return Retried(recovered, failing, len(open_alike(engine, code, cause)))


def open_alike(engine: Engine, code: str, cause: str) -> Sequence[UUID]:
    """Return the open incidents of a cause, oldest first."""
    query = (
        sa.select(incident.c.id)
        .where(incident.c.resolved_at.is_(None), incident.c.code == code, incident.c.cause == cause)
        .order_by(incident.c.raised_at, incident.c.id)
    )
    with engine.database.read() as connection:
        return connection.scalars(query).all()


def went_on(engine: Engine, actor: Actor, incident_id: UUID) -> bool:
    """Try one again; what somebody else has just recovered went on too."""
    try:
        engine.execute(RetryIncident(incident_id=incident_id), actor)
    except Forbidden:
        raise
    except ShaodaoError as refusal:
        return refusal.code == "incident.resolved"
    return True
