"""Calendars as they come in over the web: what a form or a program sends, made into commands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict

from engine.errors import Invalid
from engine.i18n import _
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.iso import ZONE
from processes.calendars.commands import EnterDays, SetTimetable
from processes.calendars.words import week_typed

LONGEST = 60  # days of one line: no holiday and no closure lasts longer


def timetable_command(form: MultiDict[str, str], code: str) -> SetTimetable:
    """Return the command that a form of working hours makes.

    Season fields are named like those of the week with `s0.`, `s1.` … before; one without a first
    and last day is none. Raises Invalid("calendar.bad_day").
    """
    seasons = []
    for number in range(form.get("seasons", 0, type=int) + 1):
        said = {name: form.get(f"s{number}.{name}", "") for name in ("from", "to")}
        if any(said.values()):
            week = {day: form.get(f"s{number}.{day}", "") for day in DAYS}
            seasons.append({**said, "week": week_typed(week)})
    timetable = {
        "week": week_typed({day: form.get(day, "") for day in DAYS}),
        "seasons": seasons,
        "holidays": "holidays" in form,
    }
    since = form.get("valid_from", "").strip()
    return SetTimetable(
        code=code.strip() or form.get("code", "").strip(),
        name=form.get("name", ""),
        timetable=timetable,
        valid_from=datetime.combine(day_of(since), time(), ZONE) if since else None,
    )


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def days_command(form: MultiDict[str, str]) -> EnterDays:
    """Return the command that a form of special days makes; empty lines were never filled.

    Raises Invalid("calendar.bad_day", "calendar.days").
    """
    columns = [form.getlist(name) for name in ("first", "last", "kind", "name")]
    lines = zip(*columns, strict=False)
    days = tuple(day for line in lines for day in line_days(*line))
    return EnterDays(
        days=days, source=form.get("source", ""), calendar=form.get("calendar") or None
    )


def line_days(first: str, last: str, kind: str, name: str) -> Iterator[SpecialDay]:
    """Yield the days of a line: from a first to a last day, or one day where no last is said."""
    if not first.strip():
        return
    start = day_of(first)
    end = day_of(last) if last.strip() else start
    if not timedelta(0) <= end - start <= timedelta(days=LONGEST):
        sentence = _(
            "“{first} 至 {last}”写得不对：结束不能早于开始，一行最多 {most} 天。",
            first=first,
            last=last,
            most=LONGEST,
        )
        raise Invalid("calendar.bad_day", sentence)
    made = DayKind.WORK if kind == DayKind.WORK else DayKind.REST
    for number in range((end - start).days + 1):
        yield SpecialDay(start + timedelta(days=number), made, name.strip(), "")


def day_of(text: str) -> date:
    """Return a day as browsers write it. Raises Invalid("calendar.bad_day")."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        sentence = _("“{text}”不是日期，请写成 2027-01-01 这样的形式。", text=text[:20])
        raise Invalid("calendar.bad_day", sentence) from None


def timetable_said(said: Mapping[str, Any], code: str) -> SetTimetable:
    """Return the command that a program asks for."""
    return SetTimetable(code=code, **said)
