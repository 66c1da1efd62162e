"""The trail of a case as it was stored, with its free text where that was not erased."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from engine.db.tables import event, event_value, instance

EVENTS: Final = sa.select(
    event.c.instance_id,
    event.c.seq,
    event.c.kind,
    event.c.at,
    event.c.recorded_at,
    event.c.element,
    event.c.actor,
    event.c.body,
).where(event.c.root_id == sa.bindparam("root"))
VALUES: Final = (
    sa.select(
        event_value.c.instance_id, event_value.c.seq, event_value.c.field, event_value.c.value
    )
    .join(instance, instance.c.id == event_value.c.instance_id)
    .where(instance.c.root_id == sa.bindparam("root"), event_value.c.value.is_not(None))
)


@dataclass(frozen=True)
class Entry:
    """One entry of the trail. `data` are its plain fields, `words` its free text by name."""

    instance_id: UUID
    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    element: str | None
    actor: UUID | None
    actor_kind: str
    data: dict[str, Any]
    words: dict[str, str] = field(default_factory=dict)


def entries(connection: Connection, case_id: UUID, kinds: Iterable[str]) -> list[Entry]:
    """Return a case's entries of some kinds, its parts' included, oldest first; two statements."""
    key = {"root": case_id}
    words: dict[tuple[UUID, int], dict[str, str]] = {}
    for said in connection.execute(VALUES, key):
        words.setdefault((said.instance_id, said.seq), {})[said.field] = said.value
    rows = connection.execute(EVENTS.where(event.c.kind.in_(sorted(kinds))), key)
    found = []
    for row in rows:
        body = orjson.loads(bytes(row.body))
        found.append(
            Entry(
                instance_id=row.instance_id,
                seq=row.seq,
                kind=row.kind,
                at=row.at,
                recorded_at=row.recorded_at,
                element=row.element,
                actor=row.actor,
                actor_kind=body["actor"]["kind"],
                data=body["data"],
                words=words.get((row.instance_id, row.seq), {}),
            )
        )
    # A part is started by its caller: at one instant the case's own entries come first.
    found.sort(key=lambda e: (e.at, e.recorded_at, e.instance_id != case_id, e.instance_id, e.seq))
    return found


UNITS: Final = ("unit", "before", "after")  # where an entry names a unit


def unit_codes(found: Iterable[Entry]) -> Iterator[str]:
    """Yield the codes of all units that entries name."""
    for entry in found:
        for name in UNITS:
            if unit := entry.data.get(name):
                yield str(unit)
        for value in entry.data.get("form", {}).values():
            if isinstance(value, list):
                yield from (each["unit"] for each in value if isinstance(each, dict))
