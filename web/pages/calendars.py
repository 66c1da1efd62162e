"""Calendars: the list, a year of one, the forms that change them, and counting deadlines again."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import Text, _
from engine.run.commands import Command, RecomputeDeadlines
from engine.sla.calendar import OFFICE_HOURS
from engine.sla.index import YEARS
from engine.sla.iso import ZONE
from engine.sla.timetable import WEEKDAYS
from engine.sla.words import WEEKDAYS as NAMES
from processes.calendars.words import day_typed, season_typed
from processes.permissions import allowed
from processes.reads.calendars import CalendarYear, calendar_year, calendars, timetable_of
from processes.reads.recount import recount
from processes.reads.units import units
from web import reading
from web.calendars import days_command, timetable_command
from web.here import actor, execute, locale, now
from web.pages.blueprint import page
from web.pages.session import inside

NOTICE_LINES, CLOSURE_LINES = 14, 4


@page("/calendars", action="calendar.read")
def calendar_list() -> str:
    """Show every calendar and the notices entered."""
    with reading.reader() as reader:
        found = calendars(reader)
    return render_template(
        "calendars.html",
        page=found,
        may=manages(),
        notice_lines=NOTICE_LINES,
        form=empty_form(),
        weekdays=weekdays(),
    )


@page("/calendars/<code>", action="calendar.read")
def calendar_page(code: str) -> str:
    """Show a year of a calendar and, to whoever manages calendars, the forms that change it."""
    year = request.args.get("year", now().astimezone(ZONE).year, type=int)
    with reading.reader() as reader:
        found = calendar_year(reader, code, year)
        offered = units(reader.connection) if manages() else ()
    return render_template(
        "calendar.html",
        page=found,
        may=manages(),
        may_choose=allowed(actor(), "organisation.manage"),
        closure_lines=CLOSURE_LINES,
        form=filled_form(found),
        weekdays=weekdays(),
        years=YEARS,
        offered=tuple((unit.code, unit.name) for unit in offered),
    )


@page("/calendars/timetable", action="calendar.manage", methods=("POST",))
def set_timetable() -> Response:
    """Give a calendar working hours from a day on; deadlines that stand stay."""
    return done(lambda: timetable_command(request.form, request.form.get("code", "")))


@page("/calendars/days", action="calendar.manage", methods=("POST",))
def enter_days() -> Response:
    """Enter the State Council's notice, or the closures of one calendar."""
    return done(lambda: days_command(request.form))


@page("/deadlines/recount", action="calendar.read")
def recount_page() -> str:
    """Show how many deadlines would move if all were counted again now."""
    with reading.reader() as reader:
        found = recount(reader)
    return render_template("recount.html", page=found, may=allowed(actor(), "deadline.recompute"))


@page("/deadlines/recount", action="deadline.recompute", methods=("POST",))
def recount_now() -> Response:
    """Count all standing deadlines again; each case's trail says what moved."""
    answer = execute(RecomputeDeadlines(), key=request.form.get("key"))
    sentence = _(
        "已安排重新计算，涉及 {count} 个在办流程，每处变动都记入留痕。", count=answer["instances"]
    )
    flash(sentence.to(locale()), "ok")
    return redirect(url_for("pages.recount_page"), 303)


def done(command: Any) -> Response:
    """Do what a form asks and go back to its page, with what was done or why not."""
    back = inside(request.form.get("next"))
    try:
        made: Command = command()
        execute(made, key=request.form.get("key"))
    except (Invalid, Conflict, NotFound) as refusal:
        flash(refusal.sentence(locale()), "bad")
    else:
        flash(_("已保存。已有的时限不变，需要时请重新计算。").to(locale()), "ok")
    return redirect(back, 303)


def manages() -> bool:
    """Tell whether the person may change calendars."""
    return allowed(actor(), "calendar.manage")


def weekdays() -> tuple[tuple[str, str], ...]:
    """Return the days of the week: the name of the field, and what it is called."""
    return tuple((code, said(name)) for code, name in zip(WEEKDAYS, NAMES, strict=True))


def said(text: Text) -> str:
    """Return a sentence in this page's language."""
    return text.to(locale())


def empty_form() -> dict[str, Any]:
    """Return what the form of a new calendar starts from: office hours."""
    week = {day: " ".join(OFFICE_HOURS["week"].get(day, [])) for day in WEEKDAYS}
    return {"week": week, "seasons": [], "holidays": True}


def filled_form(found: CalendarYear) -> dict[str, Any]:
    """Return what the form of a calendar starts from: its hours in force."""
    timetable = timetable_of(found)
    week = dict(zip(WEEKDAYS, map(day_typed, timetable.week), strict=True))
    return {
        "week": week,
        "seasons": [season_typed(season) for season in timetable.seasons],
        "holidays": timetable.holidays,
    }
