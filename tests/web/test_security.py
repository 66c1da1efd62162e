"""What every answer carries."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.web.conftest import Browser


@pytest.mark.parametrize("address", ["/api/", "/api/openapi.json", "/no/such/page", "/login"])
def test_every_answer_forbids_foreign_and_inline_scripts(visitor: Browser, address: str) -> None:
    headers = visitor.get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Browser) -> None:
    visitor.fetch_token()
    cookie = visitor.post("/login", {"demo": "grid"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie, "plain HTTP on the loopback could not read it back"
    over_https = visitor.get("/api/v1/me", base_url="https://localhost")
    assert over_https.status_code in (200, 401)


def test_a_body_too_large_for_its_endpoint_is_not_read(as_: Callable[[str], Browser]) -> None:
    answer = as_("grid").send("/api/v1/work-items/x/complete", {"outcome": "x" * 2_000_000})
    assert answer.status_code in (404, 413)


def test_trying_passwords_is_slowed_down(visitor: Browser) -> None:
    visitor.fetch_token()
    tries = [visitor.post("/login", {"login": "nobody", "password": "x"}) for _each in range(21)]
    assert [answer.status_code for answer in tries] == [403] * 20 + [429]
    assert tries[-1].headers["Retry-After"]
    other = visitor.post("/login", {"login": "somebody", "password": "x"})
    assert other.status_code == 403, "others at the same address may still log in"
