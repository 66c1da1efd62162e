"""A case's page and its photos."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict, Invalid, NotFound
from engine.i18n import _
from engine.run.commands import TakeOffer
from processes.classifying import ClassifyCase
from processes.links import LinkCases
from processes.reads.rows import CasePage
from web import reading
from web.errors import fields_of, status_of
from web.here import execute, locale
from web.pages.blueprint import page
from web.pages.forms import read_step
from web.photos import add_to_offer, read_photos

KEEP_PHOTO = "private, max-age=86400, immutable"


@page("/cases/<number>", action="case.read")
def case(number: str) -> tuple[str, int]:
    """Show a case: what I can do, what it is, who holds it, what happened."""
    return case_answer(number)


@page("/cases/<number>/reveal", action="case.read_person", methods=("GET", "POST"))
def reveal(number: str) -> Response | tuple[str, int]:
    """Show a case with the reporter in clear; that it was read is recorded.

    Only the button asks for it: whoever reloads the address reads the masked page.
    """
    if request.method == "GET":
        return redirect(url_for("pages.case", number=number))
    return case_answer(number, found=reading.revealed(number))


@page(
    "/cases/<number>/offers/<uuid:instance>/<int:token>", action="item.do", methods=("GET", "POST")
)
def take_offer(number: str, instance: UUID, token: int) -> Response | tuple[str, int]:
    """Do what the diagram offers besides the steps; a refusal keeps what was typed."""
    found = reading.case(number)
    address = url_for("pages.case", number=number)
    if request.method == "GET":
        return redirect(address)
    place = (instance, token)
    offers = (each for each in found.offers if (each.instance_id, each.token) == place)
    fields = next((each.fields for each in offers), ())
    values = read_step(request.form, fields)
    try:
        values |= read_photos(fields, partial(add_to_offer, instance, token))
        command = TakeOffer(instance_id=instance, token=token, data=values)
        execute(command, key=request.form.get("key"))
    except (Invalid, Conflict) as refusal:
        return case_answer(
            number,
            status=status_of(refusal),
            sentence=refusal.sentence(locale()),
            errors=fields_of(refusal),
            failed_offer=place,
            values=values,
        )
    flash(_("已提交。").to(locale()), "ok")
    return redirect(address, 303)


def case_answer(
    number: str,
    *,
    found: CasePage | None = None,
    status: int = 200,
    sentence: str = "",
    errors: Mapping[str, str] | None = None,
    failed_item: UUID | None = None,
    failed_offer: tuple[UUID, int] | None = None,
    values: Mapping[str, Any] | None = None,
) -> tuple[str, int]:
    """Return a case's page, after a refusal with its sentences and what had been typed."""
    shown = found or reading.case(number)
    return render_template(
        "case.html",
        page=shown,
        may_reveal=shown.may_reveal and found is None,
        sentence=sentence,
        errors=errors or {},
        failed_item=failed_item,
        failed_offer=failed_offer,
        values=values or {},
    ), status


@page("/cases/<number>/links", action="case.link", methods=("GET", "POST"))
def link(number: str) -> Response | tuple[str, int]:
    """Say how a case stands to another; the address alone leads to the case."""
    if request.method == "POST":
        told = {name: request.form.get(name, "").strip() for name in ("other", "kind", "reason")}
        try:
            execute(LinkCases(number=number, **told))
        except (Invalid, Conflict, NotFound) as refusal:
            sentence = refusal.sentence(locale())
            return case_answer(number, status=status_of(refusal), sentence=sentence)
        flash(_("已关联。").to(locale()), "ok")
    return redirect(url_for("pages.case", number=number), 303)


@page("/cases/<number>/classify", action="case.classify", methods=("GET", "POST"))
def classify(number: str) -> Response | tuple[str, int]:
    """Say under which filing condition a case falls; the address alone leads to the case."""
    if request.method == "POST":
        try:
            execute(ClassifyCase(number=number, standard=request.form.get("standard", "")))
        except (Invalid, Conflict) as refusal:
            sentence = refusal.sentence(locale())
            return case_answer(number, status=status_of(refusal), sentence=sentence)
        flash(_("立案条件已定。").to(locale()), "ok")
    return redirect(url_for("pages.case", number=number), 303)


@page("/cases/<number>/deadlines/<uuid:clock>", action="case.read")
def deadline(number: str, clock: UUID) -> str:
    """Show why a clock is due when it is, in sentences to be read aloud."""
    return render_template("deadline.html", why=reading.explained(number, clock))


@page("/cases/<number>/diligence/<unit>", action="diligence.read")
def diligence(number: str, unit: str) -> str:
    """Show the diligence record of a unit in a case, made to be printed on one page."""
    return render_template("diligence.html", sheet=reading.diligence(number, unit))


@page("/cases/<number>/photos/<uuid:id>", action="case.read")
def photo(number: str, id: UUID) -> Response:  # noqa: A002 - the address says `id`
    """Return the clean copy of a photo of a case the person may see."""
    return Response(
        reading.photo(number, id),
        mimetype="image/jpeg",
        headers={"Cache-Control": KEEP_PHOTO},
    )
