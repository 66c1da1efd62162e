"""How the district blew at any instant of the past, as the chain of organisation changes tells."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from processes.organisation_tables import organisation_entry
from processes.practice import VALUES, chosen
from processes.tables import setting

CHANGES: Final = (
    sa.select(organisation_entry.c.at, organisation_entry.c.subject, organisation_entry.c.body)
    .where(organisation_entry.c.kind == "setting.changed")
    .order_by(organisation_entry.c.seq)
)


class PastPractice:
    """The settings of one database through time; a statement, and one more for each setting."""

    def __init__(self, connection: Connection) -> None:
        self._first = {name: chosen(connection, name) for name in VALUES}
        self._since: dict[str, list[tuple[datetime, str]]] = {name: [] for name in VALUES}
        for row in connection.execute(CHANGES):
            told = orjson.loads(bytes(row.body))["data"]
            changes = self._since.setdefault(row.subject, [])
            if not changes:
                self._first[row.subject] = told["before"]
            changes.append((row.at, told["after"]))

    def at(self, instant: datetime) -> Mapping[str, str]:
        """Return what each setting was at an instant; what was changed in it holds already."""
        return {name: self._value(name, instant) for name in VALUES}

    def _value(self, name: str, instant: datetime) -> str:
        changes = self._since[name]
        place = bisect_right(changes, instant, key=lambda change: change[0])
        return changes[place - 1][1] if place else self._first[name]


class Practised:
    """The settings of a scratch database, written anew only where they are others."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._now: Mapping[str, Any] = {}

    def become(self, values: Mapping[str, str], at: datetime) -> None:
        """Let the settings be these from now on; two statements where one differs."""
        if values == self._now:
            return
        self._connection.execute(sa.delete(setting))
        rows = [
            {"name": name, "value": value, "changed_by": None, "changed_at": at}
            for name, value in values.items()
        ]
        self._connection.execute(setting.insert(), rows)
        self._now = values
