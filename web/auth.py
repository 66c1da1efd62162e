"""How a request tells who it is from: the session cookie, or a token in the header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Request, request, session
from flask_login import LoginManager, login_user

from web.here import now
from web.logins import Identity, Logins
from web.loopback import demo_allowed
from web.security import bearer

if TYPE_CHECKING:
    from processes.bootstrap import Product


def init_auth(app: Flask, product: Product) -> None:
    """Let Flask-Login find out who asks, from `Logins`."""
    logins = Logins(product.engine.database)
    manager = LoginManager(app)
    host = product.settings.host

    def by_session(kept: str) -> Identity | None:
        if bearer() is not None:
            return None  # a token speaks alone, or the forgery check could be talked around
        return logins.by_session(kept, now=now(), demo=demo_allowed(request, bound_to=host))

    def by_token(asked: Request) -> Identity | None:
        secret = bearer()
        if secret is None:
            return None
        return logins.by_token(secret, now=now(), demo=demo_allowed(asked, bound_to=host))

    manager.user_loader(by_session)
    manager.request_loader(by_token)


def open_session(who: Identity) -> None:
    """Log a person in, in a session that holds nothing from before."""
    session.clear()
    session.permanent = True
    login_user(who)


def close_session() -> None:
    """Log out: the cookie is emptied."""
    session.clear()
