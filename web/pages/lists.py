"""Lists: all cases in reach, what a search finds, and what is overdue."""

from __future__ import annotations

from datetime import date

from flask import render_template, request

from processes.reads.filters import Filters
from web import reading
from web.intake import areas, choices
from web.pages.blueprint import page

CODES = ("status", "category", "urgency", "unit")
DAYS = ("since", "until")
NARROWING = (*CODES, *DAYS, "overdue")


@page("/cases", action="case.read")
def cases() -> str:
    """Show the cases the person may see, newest report first."""
    chosen = {name: request.args[name] for name in NARROWING if request.args.get(name)}
    found = reading.cases(filters=read_filters(), cursor=request.args.get("cursor"))
    return render_template(
        "cases.html",
        page=found,
        chosen=chosen,
        statuses=choices("statuses"),
        categories=choices("categories"),
        urgencies=choices("urgencies"),
        units=areas(),
    )


def read_filters() -> Filters:
    """Return what the address narrows the list by; what is no day narrows nothing."""
    codes = {name: request.args.get(name, "") for name in CODES}
    days = {name: day_of(request.args.get(name, "")) for name in DAYS}
    late = "overdue" in request.args
    return Filters(**codes, since=days["since"], until=days["until"], overdue=late)


def day_of(text: str) -> date | None:
    """Return a day as browsers write it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@page("/search", action="case.read", methods=("GET", "POST"))
def search() -> str:
    """Show what a question finds.

    It is posted: a telephone number in an address would stay in logs and histories.
    """
    question = request.form.get("q", "").strip()
    found = reading.search(question, cursor=request.form.get("cursor")) if question else None
    return render_template("search.html", page=found, q=question)


@page("/overdue", action="overdue.read")
def overdue() -> str:
    """Show the clocks that ran out, the most overdue first."""
    found = reading.overdue(cursor=request.args.get("cursor"))
    return render_template("overdue.html", page=found)
