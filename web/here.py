"""What a request may reach: the product behind it, who asks, and the one instant of the page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from flask import current_app, g, request
from flask_babel import get_locale
from flask_login import current_user

from engine.actor import Actor
from engine.run.commands import Command

if TYPE_CHECKING:
    from processes.bootstrap import Product
    from processes.reads.definitions import Folders
    from web.logins import Identity

EXTENSION = "shaodao"
FOLDERS = "shaodao_folders"


def product() -> Product:
    """Return the product that this application serves."""
    return cast("Product", current_app.extensions[EXTENSION])


def folders() -> Folders:
    """Return the words of deployed folders, kept for all requests."""
    return cast("Folders", current_app.extensions[FOLDERS])


def identity() -> Identity | None:
    """Return who is logged in, None for nobody."""
    return cast("Identity", current_user) if current_user.is_authenticated else None


def actor() -> Actor:
    """Return who asks. Only for endpoints behind the gate, where somebody does."""
    who = identity()
    assert who is not None, "the gate lets nobody in without an identity"  # noqa: S101
    return who.actor


def now() -> datetime:
    """Return the instant of this request: everything on one page has the same now."""
    if "now" not in g:
        g.now = product().engine.clock.now()
    return cast("datetime", g.now)


def locale() -> str:
    """Return the language of this answer, "zh" or "en"."""
    return str(get_locale() or "zh")


def label(section: str, code: str) -> str:
    """Return the word of a shared code (roles, statuses, categories …) in this language."""
    return product().shipped.labels.of(section, code, locale())


def wants_json() -> bool:
    """Tell whether the caller is a program: everything under /api answers in JSON."""
    return request.path.startswith("/api/") and request.endpoint != "api_docs.reference"


def execute(command: Command, *, key: str | None = None) -> dict[str, Any]:
    """Take the one road: run a command as the person who asks.

    `key` names the attempt; without one the header Idempotency-Key does, where it was sent.
    """
    return product().engine.execute(
        command, actor(), key=key or request.headers.get("Idempotency-Key")
    )


def new_key() -> str:
    """Return a name for an attempt, put into forms so that a double click is one report."""
    return str(product().engine.ids.new())


def as_uuid(text: str) -> UUID | None:
    """Return an id typed into an address or a form, None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
