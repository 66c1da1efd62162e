"""How a page is declared: address and action in one decorator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint

from web.gate import needs

View = TypeVar("View", bound=Callable[..., Any])

pages = Blueprint("pages", __name__)


def page(rule: str, *, action: str, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Declare a page for an action of the permission table; its endpoint is the view's name."""

    def declare(view: View) -> View:
        pages.add_url_rule(rule, view_func=needs(action)(view), methods=list(methods))
        return view

    return declare
