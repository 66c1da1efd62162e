"""A whole installation as processes, each of which can be killed at any moment and comes back.

`Plant` keeps house like an init system: what is dead is started again. Everything it starts it
ends, by its own process ids. A program is forked from a process that has our modules loaded and
nothing opened: starting it costs tenths of a second, so that most of a drill is work.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from processes.cli import main

TOP = Path(__file__).parents[2]
OURS = [sys.executable, "-c", "from processes.cli import main; main()"]
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["web.cli.serve", "processes.cli.worker", "tests.faults.storm"])


class Killable(Protocol):
    """Something that runs, dies and is started again."""

    kind: str

    def start(self) -> None:
        """Start it, without waiting until it answers."""
        ...

    def kill(self) -> None:
        """End it and all it has started, with SIGKILL."""
        ...

    def alive(self) -> bool:
        """Tell whether it runs."""
        ...


@dataclass
class Program:
    """A server or a worker as it is started in earnest; what it logs is kept in a file."""

    kind: str
    command: str
    home: Path
    database: str
    log: Path
    port: int = 0
    broker: str = ""
    process: multiprocessing.process.BaseProcess | None = None

    def start(self) -> None:
        ours = {"SHAODAO_HOME": str(self.home), "SHAODAO_DATABASE": self.database}
        if self.broker:
            ours["SHAODAO_BROKER"] = self.broker
        if self.port:
            ours["SHAODAO_PORT"] = str(self.port)
        self.process = FORKS.Process(target=perform, args=(self.command, ours, self.log))
        self.process.start()

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()

    def alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def perform(command: str, environment: dict[str, str], log: Path) -> None:
    """Become a program: its words, its environment, its log."""
    os.environ.update(environment)
    with log.open("ab") as lines:
        for stream in (1, 2):
            os.dup2(lines.fileno(), stream)
    main(command.split())


@dataclass
class Plant:
    """Database, servers and workers, looked after."""

    parts: Sequence[Killable]
    starts: int = 0

    def keep(self) -> None:
        """Start again what is dead."""
        for part in self.parts:
            if not part.alive():
                part.start()
                self.starts += 1

    def ready(self, patience: float = 60) -> None:
        """Wait until every server answers."""
        until = time.monotonic() + patience
        for address in self.addresses():
            while not answers(address):
                if time.monotonic() > until:
                    raise TimeoutError(f"{address} does not answer:\n{self.logs()[-2000:]}")
                time.sleep(0.1)

    def kill(self) -> None:
        """End everything at once, in the middle of whatever it was at."""
        for part in reversed(self.parts):
            part.kill()

    def addresses(self) -> list[str]:
        """Return where the servers listen."""
        return [part.address for part in self.parts if isinstance(part, Program) and part.port]

    def logs(self) -> str:
        """Return all that servers and workers have logged."""
        files = {part.log for part in self.parts if isinstance(part, Program)}
        return "".join(each.read_text(errors="replace") for each in files if each.exists())


def answers(address: str) -> bool:
    """Tell whether a server says it can work."""
    try:
        with urllib.request.urlopen(f"{address}/api/v1/health/ready", timeout=10):
            return True
    except OSError:
        return False


def programs(home: Path, database: str, *, servers: int, workers: int) -> list[Killable]:
    """Return servers and workers on one home."""
    made: list[Killable] = []
    for n in range(servers):
        log = home.parent / f"serve-{n}.log"
        made.append(Program("server", "serve", home, database, log, port=free_port()))
    for n in range(workers):
        log = home.parent / f"worker-{n}.log"
        made.append(Program("worker", "worker", home, database, log))
    return made


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
