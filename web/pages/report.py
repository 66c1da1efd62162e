"""Reporting a problem, from a phone, in under a minute."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Conflict, Invalid
from engine.i18n import _
from web import intake, reading
from web.errors import fields_of, status_of
from web.here import locale, new_key
from web.pages.blueprint import page

FIELDS = (
    "category",
    "standard",
    "description",
    "area",
    "joint_area",
    "address",
    "urgency",
    "reporter_name",
    "reporter_phone",
    "source",
    "external_ref",
)


ALIKE = ("category", "area", "reporter_phone")
FILED = ("category", "urgency")


@page("/report", action="case.report", methods=("GET", "POST"))
def report() -> Response | str | tuple[str, int]:
    """Show the form; take the report and go to its case."""
    if request.method == "GET":
        return form({"area": intake.own_area(), "urgency": "normal"})
    values = {name: request.form.get(name, "").strip() for name in FIELDS}
    values["source"] = values["source"] or intake.sources()[0][0]
    photos = [file.read() for file in request.files.getlist("photos") if file.filename]
    try:
        number = intake.report(values, photos=photos, key=request.form.get("key"))
    except (Invalid, Conflict) as refusal:
        page_again = form(values, sentence=refusal.sentence(locale()), errors=fields_of(refusal))
        return page_again, status_of(refusal)
    flash(_("已上报，编号 {number}。", number=number).to(locale()), "ok")
    return redirect(url_for("pages.case", number=number), 303)


@page("/report/alike", action="case.report", methods=("POST",))
def alike() -> str:
    """Show what was reported at a place before; the form asks while it is being filled in."""
    told = {name: request.form.get(name, "").strip() for name in ALIKE}
    found = reading.alike(**told) if told["category"] and told["area"] else None
    return render_template("_alike.html", found=found)


@page("/report/filings", action="case.report", methods=("POST",))
def filings() -> str:
    """Show what may have been seen, once the form knows the category."""
    told = {name: request.form.get(name, "").strip() for name in FILED}
    chosen = request.form.get("standard", "")
    return render_template("_filings.html", filings=reading.filings(**told), chosen=chosen)


def form(
    values: Mapping[str, str], *, sentence: str = "", errors: Mapping[str, str] | None = None
) -> str:
    """Return the form, after a refusal with its sentences and what had been typed."""
    sources = intake.sources()
    return render_template(
        "report.html",
        values={"source": sources[0][0], **values},
        sentence=sentence,
        errors=errors or {},
        key=request.form.get("key") or new_key(),
        categories=intake.choices("categories"),
        filings=reading.filings(
            category=values.get("category", ""), urgency=values.get("urgency", "")
        ),
        urgencies=intake.choices("urgencies"),
        sources=sources,
        areas=intake.areas(),
        neighbours=intake.everywhere(),
    )
