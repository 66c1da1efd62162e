"""A furnished product for each test, and a browser that logs in as people do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from engine.now import ManualClock
from processes.bootstrap import Product, open_product, prepare
from processes.settings import Settings
from tests.balance import assert_balanced
from tests.conftest import EPOCH
from tests.web.office import furnish
from web import create_app
from web.accounts import HANDLERS

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


def settings_in(home: Path) -> Settings:
    return Settings(home=home, database=f"sqlite:///{home}/shaodao.db")


@pytest.fixture(scope="session")
def furnished_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with everything deployed and the office in it, which is only copied."""
    home = tmp_path_factory.mktemp("office")
    product = prepare(settings_in(home), clock=ManualClock(EPOCH), handlers=HANDLERS)
    furnish(product)
    product.close()
    return home


@pytest.fixture
def product(furnished_home: Path, tmp_path: Path, clock: ManualClock) -> Iterator[Product]:
    """A furnished product of the test's own; its clock is the fixture `clock`."""
    home = tmp_path / "home"
    shutil.copytree(furnished_home, home)
    opened = open_product(settings_in(home), clock=clock, handlers=HANDLERS)
    yield opened
    assert_balanced(opened)
    opened.close()


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
