"""Calendars through the engine's door: timetables from a date on, and notices.

What is entered changes no deadline that stands: clocks are pinned to what they were counted by.
`RecomputeDeadlines` is the one way to count them again, on purpose; each clock's trail says so.
Each entry stands in the chain of organisation changes too (entered.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import Command
from engine.run.plugins import Handler
from engine.sla.calendar import STANDARD, make_calendar
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.index import YEARS
from engine.sla.timetable import read_timetable
from processes.calendars.entered import days_entered, note_entered, timetable_entered
from processes.organisation_chain import changing
from processes.permissions import require
from processes.tables import calendar, calendar_day

if TYPE_CHECKING:
    from engine.run.context import Context

CODE = re.compile(r"[a-z][a-z0-9_]{0,31}")
MOST_DAYS = 400


@dataclass(frozen=True, kw_only=True)
class SetTimetable(Command):
    """Let a calendar have a timetable (engine/sla/timetable.py) from an instant on."""

    code: str
    name: str
    timetable: Mapping[str, Any]
    valid_from: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class EnterDays(Command):
    """Enter special days: the State Council's notice (`calendar` None) or one calendar's own.

    `source` names the notice or order, with its number.
    """

    days: Sequence[SpecialDay]
    source: str
    calendar: str | None = None


def set_timetable(context: Context, command: SetTimetable) -> dict[str, Any]:
    """Store a timetable. Raises Invalid("calendar.…"), Conflict("calendar.date_taken")."""
    require(context.actor, "calendar.manage")
    if not CODE.fullmatch(command.code) or not command.name.strip():
        sentence = _("工作日历要有名称，代码只能由小写字母、数字和下划线组成，最长 32 位。")
        raise Invalid("calendar.code", sentence)
    make_calendar(read_timetable(command.timetable))
    since = command.valid_from or context.now
    taken = sa.select(calendar.c.code).where(
        calendar.c.code == command.code, calendar.c.valid_from == since
    )
    if context.connection.scalar(taken) is not None:
        sentence = _("这个工作日历从该时间起已有工作时间，请另选一个起始时间。")
        raise Conflict("calendar.date_taken", sentence)
    row = {
        "code": command.code,
        "valid_from": since,
        "name": command.name.strip(),
        "timetable": dict(command.timetable),
        "entered_at": context.now,
        "entered_by": context.actor.id,
    }
    note_entered(context, [timetable_entered(row)])
    context.connection.execute(calendar.insert(), row)
    return {"code": command.code, "valid_from": since.isoformat()}


def enter_days(context: Context, command: EnterDays) -> dict[str, Any]:
    """Store special days. Raises Invalid("calendar.days", "calendar.source_empty")."""
    require(context.actor, "calendar.manage")
    known_calendar(context, command.calendar)
    check_days(command)
    rows = [
        {
            "id": context.ids.new(),
            "calendar": command.calendar,
            "date": day.date,
            "kind": day.kind.value,
            "name": day.name.strip(),
            "source": command.source.strip(),
            "entered_at": context.now,
            "entered_by": context.actor.id,
        }
        for day in command.days
    ]
    note_entered(context, days_entered(rows))
    context.connection.execute(calendar_day.insert(), rows)
    return {"entered": len(rows)}


def check_days(command: EnterDays) -> None:
    """Refuse days that say nothing, twice the same date, or nothing that vouches for them."""
    if not command.source.strip():
        raise Invalid("calendar.source_empty", _("请写明依据，例如放假通知的文号。"))
    dates = [day.date for day in command.days]
    known = all(day.date.year in YEARS and day.name.strip() for day in command.days)
    if not 1 <= len(dates) <= MOST_DAYS or len(set(dates)) != len(dates) or not known:
        sentence = _(
            "一次录入 1 到 {most} 天，每天要有名称，日期不能重复，年份在 {first} 到 {last}。",
            most=MOST_DAYS,
            first=YEARS[0],
            last=YEARS[-1],
        )
        raise Invalid("calendar.days", sentence)


def known_calendar(context: Context, code: str | None) -> None:
    """Refuse a calendar that nobody set up; the standard one always is."""
    if code in (None, STANDARD):
        return
    known = sa.select(calendar.c.code).where(calendar.c.code == code).limit(1)
    if context.connection.scalar(known) is None:
        raise NotFound("calendar.not_found", _("没有代码为“{code}”的工作日历。", code=code))


def days_of(written: Sequence[Mapping[str, Any]]) -> tuple[SpecialDay, ...]:
    """Return the days that JSON writes as {date, kind, name}. Raises Invalid("calendar.days")."""
    try:
        return tuple(
            SpecialDay(date.fromisoformat(day["date"]), DayKind(day["kind"]), str(day["name"]), "")
            for day in written
        )
    except (KeyError, TypeError, ValueError):
        sentence = _("每一天要写成日期、类型（rest 或 work）和名称。")
        raise Invalid("calendar.days", sentence) from None


CALENDAR_HANDLERS: Mapping[type[Command], Handler] = {
    SetTimetable: changing(set_timetable),
    EnterDays: changing(enter_days),
}
