"""Hosts made of namespaces: each with its own network card, name and processes, on one cable.

Everything lives inside the namespaces of one outer process (`alone`): when it ends, however it
ends, the kernel removes hosts, cables and whatever ran on them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

NET = "10.77.0"
ALONE = ["unshare", "--fork", "--pid", "--kill-child", "--mount-proc", "--net", "--mount", "--uts"]
HOST = ["unshare", "--net", "--uts", "--pid", "--fork", "--mount-proc", "--kill-child"]
BRIDGE = "cable"


def missing(programs: Sequence[str]) -> str | None:
    """Return why hosts cannot be made here, None where they can."""
    absent = [each for each in ("unshare", "nsenter", "ip", *programs) if not shutil.which(each)]
    if absent:
        return f"not installed: {', '.join(absent)}"
    tried = subprocess.run([*ALONE, "true"], capture_output=True, text=True, check=False)
    return f"namespaces are not allowed: {tried.stderr.strip()}" if tried.returncode else None


def alone(module: str, *arguments: str) -> int:
    """Run a module of ours where only it sees the hosts it makes; return its exit code."""
    return subprocess.call([*ALONE, sys.executable, "-W", "ignore", "-m", module, *arguments])


def ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True, capture_output=True)


def lay_cable() -> None:
    """Make the network that hosts are plugged into; the outer process is on it too."""
    ip("link set lo up")
    ip(f"link add {BRIDGE} type bridge")
    ip(f"addr add {NET}.254/24 dev {BRIDGE}")
    ip(f"link set {BRIDGE} up")


@dataclass
class Host:
    """One machine."""

    name: str
    number: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    _power: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"{NET}.{self.number}"

    @property
    def _init(self) -> int:
        assert self._power is not None
        return int(psutil.Process(self._power.pid).children()[0].pid)

    def power_on(self) -> None:
        """Start it with nothing on it but its name and its address."""
        self._power = subprocess.Popen([*HOST, "sleep", "infinity"])
        until = time.monotonic() + 10
        while not psutil.Process(self._power.pid).children():
            assert time.monotonic() < until, "the namespace does not start"
            time.sleep(0.01)
        inside = f"eth{self.number}"
        ip(f"link add port{self.number} type veth peer name {inside}")
        ip(f"link set {inside} netns {self._init}")
        ip(f"link set port{self.number} master {BRIDGE} up")
        for words in (f"addr add {self.address}/24 dev {inside}", f"link set {inside} up"):
            self.call("ip", *words.split())
        self.call("ip", "link", "set", "lo", "up")
        self.call("hostname", self.name)

    def call(self, *command: str) -> None:
        """Run something on it to its end."""
        subprocess.run([*self._enter(), *command], check=True, capture_output=True)

    def run(self, name: str, command: Sequence[str], log: Path, **environment: str) -> None:
        """Start something on it; the name is for ending it alone."""
        words = [f"{key}={value}" for key, value in environment.items()]
        with log.open("ab") as lines:
            self.processes[name] = subprocess.Popen(
                [*self._enter(), "env", *words, *command], stdout=lines, stderr=lines
            )

    def _enter(self) -> list[str]:
        return ["nsenter", "--target", str(self._init), "--all"]

    def end(self, name: str) -> None:
        """Kill one of its programs and what that has started."""
        process = self.processes.pop(name)
        family = psutil.Process(process.pid).children(recursive=True)
        for each in (*family, process):
            each.kill()
        process.wait()

    def cut(self) -> None:
        """Pull the cable: all on it run on and reach nobody."""
        ip(f"link set port{self.number} down")

    def mend(self) -> None:
        """Plug the cable in again."""
        ip(f"link set port{self.number} up")

    def power_off(self) -> None:
        """End everything on it at once: nobody says good-bye."""
        psutil.Process(self._init).kill()
        assert self._power is not None
        self._power.wait()
