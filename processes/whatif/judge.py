"""One clock judged twice: as it was, and as the draft would have it, over the same ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.decision import Table
from engine.errors import Broken, Conflict, ShaodaoError
from engine.i18n import _
from engine.run.asked import names_of
from engine.run.clocks import FIXED
from engine.run.library import Library
from engine.sla.calendar import Calendar
from engine.sla.derivation import Derivation, derive
from engine.sla.late import late_since, until_late
from engine.sla.ledger import Span
from engine.sla.limit import Limit, read_limit
from processes.calendars.known import KnownCalendars
from processes.whatif.calendars import PastCalendars
from processes.whatif.draft import Draft
from processes.whatif.inputs import Inputs
from processes.whatif.past import Past

LIMIT_KEYS = ("value", "unit", "counting", "warn", "source")


@dataclass(frozen=True)
class Counted:
    """A clock counted by one rule; `since` is when it was late, None if it never was."""

    limit: Limit
    calendar: Calendar
    since: datetime | None
    spans: Sequence[Span]

    def derivation(self) -> Derivation:
        """Return the whole count over the ledger, as far as it led to being late."""
        return derive(self.limit, self.calendar, until_late(self.spans, self.since))


@dataclass(frozen=True)
class Judged:
    """A clock under its own rule and under the draft."""

    past: Past
    then: Counted
    now: Counted

    @property
    def turned_late(self) -> bool:
        """Whether it was on time and would be late."""
        return self.then.since is None and self.now.since is not None

    @property
    def turned_back(self) -> bool:
        """Whether it was late and would be on time."""
        return self.then.since is not None and self.now.since is None


class Judge:
    """Judges past clocks under one draft; the draft table is asked once for equal inputs."""

    def __init__(
        self, connection: Connection, draft: Draft, *, library: Library, known: KnownCalendars
    ) -> None:
        self._draft = draft
        self._calendars = PastCalendars(connection, known, draft.calendar)
        self.inputs = Inputs(connection, library)
        self._limits: dict[tuple[Any, ...], Limit] = {}
        self._asking = Asking(draft.limits) if draft.limits else None

    def judge(self, past: Past) -> Judged:
        """Return both verdicts on a clock.

        Raises Conflict("whatif.still_running", "whatif.promised"), Broken("whatif.unexplained",
        "whatif.inputs_lost", "calendar.unknown") and what the draft table raises: then nothing
        is said of the clock.
        """
        row = past.row
        if row.stopped_at is None:
            raise Conflict("whatif.still_running", _("事项已结，这个时限却没有停，无法比较。"))
        if row.rule.get("rule") == FIXED:
            raise promised()
        limit = self._limit(row.rule)
        then = counted(past, limit, self._calendars.then(row.rule))
        if (then.since is None) != (row.breached_at is None):
            raise Broken("whatif.unexplained", _("按原规则重算与当时的结论不符，请管理员核对。"))
        if self._asking is not None:
            limit = self._asking.limit(self.inputs.of(past))
        calendar = self._calendars.now(row.rule, limit, past.spans[0])
        if limit == then.limit and calendar is then.calendar:
            return Judged(past, then, then)
        return Judged(past, then, counted(past, limit, calendar))

    def _limit(self, rule: Mapping[str, Any]) -> Limit:
        """Return the limit of a stored rule; equal ones are read once."""
        key = tuple(map(rule.get, LIMIT_KEYS))
        found = self._limits.get(key)
        if found is None:
            found = self._limits[key] = read_limit(rule)
        return found


class Asking:
    """A draft table being asked; what it reads of the inputs decides, so that alone is compared."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._reads = [(name, name.split(".")) for name in names_of(table)]
        self._limits: dict[bytes, Limit | ShaodaoError] = {}

    def limit(self, inputs: Mapping[str, Any]) -> Limit:
        """Return the limit for some inputs.

        Raises Broken("whatif.not_kept") and what the table or reading a limit raises.
        """
        key = orjson.dumps([kept_at(inputs, name, steps) for name, steps in self._reads])
        found = self._limits.get(key)
        if found is None:
            found = self._limits.setdefault(key, self._ask(inputs))
        if isinstance(found, ShaodaoError):
            raise found
        return found

    def _ask(self, inputs: Mapping[str, Any]) -> Limit | ShaodaoError:
        try:
            return read_limit(self._table.decide(inputs).value)
        except ShaodaoError as refusal:
            return refusal


def promised() -> Conflict:
    """Say that a clock was due when somebody outside said, whatever the tables."""
    return Conflict("whatif.promised", _("到期时间由来源给定，不按时限表，不受草案影响。"))


def kept_at(values: Any, name: str, steps: Sequence[str]) -> Any:
    """Return what was kept under a name, step by step. Raises Broken("whatif.not_kept")."""
    for step in steps:
        if not isinstance(values, dict) or step not in values:
            sentence = _("草案要看“{name}”，计时开始时没有记下它的值，无法比较。", name=name)
            raise Broken("whatif.not_kept", sentence)
        values = values[step]
    return values


def counted(past: Past, limit: Limit, calendar: Calendar) -> Counted:
    """Return a clock counted by a rule up to its stop."""
    since = late_since(limit, calendar, past.spans, until=past.row.stopped_at)
    return Counted(limit, calendar, since, past.spans)
