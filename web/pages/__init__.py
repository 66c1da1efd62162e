"""The pages people use: the same commands and reads as the API, put into HTML."""

from __future__ import annotations

from flask import Flask

from web.pages import (
    calendars,
    case,
    charged,
    definitions,
    frame,
    inbox,
    incidents,
    lists,
    organisation,
    report,
    roster,
    session,
    settings,
    tables,
    trends,
    whatif,
)
from web.pages.blueprint import pages

ROOMS = (
    session,
    inbox,
    case,
    report,
    lists,
    charged,
    trends,
    organisation,
    roster,
    calendars,
    settings,
    tables,
    whatif,
    definitions,
    incidents,
)


def init_pages(app: Flask) -> None:
    """Register the pages and what every one of them shows."""
    app.register_blueprint(pages)
    frame.init_frame(app)
