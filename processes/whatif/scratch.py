"""A scratch database with the draft in force: past cases are played in it by the real engine.

Organisation, calendars and tables are those of the live database, so that only the draft is
different; the settings are those that a case was under (processes/whatif/practice.py). It lives in
a folder of its own and is gone afterwards.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import Connection

from engine.actor import SYSTEM
from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.db.tables import table_version
from engine.now import ManualClock
from engine.run.clocks import LIMITS
from engine.run.commands import DeployFolder, DeployTables
from engine.run.engine import Engine
from engine.secrets import Keys
from engine.sla.calendar import Calendar
from engine.trials.stage import Anyone
from processes.bootstrap import open_product
from processes.calendars.known import KnownCalendars
from processes.organisation_tables import unit_state
from processes.settings import Settings
from processes.shipped import Shipped
from processes.tables import calendar, calendar_day, org_unit
from processes.whatif.drawing import DraftedFolder

LONG_AGO: Final = datetime(1990, 1, 1, tzinfo=UTC)  # before any case: the draft is in force
COPIED: Final[Mapping[sa.Table, Any]] = {
    org_unit: sa.select(org_unit).order_by(sa.func.length(org_unit.c.path)),  # above comes first
    unit_state: sa.select(unit_state),
    calendar: sa.select(calendar),
    calendar_day: sa.select(calendar_day),
    table_version: sa.select(table_version),
}


@dataclass(frozen=True)
class Scratch:
    """An engine on a database of its own, and the clock it lives by."""

    engine: Engine
    clock: ManualClock
    calendars: DraftCalendars


class DraftCalendars(KnownCalendars):
    """Calendars of the scratch database; the draft stands for its code, whenever a clock begins."""

    def __init__(self, draft: Calendar | None) -> None:
        super().__init__()
        self._draft = draft

    def of_code(self, connection: Connection, code: str, at: datetime) -> Calendar:
        """Return the draft for its code."""
        if self._draft is not None and code == self._draft.code:
            return self._draft
        return super().of_code(connection, code, at)

    def pinned(self, connection: Connection, code: str, version: str) -> Calendar:
        """Return the draft for its own version."""
        if self._draft is not None and (code, version) == (self._draft.code, self._draft.version):
            return self._draft
        return super().pinned(connection, code, version)


@contextmanager
def scratch(
    connection: Connection,
    folders: list[DraftedFolder],
    *,
    limits: bytes | None,
    draft_calendar: Calendar | None,
    shipped: Shipped,
) -> Iterator[Scratch]:
    """Open a scratch database beside the live one that `connection` reads.

    Raises Invalid("definition.refused", "table.…") for a draft that could not be deployed either.
    """
    with tempfile.TemporaryDirectory(prefix="shaodao-whatif-") as folder:
        home = Path(folder)
        url = f"sqlite:///{home}/scratch.db"
        Keys.create(home)
        upgrade(url)
        clock = ManualClock(LONG_AGO)
        product = open_product(Settings(home=home, database=url), clock=clock, shipped=shipped)
        calendars = DraftCalendars(draft_calendar)
        plugins = replace(
            product.engine.plugins,
            access=Anyone(),
            calendars=calendars,
            strangers=None,
            lost_photos=None,
        )
        database = product.engine.database
        try:
            copy(connection, database, without=LIMITS if limits else None)
            engine = Engine(database, plugins, clock=clock, ids=product.engine.ids)
            if limits:
                engine.execute(DeployTables(files={"limits.dmn": limits}), SYSTEM)
            for each in folders:
                engine.execute(DeployFolder(folder=each.key, files=each.files), SYSTEM)
            yield Scratch(engine, clock, calendars)
        finally:
            product.close()


def copy(connection: Connection, database: Database, *, without: str | None) -> None:
    """Copy what cases are judged by, but for the versions of one table."""
    with database.write() as target:
        for table, query in COPIED.items():
            rows = [dict(row) for row in connection.execute(query).mappings()]
            if table is table_version:
                rows = [row for row in rows if row["key"] != without]
            if rows:
                target.execute(table.insert(), rows)
