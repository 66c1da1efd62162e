"""A decision table, opened from what it decided."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request

from web import reading
from web.pages.blueprint import page


@page("/tables/<key>/<uuid:version>", action="definition.read")
def table(key: str, version: UUID) -> str:
    """Show the rows that are asked for (`row`), or the whole table."""
    only = {int(row) for row in request.args.getlist("row") if row.isdecimal()}
    return render_template("table.html", table=reading.table(key, version, only=only), only=only)
