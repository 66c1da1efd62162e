"""Where the time of a month's cases went, by unit: a page for supervisors, and the same as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from flask import render_template, request
from werkzeug.wrappers import Response

from engine.i18n import Text, _
from engine.sla.accountable import Charged
from engine.sla.iso import ZONE
from processes.reads.charged import KINDS, ChargedMonth, ChargedRow
from web import reading
from web.here import locale, now
from web.pages.blueprint import page
from web.spreadsheet import csv_file

WORDS: Final[Mapping[str, Text]] = {
    Charged.HOLDER.value: _("独自经办"),
    Charged.JOINT.value: _("几家同时办理"),
    Charged.DISPUTE.value: _("异议审定"),
    Charged.PAUSE.value: _("缓办"),
    Charged.NOBODY.value: _("无人当班"),
}


@page("/charged", action="overdue.read")
def charged() -> str:
    """Show a month, the present one unless told."""
    found = reading.charged_month(month_asked())
    kinds = {kind: WORDS[kind].to(locale()) for kind in KINDS}
    return render_template("charged.html", page=found, kinds=kinds, today=today())


@page("/charged.csv", action="overdue.read")
def charged_csv() -> Response:
    """Hand out a month in whole minutes."""
    found = reading.charged_month(month_asked())
    return csv_file(f"charged-{found.month:%Y-%m}.csv", lines(found))


def lines(found: ChargedMonth) -> Iterator[list[str | int]]:
    """Yield the head, each unit, and the whole in which each minute stands once."""
    titles = [_("单位"), *(WORDS[kind] for kind in KINDS)]
    yield [title.to(locale()) for title in titles]
    for row in found.rows:
        yield line(row.label, row)
    yield line(_("全部事项（每分钟只计一次）").to(locale()), found.whole)


def line(label: str, row: ChargedRow) -> list[str | int]:
    """Return a row's cells."""
    return [label, *(row.minutes[kind] for kind in KINDS)]


def month_asked() -> date:
    """Return the first day of the month asked for; what is no month is the present one."""
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        return today().replace(day=1)


def today() -> date:
    """Return the day it is in Asia/Shanghai."""
    return now().astimezone(ZONE).date()
