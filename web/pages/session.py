"""Coming in, going out, choosing a language."""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.i18n import LANGUAGES
from web import babel
from web.auth import close_session, open_session
from web.gate import PERSONAL, PUBLIC
from web.here import identity, label, locale, now, product
from web.logins import Identity, Logins, no_post
from web.loopback import demo_allowed
from web.pages.blueprint import page
from web.pages.frame import entries
from web.refusals import LoginRefused

INSIDE = re.compile(r"/(?!/)[^\\\x00-\x20\x7f]*")
WORK = ("pages.inbox", "pages.overdue", "pages.definitions")


def logins() -> Logins:
    """Return who may come in."""
    return Logins(product().engine.database)


@page("/", action=PERSONAL)
def home() -> Response:
    """Go where the person's work is: what waits, what is overdue, the rules, else the menu."""
    offered = [entry.endpoint for entry in entries()]
    if not offered:  # the last post ended while the session was open
        raise no_post()
    first = next((endpoint for endpoint in WORK if endpoint in offered), offered[0])
    return redirect(url_for(first))


@page("/login", action=PUBLIC, methods=("GET", "POST"))
def login() -> Response | str | tuple[str, int]:
    """Log in with login and password, or on this machine with one click on a demo login."""
    if request.method == "GET":
        return redirect(url_for("pages.home")) if identity() else login_page("")
    try:
        who = admitted()
    except LoginRefused as refusal:
        return login_page(refusal.sentence(locale())), 403
    open_session(who)
    return redirect(inside(request.form.get("next")), 303)


def admitted() -> Identity:
    """Return who the form proves to be. Raises LoginRefused."""
    demo = may_demo()
    if "demo" in request.form:
        return logins().by_demo(request.form["demo"], now=now(), demo=demo)
    return logins().by_password(
        request.form.get("login", ""), request.form.get("password", ""), now=now(), demo=demo
    )


def login_page(error: str) -> str:
    """Return the login page; it lists the demo logins where they work."""
    listed = logins().demo_logins(now()) if may_demo() else ()
    demo = tuple((each.login, each.name, label("roles", each.role), each.unit) for each in listed)
    return render_template(
        "login.html",
        error=error,
        login=request.form.get("login", ""),
        next=request.values.get("next", ""),
        demo_logins=demo,
    )


@page("/logout", action=PERSONAL, methods=("POST",))
def logout() -> Response:
    """Log out."""
    close_session()
    return redirect(url_for("pages.login"), 303)


@page("/language", action=PUBLIC, methods=("POST",))
def language() -> Response:
    """Remember the language a person chose."""
    response = redirect(inside(request.form.get("next")), 303)
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        response.set_cookie(
            babel.COOKIE,
            chosen,
            max_age=babel.YEAR,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    return response


def may_demo() -> bool:
    """Tell whether demo logins work on this request."""
    return demo_allowed(request, bound_to=product().settings.host)


def inside(address: str | None) -> str:
    """Return an address of our own to go on to; another site's is replaced by the first page.

    Browsers read a backslash as a slash and drop tabs and line ends: none may stand in it.
    """
    target = address or ""
    if INSIDE.fullmatch(target):
        return target
    return url_for("pages.home")
