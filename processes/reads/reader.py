"""What every read is done with: one transaction, one instant, one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from engine.i18n import Text
from processes.calendars.known import KnownCalendars
from processes.reads.definitions import Drawn, Folders
from processes.reads.row import Row


@dataclass(frozen=True)
class Reader:
    """A page being put together: everything on it is of one moment."""

    connection: Connection
    now: datetime
    locale: str
    folders: Folders
    calendars: KnownCalendars = field(default_factory=KnownCalendars)

    def drawn(self, row: Row) -> Drawn:
        """Return the drawn process of a row with `definition_id` and `process`."""
        return self.folders.drawn(self.connection, row.definition_id, row.process, self.locale)

    def word(self, section: str, code: str) -> str:
        """Return the shared words for a code."""
        return self.folders.word(section, code, self.locale)

    def say(self, text: Text) -> str:
        """Return a sentence in the page's language."""
        return text.to(self.locale)
