"""gunicorn: prepared once, forked, ready; nobody enters without a password."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from processes.bootstrap import Product
from tests.faults.plant import answers, free_port
from tests.web.cli.test_serve import environment, fetch

TOP = Path(__file__).parents[2]


@pytest.mark.nightly
def test_gunicorn_serves_with_several_processes(product: Product) -> None:
    product.close()
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--preload", "--workers", "2", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "web.wsgi:app()"]
    with subprocess.Popen(command, cwd=TOP, env=environment(product, port)) as server:
        try:
            while not answers(f"http://127.0.0.1:{port}"):
                assert server.poll() is None
            logins = [fetch(port, "/login") for _each in range(8)]
        finally:
            server.send_signal(signal.SIGTERM)
    assert server.returncode == 0
    assert {status for status, _page in logins} == {200}
    assert not any("王芳" in page for _status, page in logins), "demo logins are for one machine"
