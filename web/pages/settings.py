"""The settings of the district: how it blows its whistles."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Invalid
from engine.i18n import _
from processes.practice import WORDS, ChangeSetting
from processes.reads.practice import practices
from web.here import execute, locale, product
from web.pages.blueprint import page


@page("/settings", action="setting.change", methods=("GET", "POST"))
def settings() -> str | Response:
    """Show the settings, or change one; it holds from the next step on."""
    if request.method == "POST":
        change()
        return redirect(url_for("pages.settings"), 303)
    with product().engine.database.read() as connection:
        found = practices(connection)
    words = {code: text.to(locale()) for code, text in WORDS.items()}
    return render_template("settings.html", practices=found, words=words)


def change() -> None:
    """Do what a form asks and say what came of it."""
    command = ChangeSetting(name=request.form.get("name", ""), value=request.form.get("value", ""))
    try:
        execute(command)
    except Invalid as refusal:
        flash(refusal.sentence(locale()), "bad")
    else:
        flash(_("已保存。").to(locale()), "ok")
