"""Every endpoint names its action of the permission table; one that names none lets nobody in.

The gate asks the coarse question (may one of the actor's roles do this anywhere?). The fine one
(this case, this unit) is asked where the thing is known: in the reads and in the command handlers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from engine.errors import Forbidden
from engine.i18n import _
from processes.permissions import roles_for
from web.here import identity, wants_json
from web.refusals import Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])

ATTRIBUTE = "shaodao_action"
PUBLIC = "public"  # anybody, logged in or not
PERSONAL = "personal"  # anybody who is logged in, about themselves
OPEN_ENDPOINTS = frozenset({"static"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def needs(action: str) -> Callable[[View], View]:
    """Declare the action an endpoint is for: one of the permission table, PUBLIC or PERSONAL."""

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, action)
        return view

    return declare


def action_of(app: Flask, endpoint: str) -> str | None:
    """Return the action that an endpoint declares, None where it declares none."""
    if endpoint in OPEN_ENDPOINTS:
        return PUBLIC
    return getattr(app.view_functions.get(endpoint), ATTRIBUTE, None)


def init_gate(app: Flask) -> None:
    """Put the gate before every request."""

    @app.before_request
    def gate() -> Response | None:
        if request.endpoint is None:  # no such address, or not with this method
            return None
        action = action_of(app, request.endpoint)
        if action == PUBLIC:
            return None
        who = identity()
        if who is None:
            if wants_json():
                raise Unauthenticated
            return redirect(url_for("pages.login", next=back_to()))
        if "write" not in who.scopes and request.method not in READING:
            raise Forbidden("token.read_only", _("这个接口令牌只能读取，不能提交。"))
        if action != PERSONAL and not any(
            post.role in roles_for(action or "") for post in who.actor.posts
        ):
            raise Forbidden(
                "action.not_allowed", _("您的岗位没有权限进行这项操作，如确有需要请联系管理员。")
            )
        return None


def back_to() -> str:
    """Return where to go after logging in: the page asked for, where a link can bring it back."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("pages.home")
