"""What was entered into calendars stands in the chain of organisation changes, word for word.

The chain shows that its own entries are whole; compared with them, the rows of the calendars are
shown to be those that were entered. Rows from before the chain had any of them are taken into it
with the next entry, by whoever makes that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from processes.organisation_chain import Change, note_all, plain
from processes.organisation_tables import organisation_entry
from processes.tables import calendar, calendar_day

if TYPE_CHECKING:
    from engine.run.context import Context

TIMETABLE: Final = "calendar.timetable"
DAYS: Final = "calendar.days"
EVERYBODY: Final = "*"  # subject of days that hold for all calendars
TIMETABLE_SAYS: Final = ("name", "valid_from", "timetable")
DAYS_SHARE: Final = ("calendar", "source")
DAY_SAYS: Final = ("id", "date", "kind", "name")

OF_CALENDARS: Final = organisation_entry.c.kind.in_([TIMETABLE, DAYS])
ENTRIES: Final = (
    sa.select(organisation_entry.c.kind, organisation_entry.c.subject, organisation_entry.c.body)
    .where(OF_CALENDARS)
    .order_by(organisation_entry.c.seq)
)
ANY_ENTRY: Final = sa.select(organisation_entry.c.seq).where(OF_CALENDARS).limit(1)
TIMETABLES: Final = sa.select(calendar).order_by(calendar.c.code, calendar.c.valid_from)
ALL_DAYS: Final = sa.select(calendar_day).order_by(calendar_day.c.entered_at, calendar_day.c.id)

Row = Mapping[str, Any]
Said = tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """The calendars beside the chain: how many rows, and which do not say what was entered."""

    rows: int
    differing: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Tell whether every row says what was entered, and none is missing."""
        return not self.differing


def timetable_entered(row: Row) -> Change:
    """Return the entry of a timetable."""
    return Change(TIMETABLE, str(row["code"]), {name: row[name] for name in TIMETABLE_SAYS})


def days_entered(rows: Sequence[Row]) -> list[Change]:
    """Return the entries of some days: one for each calendar and source."""
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in DAYS_SHARE), []).append(row)
    return [
        Change(DAYS, code or EVERYBODY, {"source": source, "days": [day(each) for each in days]})
        for (code, source), days in found.items()
    ]


def day(row: Row) -> Row:
    """Return what an entry says of one day."""
    return {name: row[name] for name in DAY_SAYS}


def note_entered(context: Context, changes: Sequence[Change]) -> None:
    """Write entries into the chain, before their rows are stored; the first takes older rows in."""
    older: list[Change] = []
    if context.connection.scalar(ANY_ENTRY) is None:
        timetables, days = stored(context.connection)
        older = [*map(timetable_entered, timetables), *days_entered(days)]
    note_all(context, [*older, *changes])


def compare_calendars(connection: Connection) -> Compared:
    """Compare every timetable and special day with what the chain says was entered.

    While the chain has no entry of any calendar there is nothing to compare with.
    """
    timetables, days = stored(connection)
    if connection.scalar(ANY_ENTRY) is None:
        return Compared(0, ())
    there = {said for row in timetables for said in says(timetable_entered(row))}
    there |= {said for change in days_entered(days) for said in says(change)}
    entered = {
        said
        for row in connection.execute(ENTRIES)
        for said in says(Change(row.kind, row.subject, orjson.loads(bytes(row.body))["data"]))
    }
    differing = sorted({f"{said[0]} {said[1]}" for said in there ^ entered})
    return Compared(len(there), tuple(differing))


def says(change: Change) -> Iterator[Said]:
    """Yield what an entry says, a text for each row: calendar and date or instant come first."""
    data = {name: plain(value) for name, value in change.data.items()}
    if change.kind == TIMETABLE:
        yield change.subject, str(data["valid_from"]), exact(data)
        return
    for each in data["days"]:
        yield change.subject, str(each["date"]), exact({**each, "source": data["source"]})


def exact(value: Mapping[str, Any]) -> str:
    """Return a text that is the same for equal values only."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def stored(connection: Connection) -> tuple[list[Row], list[Row]]:
    """Return the rows of timetables and of days."""
    timetables = connection.execute(TIMETABLES).mappings().all()
    return [dict(row) for row in timetables], [
        dict(row) for row in connection.execute(ALL_DAYS).mappings()
    ]
