"""What-if for whoever changes the rules: hand in a draft, see what it would have made of the past.

A draft is read as any upload: by a child process first. Nothing of it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from threading import BoundedSemaphore
from typing import Any, Final

from flask import render_template, request

from engine import xml
from engine.bpmn.guard import examine_safely
from engine.decision import Table
from engine.errors import Conflict, Invalid, ShaodaoError
from engine.i18n import _
from engine.sla.iso import ZONE, parse_date
from processes.whatif.draft import Draft, read_calendar, read_limits, refuse_big
from processes.whatif.past import Period, count_cases
from processes.whatif.run import what_if
from processes.whatif.telling import told
from web import reading
from web.errors import status_of
from web.here import locale, now, product
from web.pages.blueprint import page

MOST_CASES: Final = 20_000  # a click answers within seconds; more is the command line's
ONE_AT_A_TIME = BoundedSemaphore(1)  # what counts for minutes leaves a core to the others
NAME: Final = "limits.dmn"


@dataclass(frozen=True)
class Handed:
    """What the form was sent with: two files as bytes, two days as written."""

    limits: bytes
    calendar: bytes
    first: str
    last: str


@page("/whatif", action="whatif.run", methods=("GET", "POST"))
def whatif() -> str | tuple[str, int]:
    """Show the form; after a draft was sent, what it would have changed."""
    today = now().astimezone(ZONE).date()
    if request.method == "GET":
        return form((today - timedelta(days=90)).isoformat(), today.isoformat())
    handed = Handed(
        limits=file_of("limits"),
        calendar=file_of("calendar"),
        first=request.form.get("from", ""),
        last=request.form.get("to", ""),
    )
    try:
        return form(handed.first, handed.last, answer=answered(handed))
    except ShaodaoError as refusal:
        sentence = refusal.sentence(locale())
        return form(handed.first, handed.last, sentence=sentence), status_of(refusal)


def answered(handed: Handed) -> Mapping[str, Any]:
    """Return the result in words.

    Raises Invalid("whatif.nothing", "whatif.too_many", …) and Conflict("whatif.busy").
    """
    if not handed.limits and not handed.calendar:
        raise Invalid("whatif.nothing", _("请选择草案时限表或草案日历。"))
    period = Period(parse_date(handed.first), parse_date(handed.last))
    table = guarded(handed.limits) if handed.limits else None
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise Conflict("whatif.busy", _("另一次试算还没有结束，请稍后再试。"))
    try:
        return counted(table, handed.calendar, period)
    finally:
        ONE_AT_A_TIME.release()


def counted(table: Table | None, calendar: bytes, period: Period) -> Mapping[str, Any]:
    """Count the past again under a draft."""
    with reading.reader() as reader:
        connection = reader.connection
        cases = count_cases(connection, period)
        if cases > MOST_CASES:
            sentence = _(
                "这段时间办结了 {cases} 件，页面上最多试算 {most} 件，"
                "请缩短时间，或用命令 shaodao whatif。",
                cases=cases,
                most=MOST_CASES,
            )
            raise Invalid("whatif.too_many", sentence)
        draft = Draft(table, read_calendar(connection, calendar) if calendar else None)
        result = what_if(connection, draft, period, library=product().engine.library)
        return told(reader, result, period)


def guarded(data: bytes) -> Table:
    """Read a draft table, first in a child process with bounds of its own."""
    refuse_big(data)
    for finding in examine_safely({NAME: xml.decode(data)}):
        raise Invalid(finding.code, finding.text)
    return read_limits(data)


def file_of(name: str) -> bytes:
    """Return a file of the form, nothing where none was chosen."""
    sent = request.files.get(name)
    return sent.read() if sent and sent.filename else b""


def form(
    first: str, last: str, *, answer: Mapping[str, Any] | None = None, sentence: str = ""
) -> str:
    """Return the page."""
    return render_template(
        "whatif.html",
        first=day_shown(first),
        last=day_shown(last),
        answer=answer,
        sentence=sentence,
    )


def day_shown(text: str) -> str:
    """Return a day for a field of days, nothing where it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""
