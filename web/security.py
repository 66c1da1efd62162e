"""What every answer and every session carries: headers, cookies, forgery checks, rate limits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from web.here import EXTENSION
from web.storable import refuse_unstorable

# Pages run our own files only: nothing inline, nothing from elsewhere, nobody frames us.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'none'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=(), camera=(self)",
}
LARGEST_REQUEST = 80 * 1024 * 1024  # six photos of 12 MB and the words beside them
LARGEST_FORM = 1024 * 1024
BUILT_FILES = "/static/dist/"  # their names hold a hash of their content
LONGEST_SESSION = timedelta(hours=12)

LOGIN_TRIES = "20 per minute"  # from one address for one login
LOGIN_FLOOD = "300 per minute"  # from one address: an office behind one router logs in at eight
LARGE_ENDPOINTS = frozenset({"pages.report", "api_cases.report_case"})

csrf = CSRFProtect()


class Sessions(SecureCookieSessionInterface):
    """Signed cookies that travel over HTTPS only, where the request did."""

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002
        """Tell whether to mark the cookie: a plain loopback server could never read it back."""
        return request.is_secure


def init_security(app: Flask, *, secret: bytes) -> None:
    """Set up sessions, headers, forgery checks and limits."""
    app.secret_key = secret
    app.session_interface = Sessions()
    app.config.update(
        SESSION_COOKIE_NAME=EXTENSION,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=LONGEST_SESSION,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, for all that a session can do
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a long report is not lost
        RATELIMIT_HEADERS_ENABLED=True,
    )
    csrf.init_app(app)
    app.before_request(refuse_large)
    app.before_request(refuse_forged)
    app.before_request(refuse_unstorable)
    app.after_request(add_headers)


def limit_logins(app: Flask, *, counted_at: str) -> None:
    """Slow down who tries passwords.

    Counted in each process, or in one Redis for all of them; each goes on alone while that is down.
    """
    alone = counted_at.startswith("memory")
    patience: Any = {} if alone else {"socket_connect_timeout": 1, "socket_timeout": 1}
    limiter = Limiter(
        get_remote_address,
        app=app,
        storage_uri=counted_at,
        storage_options=patience,
        in_memory_fallback_enabled=True,
    )
    view: Any = app.view_functions["pages.login"]
    view = limiter.limit(LOGIN_TRIES, key_func=login_tried, methods=["POST"])(view)
    app.view_functions["pages.login"] = limiter.limit(LOGIN_FLOOD, methods=["POST"])(view)


def login_tried() -> str:
    """Return what a try counts for: the address it comes from and the login it is for."""
    return f"{get_remote_address()} {request.form.get('login', '')[:40].lower()}"


def refuse_large() -> None:
    """Allow bodies the size of photos only where photos are taken."""
    if request.endpoint not in LARGE_ENDPOINTS:
        request.max_content_length = LARGEST_FORM


def bearer() -> str | None:
    """Return the token a program sent, None where it sent none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def refuse_forged() -> None:
    """Refuse what another site made the browser send.

    A token is never sent by a browser on its own, and with a token the session is not looked at.
    """
    if bearer() is None and request.method not in {"GET", "HEAD", "OPTIONS"}:
        csrf.protect()


def add_headers(response: Response) -> Response:
    """Put the security headers on an answer; what a person sees is kept in no shared cache."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif request.path.startswith(BUILT_FILES) and response.status_code == 200:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
