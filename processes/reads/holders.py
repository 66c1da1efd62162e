"""Who has a case now: the units, or the roles, whose steps are open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from engine.db.tables import work_item
from processes.reads.reader import Reader
from processes.tables import org_unit

OPEN: Final = (
    sa.select(work_item.c.root_id, work_item.c.role, org_unit.c.name)
    .outerjoin(org_unit, org_unit.c.code == work_item.c.unit)
    .where(work_item.c.status == "open")
    .order_by(work_item.c.root_id, work_item.c.id)
)


def holders(reader: Reader, cases: Sequence[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return the holders of cases by id, each once, the longest waiting first; one statement."""
    found: dict[UUID, dict[str, None]] = {}
    for row in reader.connection.execute(OPEN.where(work_item.c.root_id.in_(cases))):
        names = found.setdefault(row.root_id, {})
        names[row.name or reader.word("roles", row.role)] = None
    return {case: tuple(names) for case, names in found.items()}
