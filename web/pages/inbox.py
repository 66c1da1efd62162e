"""The inbox, finishing a step, and whether anything has changed since."""

from __future__ import annotations

import zlib
from functools import partial
from uuid import UUID

from flask import flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict, Invalid, ShaodaoError
from engine.i18n import _
from engine.run.commands import CompleteWorkItem
from web import reading
from web.errors import fields_of, status_of
from web.gate import PERSONAL
from web.here import execute, locale
from web.pages.blueprint import page
from web.pages.case import case_answer
from web.pages.forms import asked_by, read_step
from web.photos import add_to_step, read_photos


@page("/inbox", action="item.read")
def inbox() -> str:
    """Show what waits for me; htmx asks for the rows of a further page only."""
    found = reading.inbox(tab=request.args.get("tab"), cursor=request.args.get("cursor"))
    append = "cursor" in request.args
    rows_only = bool(request.headers.get("HX-Request")) and append
    template = "_inbox_rows.html" if rows_only else "inbox.html"
    return render_template(template, page=found, append=append)


@page("/work-items/<uuid:item_id>", action="item.do", methods=("GET", "POST"))
def complete(item_id: UUID) -> Response | tuple[str, int]:
    """Finish a step; what is wrong with the form is shown on the case's page, nothing is lost.

    The address alone leads to the case: it is what a browser reloads after a refusal.
    """
    case = reading.case_of(item_id)
    if request.method == "GET":
        return redirect(url_for("pages.case", number=case.number))
    outcome = request.form.get("outcome", "")
    shown = next((item.fields for item in case.items if item.item_id == item_id), ())
    fields = asked_by(outcome, shown)
    values = read_step(request.form, fields)
    try:
        values |= read_photos(fields, partial(add_to_step, item_id))
        execute(
            CompleteWorkItem(item_id=item_id, outcome=outcome, data=values),
            key=request.form.get("key"),
        )
    except (Invalid, Conflict) as refusal:
        if request.headers.get("HX-Request"):
            raise  # one tap in the list: a toast, and the list stays
        return case_answer(
            case.number,
            status=status_of(refusal),
            sentence=refusal.sentence(locale()),
            errors=fields_of(refusal),
            failed_item=item_id,
            values={"outcome": outcome, **values},
        )
    flash(_("已提交。").to(locale()), "ok")
    return redirect(after(case.number), 303)


def after(number: str) -> str:
    """Return where to go on: the case, if that is where the step was done and it is still seen."""
    if not request.form.get("back"):
        return url_for("pages.inbox")
    try:
        reading.case(number)
    except ShaodaoError:
        return url_for("pages.inbox")
    return url_for("pages.case", number=number)


@page("/pulse", action=PERSONAL)
def pulse() -> Response | tuple[str, int]:
    """Tell cheaply whether the inbox has changed since version `v`: 204 if not."""
    version = zlib.crc32(repr(reading.inbox_state()).encode())
    if request.args.get("v") == str(version):
        return "", 204
    return jsonify(v=version)
