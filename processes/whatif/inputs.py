"""What a past clock's limit was asked with, so that the draft can be asked the very same.

The clock's rule keeps it (`asked`). Clocks older than that are asked with the case as it is today,
but only where the table that once answered gives the same row for it: then nothing that this table
tells apart has changed since.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from engine.errors import Broken, ShaodaoError
from engine.i18n import _
from engine.run.clocks import LIMITS
from engine.run.library import Library
from processes.view import case_view
from processes.whatif.past import Past

VIEW = "case"


class Inputs:
    """The inputs of past clocks. `recalled` counts those that had to be taken from today's case."""

    def __init__(self, connection: Connection, library: Library) -> None:
        self._connection, self._library = connection, library
        self._views: tuple[UUID | None, Mapping[str, Any]] = None, {}
        self.recalled = 0

    def of(self, past: Past) -> Mapping[str, Any]:
        """Return what the table `limits` is asked with. Raises Broken("whatif.inputs_lost")."""
        rule, code = past.row.rule, past.row.code
        kept: dict[str, Any] | None = rule.get("asked")
        if kept is not None:
            return {**kept, "clock": code}
        self.recalled += 1
        today = {VIEW: dict(self._view(past.case_id)), "clock": code}
        if self._row_for(rule, today) != rule["row"]:
            raise Broken("whatif.inputs_lost", _("事项后来改过，当时按什么查的时限表已无从得知。"))
        return today

    def _row_for(self, rule: Mapping[str, Any], data: Mapping[str, Any]) -> int | None:
        """Return which row the table that gave a rule gives for some data, None where it fails."""
        try:
            table = self._library.version(self._connection, LIMITS, UUID(rule["table"]))
            return table.decide(data).rows[0]
        except ShaodaoError:
            return None

    def _view(self, case: UUID) -> Mapping[str, Any]:
        """Return a case as diagrams see it today; a case's clocks often stand together."""
        if self._views[0] != case:
            self._views = case, case_view(self._connection, case)
        return self._views[1]
