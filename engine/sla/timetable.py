"""Weekly timetables as an organisation writes them: several spans a day, seasons, 24×7.

A timetable is JSON: `week` maps `mon` … `sun` to spans like "08:00-12:00" (a day left out is a rest
day), `seasons` hold other weeks between two month-days or two dates, both included, and `holidays`
says whether the statutory holidays hold (a 24×7 unit has none). What cannot be true is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from engine.errors import Invalid
from engine.i18n import Text, _

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes
MOST_SPANS, MOST_SEASONS = 12, 24

_SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)", re.ASCII)
_MONTH_DAY = re.compile(r"\d\d-\d\d", re.ASCII)
_LEAP_YEAR = 2000


@dataclass(frozen=True, order=True)
class Hours:
    """Working time of a day from one minute after midnight up to, not including, another."""

    start: int
    end: int


Day = tuple[Hours, ...]
Week = tuple[Day, ...]
REST: Day = ()


@dataclass(frozen=True)
class Season:
    """A week that holds between two days, both included: month-days every year, or dates once."""

    first: date | tuple[int, int]
    last: date | tuple[int, int]
    week: Week


@dataclass(frozen=True)
class Timetable:
    """When a unit works. `holidays` tells whether the statutory holidays are rest days for it."""

    week: Week
    seasons: tuple[Season, ...] = ()
    holidays: bool = True


def read_timetable(written: Any) -> Timetable:
    """Return the timetable that JSON writes.

    Raises Invalid with `calendar.malformed`, `calendar.bad_time`, `calendar.end_before_start`,
    `calendar.overlap` or `calendar.bad_season`.
    """
    if not isinstance(written, Mapping) or set(written) - {"week", "seasons", "holidays"}:
        raise _malformed(_("只能有 week、seasons 和 holidays"))
    seasons = written.get("seasons", [])
    if not isinstance(seasons, Sequence) or isinstance(seasons, str) or len(seasons) > MOST_SEASONS:
        raise _malformed(_("seasons 要是列表，最多 {most} 项", most=MOST_SEASONS))
    holidays = written.get("holidays", True)
    if not isinstance(holidays, bool):
        raise _malformed(_("holidays 只能是 true 或 false"))
    return Timetable(_week(written.get("week")), tuple(map(_season, seasons)), holidays)


def _week(written: Any) -> Week:
    if not isinstance(written, Mapping) or set(written) - set(WEEKDAYS):
        raise _malformed(_("week 的键只能是 {days}", days="、".join(WEEKDAYS)))
    return tuple(_day(name, written.get(name, [])) for name in WEEKDAYS)


def _day(name: str, written: Any) -> Day:
    if not isinstance(written, list | tuple) or len(written) > MOST_SPANS:
        raise _malformed(_("{day} 要是时段列表，最多 {most} 段", day=name, most=MOST_SPANS))
    hours = tuple(sorted(_hours(text) for text in written))
    for earlier, later in pairwise(hours):
        if later.start < earlier.end:
            raise Invalid("calendar.overlap", _("工作时间里 {day} 的时段互相重叠", day=name))
    return hours


def _hours(text: Any) -> Hours:
    match = _SPAN.fullmatch(text.strip()) if isinstance(text, str) else None
    parts = [int(part) for part in match.groups()] if match else [DAY] * 4
    start, end = parts[0] * 60 + parts[1], parts[2] * 60 + parts[3]
    if start >= DAY or end > DAY:
        sentence = _("“{text}”不是时段，请写成 08:00-12:00 这样的形式", text=str(text)[:40])
        raise Invalid("calendar.bad_time", sentence)
    if end <= start:
        sentence = _("时段“{text}”的结束不晚于开始，跨夜的请拆成两天的两段", text=text)
        raise Invalid("calendar.end_before_start", sentence)
    return Hours(start, end)


def _season(written: Any) -> Season:
    if not isinstance(written, Mapping) or set(written) != {"from", "to", "week"}:
        raise _malformed(_("每个季节要有 from、to 和 week"))
    first, last = _edge(written["from"]), _edge(written["to"])
    if isinstance(first, date) and isinstance(last, date):
        if last < first:
            sentence = _("季节“{name}”的结束早于开始", name=f"{first}~{last}")
            raise Invalid("calendar.end_before_start", sentence)
    elif type(first) is not type(last):
        raise _bad_season(f"{written['from']}~{written['to']}")
    return Season(first, last, _week(written["week"]))


def _edge(text: Any) -> date | tuple[int, int]:
    try:
        if isinstance(text, str) and _MONTH_DAY.fullmatch(text):
            in_a_leap_year = date.fromisoformat(f"{_LEAP_YEAR}-{text}")
            return in_a_leap_year.month, in_a_leap_year.day
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise _bad_season(str(text)[:40]) from None


def _bad_season(text: str) -> Invalid:
    sentence = _("季节“{text}”的起止要都写成 05-01 或都写成 2026-05-01 这样的形式", text=text)
    return Invalid("calendar.bad_season", sentence)


def _malformed(reason: Text) -> Invalid:
    return Invalid("calendar.malformed", _("工作时间表写得不对：{reason}", reason=reason))
