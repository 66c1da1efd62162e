"""Which language an answer is in: what the person chose, else what the browser asks for."""

from __future__ import annotations

from flask import Flask, request
from flask_babel import Babel

from engine.i18n import DOMAIN, LANGUAGES, LOCALES

COOKIE = "language"
YEAR = 365 * 24 * 3600


def init_babel(app: Flask) -> None:
    """Let templates speak from the catalogue that engine and command line share."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Shanghai"
    app.config["BABEL_DOMAIN"] = DOMAIN
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(LOCALES)
    Babel(app, locale_selector=chosen)


def chosen() -> str:
    """Return "zh" or "en": the cookie's, else the best that the browser accepts."""
    cookie = request.cookies.get(COOKIE)
    if cookie in LANGUAGES:
        return cookie
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])
