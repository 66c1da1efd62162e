"""Who asks: the word of known proxies is taken, nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import run_wsgi_app

from processes.bootstrap import Product
from tests.web.conftest import Browser
from web import create_app
from web.proxies import TrustedProxies

NGINX, BALANCER, PERSON = "10.0.0.5", "10.0.9.1", "203.0.113.7"


@pytest.fixture
def seen() -> Callable[..., tuple[str, str, str]]:
    """Ask through proxies and return what the application sees: client, scheme, host."""

    def ask(address: str, forwarded: str) -> tuple[str, str, str]:
        found: list[tuple[str, str, str]] = []

        def app(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_HOST")
            found.append(tuple(environ[name] for name in names))  # type: ignore[arg-type]
            start("200 OK", [])
            return []

        environ = {
            "REMOTE_ADDR": address,
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "inside:8000",
            "HTTP_X_FORWARDED_FOR": forwarded,
            "HTTP_X_FORWARDED_PROTO": "https",
            "HTTP_X_FORWARDED_HOST": "shaodao.example",
        }
        run_wsgi_app(TrustedProxies(app, [NGINX, "10.0.9.0/24"]), environ)
        return found[0]

    return ask


def test_a_known_proxy_says_who_asks(seen: Callable[..., tuple[str, str, str]]) -> None:
    assert seen(NGINX, PERSON) == (PERSON, "https", "shaodao.example")


def test_behind_two_known_proxies_it_is_who_the_first_saw(
    seen: Callable[..., tuple[str, str, str]],
) -> None:
    assert seen(NGINX, f"{PERSON}, {BALANCER}")[0] == PERSON
    assert seen(NGINX, f"127.0.0.1, {PERSON}, {BALANCER}")[0] == PERSON, (
        "the rest anybody can write"
    )


@pytest.mark.parametrize("address", [PERSON, "127.0.0.1", ""])
def test_anybody_else_may_say_what_he_likes(
    seen: Callable[..., tuple[str, str, str]], address: str
) -> None:
    assert seen(address, "127.0.0.1") == (address, "http", "inside:8000")


def test_behind_a_proxy_demo_logins_are_off_and_tries_count_by_person(product: Product) -> None:
    settings = replace(product.settings, proxies=("127.0.0.1",))
    visitor = Browser(create_app(replace(product, settings=settings)))
    visitor.fetch_token()
    of = [{"headers": {"X-Forwarded-For": f"203.0.113.{n}"}} for n in (1, 2)]
    assert visitor.post("/login", {"demo": "grid"}, **of[0]).status_code == 403
    wrong = {"login": "nobody", "password": "x"}
    tries = [visitor.post("/login", wrong, **of[0]).status_code for _each in range(21)]
    assert tries[-1] == 429
    assert visitor.post("/login", wrong, **of[1]).status_code == 403


def test_where_tries_cannot_be_counted_together_each_server_counts_alone(product: Product) -> None:
    settings = replace(product.settings, throttle="redis://127.0.0.1:1/0")
    visitor = Browser(create_app(replace(product, settings=settings)))
    visitor.fetch_token()
    wrong = {"login": "nobody", "password": "x"}
    tries = [visitor.post("/login", wrong).status_code for _each in range(22)]
    assert tries[0] == 403
    assert tries[-1] == 429
