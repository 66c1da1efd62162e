"""Celery's worker as a process beside the watch: started, waited for, told to end."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from engine.errors import Broken
from engine.i18n import _

PATIENCE = 60.0  # seconds to finish what it is at


@contextmanager
def beside(command: Sequence[str], stop: Callable[[], None]) -> Iterator[None]:
    """Run a command all the while; `stop` is called when it ends before it was told.

    Raises Broken("worker.hands_gone") then: who keeps house starts both again.
    """
    with subprocess.Popen(command) as process:  # noqa: S603 - our own words only

        def attend() -> None:
            process.wait()
            stop()

        threading.Thread(target=attend, name="hands", daemon=True).start()
        try:
            yield
            gone = process.poll() is not None
        finally:
            end(process)
    if gone:
        raise Broken("worker.hands_gone", _("干活的进程自己退出了，请看日志里的原因后重新启动。"))


def end(process: subprocess.Popen[bytes]) -> None:
    """Let a process finish what it is at; make it end where it does not."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
