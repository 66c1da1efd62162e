"""Working time laid out day by day and summed once, so that any span is two look-ups.

Everything is whole microseconds on a line of local days, the first of January of the first year
being day 0. China has had one time zone without summer time since 1992; the line begins later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.iso import ZONE
from engine.sla.timetable import REST, Day, Season, Timetable, Week

YEARS = range(2000, 2061)
SECOND = 1_000_000  # microseconds
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE
ONE_DAY = timedelta(days=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class WorkIndex:
    """Sums of working time and of working days before each day. Made by `lay_out`."""

    origin: datetime  # the local midnight of day 0, in UTC
    first: date
    days: Sequence[Day]
    worked: Sequence[int]  # microseconds before each day, one more than there are days
    open_days: Sequence[int]  # days with working time before each day, one more too

    def split(self, instant: datetime) -> tuple[int, int]:
        """Return day and microseconds since its midnight. Raises Invalid("calendar.out_of_range").

        The year of the line's ends is `YEARS`; a deadline outside cannot be counted honestly.
        """
        since = instant - self.origin
        if not 0 <= since.days < len(self.days):
            raise out_of_range(instant)
        return since.days, since.seconds * SECOND + since.microseconds

    def join(self, day: int, within: int) -> datetime:
        """Return the instant of a day and microseconds since its midnight, in UTC."""
        return self.origin + timedelta(days=day, microseconds=within)

    def date_of(self, day: int) -> date:
        """Return the date of a day."""
        return self.first + timedelta(days=day)

    def day_of(self, day: date) -> int:
        """Return the number of a date."""
        return (day - self.first).days

    def worked_before(self, instant: datetime) -> int:
        """Return the microseconds of working time on the line before an instant."""
        day, within = self.split(instant)
        total = self.worked[day]
        for hours in self.days[day]:
            start, end = hours.start * MINUTE, hours.end * MINUTE
            if within <= start:
                break
            total += min(within, end) - start
        return total

    def instant_at(self, total: int) -> datetime:
        """Return the earliest instant before which `total` microseconds are worked, at least 1."""
        after = bisect_left(self.worked, total)
        if after == len(self.worked):
            raise out_of_range(self.join(len(self.days), 0))
        day = after - 1
        left = total - self.worked[day]
        for hours in self.days[day]:
            length = (hours.end - hours.start) * MINUTE
            if left <= length:
                return self.join(day, hours.start * MINUTE + left)
            left -= length
        raise AssertionError("a day holds the working time that its sum says")

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant by which `amount` of working time has passed since `start`.

        Nothing added is `start` itself, whether it is working time or not.
        """
        wanted = amount // _MICROSECOND
        return self.instant_at(self.worked_before(start) + wanted) if wanted > 0 else start

    def measure(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time from `start` to `end`, negative if that is earlier."""
        return timedelta(microseconds=self.worked_before(end) - self.worked_before(start))

    def spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the stretches of working time between two instants, in order."""
        first, last = self.split(start)[0], self.split(end)[0]
        for day in range(first, last + 1):
            for hours in self.days[day]:
                opens = max(self.join(day, hours.start * MINUTE), start)
                closes = min(self.join(day, hours.end * MINUTE), end)
                if opens < closes:
                    yield opens, closes

    def is_open(self, day: int) -> bool:
        """Tell whether there is working time on a day."""
        return bool(self.days[day])

    def open_between(self, day: int, end: int) -> int:
        """Return how many days with working time there are from `day` up to, not including, end."""
        return self.open_days[end] - self.open_days[day]

    def open_after(self, day: int, count: int) -> int:
        """Return the `count`-th day with working time after a day."""
        found = bisect_left(self.open_days, self.open_days[day + 1] + count) - 1
        if found >= len(self.days):
            raise out_of_range(self.join(len(self.days), 0))
        return found

    def opens(self, day: int) -> datetime:
        """Return when work begins on a working day."""
        return self.join(day, self.days[day][0].start * MINUTE)

    def closes(self, day: int) -> datetime:
        """Return the close of business of a working day: the end of its last hours."""
        return self.join(day, self.days[day][-1].end * MINUTE)


def out_of_range(instant: datetime) -> Invalid:
    """Return the refusal for an instant beyond the line."""
    sentence = _(
        "时刻 {at} 超出工作日历的范围（{first} 年到 {last} 年）",
        at=instant.astimezone(ZONE).isoformat(timespec="minutes"),
        first=YEARS[0],
        last=YEARS[-1],
    )
    return Invalid("calendar.out_of_range", sentence)


def lay_out(
    timetable: Timetable, special: Mapping[date, SpecialDay], years: range = YEARS
) -> WorkIndex:
    """Lay a timetable and its special days out over years.

    Raises Invalid("calendar.no_working_time") where a year has none, for then some limit could
    never be reached, and Invalid("calendar.seasons_overlap").
    """
    first = date(years[0], 1, 1)
    count = (date(years[-1], 12, 31) - first).days + 1
    weeks = _weeks(timetable, first, count)
    monday = first.weekday()
    days = [week[(monday + number) % 7] for number, week in enumerate(weeks)]
    for day, fact in special.items():
        number = (day - first).days
        if 0 <= number < count:
            days[number] = _special(fact, days[number], weeks[number])
    lengths = {day: sum(hours.end - hours.start for hours in day) * MINUTE for day in set(days)}
    worked = list(accumulate((lengths[day] for day in days), initial=0))
    _refuse_idle_years(worked, first, years)
    open_days = list(accumulate((1 if day else 0 for day in days), initial=0))
    origin = datetime(years[0], 1, 1, tzinfo=ZONE).astimezone(UTC)
    return WorkIndex(origin, first, days, worked, open_days)


def _special(fact: SpecialDay, drawn: Day, week: Week) -> Day:
    """Return the hours of a special day: a make-up day on a rest day has those of a working day."""
    if fact.kind is DayKind.REST:
        return REST
    return drawn or next((day for day in week if day), REST)


def _weeks(timetable: Timetable, first: date, count: int) -> list[Week]:
    weeks = [timetable.week] * count
    taken = bytearray(count)
    for season in timetable.seasons:
        for start, end in _stretches(season, first, count):
            if any(taken[start:end]):
                raise Invalid("calendar.seasons_overlap", _("工作时间表的季节互相重叠"))
            taken[start:end] = b"\1" * (end - start)
            weeks[start:end] = [season.week] * (end - start)
    return weeks


def _stretches(season: Season, first: date, count: int) -> list[tuple[int, int]]:
    """Return the days of a season as numbers, end not included; a winter goes over new year."""
    if isinstance(season.first, date) and isinstance(season.last, date):
        edges = [(season.first, season.last)]
    else:
        years = range(first.year - 1, (first + timedelta(days=count)).year + 1)
        edges = [_edges(season, year) for year in years]
    numbers = [((start - first).days, (end - first).days + 1) for start, end in edges]
    return [(max(a, 0), min(b, count)) for a, b in numbers if b > 0 and a < count]


def _edges(season: Season, year: int) -> tuple[date, date]:
    if isinstance(season.first, date) or isinstance(season.last, date):
        raise AssertionError("a season is dated at both ends or at none")
    over_new_year = season.last < season.first
    start = _in_year(year, *season.first)
    return start, _in_year(year + over_new_year, *season.last)


def _in_year(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:  # the 29th of February in a common year
        return date(year, month, day - 1)


def _refuse_idle_years(worked: Sequence[int], first: date, years: range) -> None:
    for year in years:
        start, end = (date(year, 1, 1) - first).days, (date(year + 1, 1, 1) - first).days
        if worked[start] == worked[end]:
            sentence = _("{year} 年全年没有工作时间，任何时限都走不完", year=year)
            raise Invalid("calendar.no_working_time", sentence)
