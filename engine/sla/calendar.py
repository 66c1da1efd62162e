"""A unit's business calendar: its timetable, the country's special days, its own closures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.holidays import SpecialDay, published_days, years_of
from engine.sla.index import YEARS, WorkIndex, lay_out
from engine.sla.iso import ZONE
from engine.sla.timetable import WEEKDAYS, Timetable, read_timetable

OFFICE_DAY = ["08:00-12:00", "14:00-18:00"]
OFFICE_HOURS = {"week": dict.fromkeys(WEEKDAYS[:5], OFFICE_DAY)}
ROUND_THE_CLOCK = {"week": {day: ["00:00-24:00"] for day in WEEKDAYS}, "holidays": False}
STANDARD = "standard"


@dataclass(frozen=True)
class Calendar:
    """When a unit works, laid out once. `version` names the stated facts it was made from.

    `published` are the years whose holidays are known: what is counted beyond is provisional.
    """

    code: str
    version: str
    timetable: Timetable
    special: dict[date, SpecialDay] = field(repr=False)
    published: frozenset[int] = field(repr=False)
    index: WorkIndex = field(repr=False, compare=False)

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant by which `amount` of working time has passed."""
        return self.index.add(start, amount)

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants, negative if the second is earlier."""
        return self.index.measure(start, end)

    def is_provisional(self, start: datetime, end: datetime) -> bool:
        """Tell whether a year between two instants has holidays that are not published yet."""
        if not self.timetable.holidays:
            return False
        first, last = start.astimezone(ZONE).year, end.astimezone(ZONE).year
        return not self.published.issuperset(range(first, last + 1))


def make_calendar(
    timetable: Timetable,
    *,
    code: str = STANDARD,
    version: str = "",
    national: Iterable[SpecialDay] = (),
    local: Iterable[SpecialDay] = (),
    years: range = YEARS,
) -> Calendar:
    """Lay a calendar out: published holidays, what was entered from notices, then local days.

    Later facts win over earlier ones. Raises Invalid("calendar.no_working_time",
    "calendar.seasons_overlap" or "calendar.day_out_of_range").
    """
    special = {}
    if timetable.holidays:
        special = {**published_days(), **{day.date: day for day in national}}
    published = years_of(special.values())
    special |= {day.date: day for day in local}
    for day in special:
        if day.year not in YEARS:
            sentence = _("日期 {day} 超出工作日历的范围", day=day.isoformat())
            raise Invalid("calendar.day_out_of_range", sentence)
    index = lay_out(timetable, special, years)
    return Calendar(code, version, timetable, special, published, index)


@cache
def standard() -> Calendar:
    """Return the default calendar: 08–12 and 14–18, Monday to Friday, statutory holidays."""
    return make_calendar(read_timetable(OFFICE_HOURS), version="default")
