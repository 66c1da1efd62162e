"""A slow second opinion: walks minute by minute and day by day, asking the plain facts each time.

It shares nothing with the fast code but the timetable as written: no sums, no index, no bisect.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, workdays

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Pause = tuple[datetime, datetime]


def hours_of(written: dict[str, Any], day: date) -> list[tuple[int, int]]:
    """Return the working minutes of a day as the timetable and the notices have it."""
    week = written["week"]
    for season in written.get("seasons", []):
        inside = (
            season["from"] <= f"{day:%m-%d}" <= season["to"]
            if season["from"] <= season["to"]
            else f"{day:%m-%d}" >= season["from"] or f"{day:%m-%d}" <= season["to"]
        )
        if inside:
            week = season["week"]
    spans = week.get(NAMES[day.weekday()], [])
    if written.get("holidays", True):
        if day in holidays:
            return []
        if day in workdays and not spans:
            spans = next(week[name] for name in NAMES if week.get(name))
    return [(minutes(text[:5]), minutes(text[6:])) for text in spans]


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def works(written: dict[str, Any], at: datetime) -> bool:
    """Tell whether the minute that begins at an instant is worked."""
    local = at.astimezone(ZONE)
    now = local.hour * 60 + local.minute
    return any(start <= now < end for start, end in hours_of(written, local.date()))


def rests(pauses: list[Pause], at: datetime) -> bool:
    return any(start <= at < end for start, end in pauses)


def rolling(
    written: dict[str, Any], start: datetime, need: int, pauses: list[Pause], *, working: bool
) -> datetime:
    """Return the instant after the `need`-th counted minute."""
    at, left = start, need
    while left:
        if not rests(pauses, at) and (not working or works(written, at)):
            left -= 1
        at += MINUTE
    return at


def at_minute(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(0), ZONE) + timedelta(minutes=minute)


def wholly_paused(
    written: dict[str, Any], day: date, pauses: list[Pause], *, working: bool
) -> bool:
    spans = hours_of(written, day) if working else [(0, 24 * 60)]
    first, last = at_minute(day, spans[0][0]), at_minute(day, spans[-1][1])
    return any(start <= first and last <= end for start, end in pauses)


def legal(
    written: dict[str, Any], start: datetime, days: int, pauses: list[Pause], *, working: bool
) -> datetime:
    """Return the close of business of the last day, counted day by day."""
    day, left = start.astimezone(ZONE).date(), days
    while left:
        day += timedelta(days=1)
        if working and not hours_of(written, day):
            continue
        if not wholly_paused(written, day, pauses, working=working):
            left -= 1
    while True:
        spans = hours_of(written, day)
        if spans:
            close = at_minute(day, spans[-1][1])
            if not any(start < close <= end for start, end in pauses):
                return close
        day += timedelta(days=1)
