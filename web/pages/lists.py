"""Lists: all cases in reach, and what is overdue."""

from __future__ import annotations

from flask import render_template, request

from web import reading
from web.intake import choices
from web.pages.blueprint import page


@page("/cases", action="case.read")
def cases() -> str:
    """Show the cases the person may see, newest report first."""
    status, query = request.args.get("status") or None, request.args.get("q") or None
    found = reading.cases(status=status, query=query, cursor=request.args.get("cursor"))
    statuses = choices("statuses")
    return render_template("cases.html", page=found, status=status, q=query, statuses=statuses)


@page("/overdue", action="overdue.read")
def overdue() -> str:
    """Show the clocks that ran out, the most overdue first."""
    found = reading.overdue(cursor=request.args.get("cursor"))
    return render_template("overdue.html", page=found)
