"""Demo logins work for somebody at this machine and for nobody else."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from web.loopback import demo_allowed, is_loopback


def asked(host: str = "127.0.0.1:8000", peer: str = "127.0.0.1", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    environ = EnvironBuilder(headers={"Host": host, **named}).get_environ()
    return Request({**environ, "REMOTE_ADDR": peer})


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "localhost"])
def test_somebody_at_this_machine_may(host: str) -> None:
    assert demo_allowed(asked(host), bound_to="127.0.0.1")


@pytest.mark.parametrize(
    "header",
    [
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Anything",
        "Forwarded",
        "Via",
        "X-Real-IP",
    ],
)
def test_a_request_that_was_passed_on_may_not(header: str) -> None:
    assert not demo_allowed(asked(**{header: "10.0.0.1"}), bound_to="127.0.0.1")


def test_a_server_that_listens_to_the_network_has_no_demo_logins() -> None:
    assert not demo_allowed(asked(), bound_to="0.0.0.0")
    assert not demo_allowed(asked(), bound_to="192.168.1.5")


def test_neither_another_machine_nor_a_foreign_name_of_this_one_may() -> None:
    assert not demo_allowed(asked(peer="192.168.1.9"), bound_to="127.0.0.1")
    assert not demo_allowed(asked("attacker.example"), bound_to="127.0.0.1")  # a rebound name


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.53", True), ("", False), (None, False)])
def test_loopback_names(host: str | None, *, expected: bool) -> None:
    assert is_loopback(host) is expected
