"""The district's settings as they are now, with who changed them last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import Connection

from processes.practice import DEFAULTS, VALUES
from processes.tables import person, setting

SETTINGS: Final = sa.select(
    setting.c.name, setting.c.value, setting.c.changed_at, person.c.name.label("changed_by")
).outerjoin(person, person.c.id == setting.c.changed_by)


@dataclass(frozen=True)
class Practice:
    """One setting. `changed_at` is None while nobody has chosen."""

    name: str
    value: str
    values: tuple[str, ...]
    changed_at: datetime | None = None
    changed_by: str = ""


def practices(connection: Connection) -> tuple[Practice, ...]:
    """Return every setting in the order of the table; one statement."""
    rows = {row.name: row for row in connection.execute(SETTINGS)}
    return tuple(
        Practice(
            name,
            row.value if row and row.value in values else DEFAULTS[name],
            values,
            changed_at=row.changed_at if row else None,
            changed_by=(row.changed_by or "") if row else "",
        )
        for name, values in VALUES.items()
        for row in [rows.get(name)]
    )
