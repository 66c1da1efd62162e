"""The duty roster, week by week."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request

from engine.sla.iso import ZONE
from processes.access import path_of
from processes.permissions import allowed
from processes.reads.duty import duty_week
from processes.reads.organisation import top_units
from processes.reads.units import units
from web.here import actor, now, product
from web.pages.blueprint import page
from web.pages.organisation import role_names


@page("/roster", action="organisation.read")
def roster() -> str:
    """Show a week of duty of a unit and all below it; whoever manages it may edit."""
    first = monday(request.args.get("week", ""))
    with product().engine.database.read() as connection:
        everything = units(connection, kinds=("district", "street", "community", "department"))
        code = request.args.get("unit") or own_unit() or first_code(top_units(connection))
        days = duty_week(connection, code, first)
        path = path_of(connection, code)
    may = path is not None and allowed(actor(), "organisation.manage", paths=(path,))
    return render_template(
        "roster.html",
        days=days,
        first=first,
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        code=code,
        units=everything,
        roles=role_names(),
        may=may,
        today=now().astimezone(ZONE).date(),
    )


def monday(text: str) -> date:
    """Return the Monday of the week that a day lies in, of this week where it is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = now().astimezone(ZONE).date()
    return day - timedelta(days=day.weekday())


def own_unit() -> str:
    """Return the unit of the person's first post."""
    return actor().posts[0].unit if actor().posts else ""


def first_code(roots: tuple[object, ...]) -> str:
    """Return the code of the first root, "" in an empty organisation."""
    return str(getattr(roots[0], "code", "")) if roots else ""
