"""A furnished product for each test, and a browser that logs in as people do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from processes.bootstrap import Product
from tests.web.homes import furnished_home, product
from web import create_app

__all__ = ["furnished_home", "product"]
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


class Browser:
    """A person at a visitor: follows no redirect unasked, sends the forgery token with POSTs."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.csrf = ""

    def login(self, login: str) -> Browser:
        """Click a demo login."""
        self.fetch_token()
        answer = self.post("/login", {"demo": login})
        assert answer.status_code == 303, answer.text
        self.fetch_token()
        return self

    def fetch_token(self) -> None:
        """Read the forgery token from a page that everybody may see."""
        found = TOKEN.search(self.get("/api/").text)
        assert found is not None
        self.csrf = found[1]

    def get(self, address: str, **options: Any) -> TestResponse:
        """Open an address."""
        return self.client.get(address, **options)

    def post(
        self, address: str, form: dict[str, Any] | None = None, **options: Any
    ) -> TestResponse:
        """Send a form."""
        return self.client.post(address, data={"csrf_token": self.csrf, **(form or {})}, **options)

    def send(self, address: str, body: Any = None, **headers: str) -> TestResponse:
        """Send JSON, as a script on the page would."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post(address, json=body, headers={"X-CSRFToken": self.csrf, **named})


@pytest.fixture
def app(product: Product) -> Flask:
    """The application; assets need no built front end here."""
    built = create_app(product)
    built.jinja_env.globals["asset"] = lambda name: f"/static/{name}"
    return built


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser at which nobody is logged in."""
    return Browser(app)


@pytest.fixture
def as_(app: Flask) -> Callable[[str], Browser]:
    """Give each login a browser of its own: `as_("grid").get("/inbox")`."""
    browsers: dict[str, Browser] = {}

    def at(login: str) -> Browser:
        if login not in browsers:
            browsers[login] = Browser(app).login(login)
        return browsers[login]

    return at
