"""A timetable in words, and as people type it: "08:00-12:00 14:00-18:00"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from engine.i18n import Text, _
from engine.sla.timetable import WEEKDAYS, Day, Season, Timetable, Week
from engine.sla.words import WEEKDAYS as NAMES

BETWEEN: Final = re.compile(r"[\s,，、;；]+")
DASHES: Final = re.compile(r"\s*[-–—~～至]\s*")
SHORT_HOUR: Final = re.compile(r"(?<!\d)(\d):")


def day_typed(day: Day) -> str:
    """Return a day's working time as it is typed, "" for a rest day."""
    return " ".join(f"{clock_time(each.start)}-{clock_time(each.end)}" for each in day)


def clock_time(minutes: int) -> str:
    """Return minutes after midnight as a time of day; the end of the day is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def spans_typed(text: str) -> list[str]:
    """Return the spans that somebody typed for a day, as a timetable writes them.

    Chinese colons, other dashes, commas and single-digit hours are understood; what is no span
    stays as it was typed, for the timetable to refuse by name.
    """
    plain = DASHES.sub("-", text.strip().replace("：", ":"))
    return [SHORT_HOUR.sub(r"0\1:", each) for each in BETWEEN.split(plain) if each]


def week_typed(fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the week that fields `mon` … `sun` say; an empty day is a rest day."""
    return {day: found for day in WEEKDAYS if (found := spans_typed(fields.get(day, "")))}


def week_words(week: Week) -> tuple[Text, ...]:
    """Return a week in words, days in a row that are alike said together."""
    said = []
    for hours, group in groupby(enumerate(week), key=lambda each: each[1]):
        days = [number for number, _day in group]
        said.append(_("{days} {hours}", days=days_words(days), hours=hours_words(hours)))
    return tuple(said)


def days_words(days: Sequence[int]) -> Text:
    """Return a weekday, or the first and last of several."""
    if len(days) == 1:
        return NAMES[days[0]]
    return _("{first}至{last}", first=NAMES[days[0]], last=NAMES[days[-1]])


def hours_words(day: Day) -> Text | str:
    """Return a day's working time in words."""
    if not day:
        return _("休息")
    return "、".join(f"{clock_time(each.start)}–{clock_time(each.end)}" for each in day)


def timetable_words(timetable: Timetable) -> tuple[Text, ...]:
    """Return a timetable in sentences: the week, each season, and whether holidays hold."""
    seasons = (
        _(
            "{first} 至 {last}：{week}",
            first=edge_words(season.first),
            last=edge_words(season.last),
            week=joined(week_words(season.week)),
        )
        for season in timetable.seasons
    )
    holidays = _("法定节假日休息，调休日上班") if timetable.holidays else _("法定节假日照常上班")
    return (*week_words(timetable.week), *seasons, holidays)


def edge_words(edge: date | tuple[int, int]) -> str:
    """Return the first or last day of a season: 05-01 every year, or one date."""
    return edge.isoformat() if isinstance(edge, date) else f"{edge[0]:02d}-{edge[1]:02d}"


def joined(texts: Sequence[Text]) -> Text:
    """Return sentences as one."""
    first, *rest = texts
    for each in rest:
        first = _("{before}；{after}", before=first, after=each)
    return first


def season_typed(season: Season) -> dict[str, str]:
    """Return a season as its form shows it."""
    week = zip(WEEKDAYS, map(day_typed, season.week), strict=True)
    return {"from": edge_words(season.first), "to": edge_words(season.last), **dict(week)}
