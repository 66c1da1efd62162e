"""The server as it is started: it says where it is, sees who passed a request on, stops when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from processes.bootstrap import Product
from tests.web.office import INSIDE, OUTSIDE

TOP = Path(__file__).parents[3]
LINES = 2 + len(INSIDE) + len(OUTSIDE)  # the address, a heading, the demo logins
SERVE = [sys.executable, "-c", "from web.cli.serve import command; command()"]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(product: Product, port: int) -> dict[str, str]:
    ours = {"SHAODAO_HOME": str(product.settings.home), "SHAODAO_PORT": str(port)}
    return {**os.environ, **ours, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


@contextmanager
def serving(product: Product, port: int) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """Start the server, wait until it has said all, and stop it."""
    product.close()
    with subprocess.Popen(
        SERVE, cwd=TOP, env=environment(product, port), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _line in range(LINES)]
        try:
            yield process, said
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def fetch(port: int, path: str, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=named)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_serves_lists_demo_logins_and_stops_when_told(product: Product, free_port: int) -> None:
    with serving(product, free_port) as (process, said):
        assert f"http://127.0.0.1:{free_port}/" in said[0]
        assert any("grid" in line and "王芳" in line for line in said)
        assert fetch(free_port, "/api/v1/health/ready")[0] == 200
        status, text = fetch(free_port, "/api/v1/me", X_Forwarded_For="10.0.0.1")
        assert (status, "login.required" in text) == (401, True)
    assert process.returncode == 0


def test_the_server_in_front_of_us_does_not_hide_that_it_passed_a_request_on(
    product: Product, free_port: int
) -> None:
    with serving(product, free_port):
        direct = fetch(free_port, "/login")
        passed_on = fetch(free_port, "/login", X_Forwarded_For="10.0.0.1")
    assert "王芳" in direct[1]
    assert "王芳" not in passed_on[1]


def test_an_address_in_use_is_one_sentence(product: Product) -> None:
    product.close()
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-c", "from processes.cli import main; main()", "serve"],
            cwd=TOP,
            env=environment(product, port),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert ended.returncode != 0
    assert str(port) in ended.stderr
    assert "Traceback" not in ended.stderr
