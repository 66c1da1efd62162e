"""Which calendar counts a past clock: the one it was pinned to, or the draft in its place."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.sla.calendar import STANDARD, Calendar, standard
from engine.sla.ledger import Span
from engine.sla.limit import Limit
from processes.calendars.known import CODE_OF_UNIT, KnownCalendars
from processes.tables import calendar

EDGES = sa.select(calendar.c.code, calendar.c.valid_from).order_by(calendar.c.valid_from)


class PastCalendars:
    """Calendars of past clocks, each looked up once. `draft` takes the place of its code's."""

    def __init__(
        self, connection: Connection, known: KnownCalendars, draft: Calendar | None
    ) -> None:
        self._connection, self._known, self._draft = connection, known, draft
        self._codes: dict[str | None, str] = {}
        self._in_force: dict[tuple[str, int], Calendar] = {}
        self._edges: dict[str, list[datetime]] = {}
        for row in connection.execute(EDGES):
            self._edges.setdefault(row.code, []).append(row.valid_from)

    def then(self, rule: dict[str, Any]) -> Calendar:
        """Return the calendar that a clock was counted by."""
        chosen = rule.get("calendar")
        if chosen is None:
            return standard()
        return self._known.pinned(self._connection, chosen["code"], chosen["version"])

    def now(self, rule: dict[str, Any], limit: Limit, started: Span) -> Calendar:
        """Return the calendar that counts a clock under the draft.

        Where its own limit needed none, it is that of whoever held it when it began.
        Raises Broken("calendar.unknown").
        """
        if not limit.needs_calendar:
            return standard()
        chosen = rule.get("calendar")
        code = chosen["code"] if chosen else self._code_of(started.holder)
        if self._draft is not None and code == self._draft.code:
            return self._draft
        return self.then(rule) if chosen else self._at(code, started.at)

    def _code_of(self, unit: str | None) -> str:
        """Return the code of a unit's calendar, as the organisation stands today."""
        if unit is None:
            return STANDARD
        if unit not in self._codes:
            found = CODE_OF_UNIT.scalar(self._connection, {"unit": unit})
            self._codes[unit] = found or STANDARD
        return self._codes[unit]

    def _at(self, code: str, at: datetime) -> Calendar:
        """Return a calendar with the timetable in force at an instant and all days known today."""
        key = code, bisect_right(self._edges.get(code, []), at)
        if key not in self._in_force:
            self._in_force[key] = self._known.of_code(self._connection, code, at)
        return self._in_force[key]
