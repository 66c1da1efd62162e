"""What stands still, by cause, and trying all of one cause again."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.i18n import _
from processes.permissions import allowed
from processes.reads.incidents import causes
from processes.retrying import Retried, retry_alike
from web.here import actor, locale, product
from web.pages.blueprint import page


@page("/incidents", action="incident.read")
def incidents() -> str:
    """Show open incidents grouped by cause; who may retry has a button beside each."""
    with product().engine.database.read() as connection:
        found = causes(connection)
    may = allowed(actor(), "incident.retry")
    return render_template("incidents.html", causes=found.rows, may=may)


@page("/incidents/retry", action="incident.retry", methods=("POST",))
def retry_incidents() -> Response:
    """Try again what stopped for one cause, and say what came of it."""
    code, cause = request.form.get("code", ""), request.form.get("cause", "")
    came = retry_alike(product().engine, actor(), code=code, cause=cause)
    flash(outcome(came), "ok" if not came.failing else "warn")
    return redirect(url_for("pages.incidents"), code=303)


def outcome(came: Retried) -> str:
    """Say what came of a retry."""
    return _(
        "已重试：恢复 {recovered} 条，仍失败 {failing} 条，此原因还剩 {left} 条。",
        recovered=came.recovered,
        failing=came.failing,
        left=came.left,
    ).to(locale())
