"""Statutory holidays and make-up working days of China, as the State Council's notices set them.

The package chinesecalendar carries the published years and is asked nowhere else. It knows nothing
beyond them: there, what operators enter from the notice counts, and until then results are
provisional. Law: 《全国年节及纪念日放假办法》 (2024).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache

from chinese_calendar.constants import Holiday, holidays, workdays


class DayKind(StrEnum):
    """What a special day is made: a day of rest, or a day of work (调休上班)."""

    REST = "rest"
    WORK = "work"


@dataclass(frozen=True)
class SpecialDay:
    """A day that is not what its weekday says. `source` is the notice or order that says so."""

    date: date
    kind: DayKind
    name: str
    source: str


SOURCE = "国务院办公厅历年放假通知"


@cache
def published_days() -> Mapping[date, SpecialDay]:
    """Return the special days of all years that the package carries, by date."""
    words = {each.value: each.chinese for each in Holiday}
    rest = ((day, DayKind.REST, name) for day, name in holidays.items())
    work = ((day, DayKind.WORK, name) for day, name in workdays.items())
    return {
        day: SpecialDay(day, kind, words.get(name, name), SOURCE)
        for day, kind, name in (*rest, *work)
    }


def years_of(days: Iterable[SpecialDay]) -> frozenset[int]:
    """Return the years whose holidays are known: those with a day of rest among `days`.

    A make-up day may stand in the December before its year, so work alone publishes no year.
    """
    return frozenset(day.date.year for day in days if day.kind is DayKind.REST)
