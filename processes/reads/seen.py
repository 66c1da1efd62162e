"""What a token sees of its case: for the first values of forms and the conditions on choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import instance
from engine.run.peek import data_at
from processes.reads.row import Row
from processes.reads.running import Running
from processes.view import case_view

Seen = Mapping[tuple[UUID, int], Mapping[str, Any]]
"""Data with the view of the case, by instance and token."""


def seen_by(run: Running, rows: Iterable[Row]) -> Seen:
    """Return what the tokens of open steps or offers see; two statements, none without rows."""
    tokens = [(row.instance_id, row.token) for row in rows]
    if not tokens:
        return {}
    states = stored_states(run, {instance_id for instance_id, _token in tokens})
    view = {"case": case_view(run.reader.connection, run.instances[0].id)}
    found = {}
    for instance_id, token in tokens:
        drawn = run.drawn(instance_id)
        data = data_at(drawn.folder, drawn.process.id, state=states[instance_id], token=token)
        found[instance_id, token] = {**view, **data}
    return found


def stored_states(run: Running, instances: set[UUID]) -> dict[UUID, bytes]:
    """Return the stored states of instances, in one statement."""
    rows = run.reader.connection.execute(
        sa.select(instance.c.id, instance.c.state).where(instance.c.id.in_(sorted(instances)))
    )
    return {row.id: bytes(row.state) for row in rows}
