"""What-if for whoever changes the rules: hand in a draft, see what it would have made of the past.

A draft is read as any upload: by a child process first. Nothing of it is kept. With a drawing, a
sample of the cases is played on it anew.
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
from processes.reads.reader import Reader
from processes.whatif.divergences import told_played
from processes.whatif.draft import Draft, read_calendar, read_limits, refuse_big
from processes.whatif.drawing import BESIDE, DRAWING, Files
from processes.whatif.past import Period, count_cases
from processes.whatif.run import what_if
from processes.whatif.structural import replay_on
from processes.whatif.telling import told
from web import reading
from web.drafts import refuse_unread
from web.errors import status_of
from web.here import locale, now, product
from web.pages.blueprint import page

MOST_CASES: Final = 20_000  # a click answers within seconds; more is the command line's
MOST_PLAYED: Final = 50  # on a drawing each case is some fifteen commands
ONE_AT_A_TIME = BoundedSemaphore(1)  # what counts for minutes leaves a core to the others


@dataclass(frozen=True)
class Handed:
    """What the form was sent with: files as bytes, two days as written."""

    limits: bytes
    calendar: bytes
    drawing: Files
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
        drawing=drawing_of("drawing"),
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
    if not (handed.limits or handed.calendar or handed.drawing):
        raise Invalid("whatif.nothing", _("请选择草案流程图、草案时限表或草案日历。"))
    period = Period(parse_date(handed.first), parse_date(handed.last))
    table = guarded(handed.limits) if handed.limits else None
    refuse_unreadable(handed.drawing)
    if not ONE_AT_A_TIME.acquire(blocking=False):
        raise Conflict("whatif.busy", _("另一次试算还没有结束，请稍后再试。"))
    try:
        return counted(table, handed, period)
    finally:
        ONE_AT_A_TIME.release()


def counted(table: Table | None, handed: Handed, period: Period) -> Mapping[str, Any]:
    """Count the past again under a draft."""
    with reading.reader() as reader:
        calendar = read_calendar(reader.connection, handed.calendar) if handed.calendar else None
        draft = Draft(table, calendar, handed.drawing, handed.limits or None)
        if draft.drawing:
            return played(reader, draft, period)
        refuse_too_many(reader, period)
        result = what_if(reader.connection, draft, period, library=product().engine.library)
        return told(reader, result, period)


def played(reader: Reader, draft: Draft, period: Period) -> Mapping[str, Any]:
    """Play a sample of the past on a draft drawing."""
    library, shipped = product().engine.library, product().shipped
    found = replay_on(
        reader.connection, draft, period, library=library, shipped=shipped, most=MOST_PLAYED
    )
    return told_played(reader, found, period)


def refuse_too_many(reader: Reader, period: Period) -> None:
    """Refuse what a click cannot wait for. Raises Invalid("whatif.too_many")."""
    cases = count_cases(reader.connection, period.bounds)
    if cases > MOST_CASES:
        sentence = _(
            "这段时间办结了 {cases} 件，页面上最多试算 {most} 件，"
            "请缩短时间，或用命令 shaodao whatif。",
            cases=cases,
            most=MOST_CASES,
        )
        raise Invalid("whatif.too_many", sentence)


def guarded(data: bytes) -> Table:
    """Read a draft table, first in a child process with bounds of its own."""
    refuse_big(data)
    refuse_unread(data)
    return read_limits(data)


def refuse_unreadable(drawing: Files) -> None:
    """Refuse drawings that a child process could not read within bounds.

    What cannot be deployed is refused where it is put in force (processes/whatif/scratch.py).
    """
    for data in drawing.values():
        refuse_big(data)
    texts = {name: xml.decode(data) for name, data in drawing.items() if name.endswith(DRAWING)}
    for finding in examine_safely(texts) if texts else ():
        if finding.element in texts:
            raise Invalid(finding.code, finding.text)


def drawing_of(name: str) -> Files:
    """Return the files of a draft drawing: the diagram, and labels and forms beside it."""
    sent = [each for each in request.files.getlist(name) if each.filename]
    return {
        each.filename or "": each.read()
        for each in sent
        if (each.filename or "").endswith((DRAWING, *BESIDE))
    }


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
