"""Web, two workers and a store on hosts of their own; a worker is cut off, another dies.

    python -m tests.faults.many_hosts        (`make cluster-test`; docs/howto/cluster.md)

People work through the API all the while. Nothing told may be lost or done twice, what the lost
hosts had claimed passes to the other in time, and a host whose cable is mended works again by
itself. Where namespaces are not allowed it says so and ends well.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import sqlalchemy as sa

from engine.db.failures import Locked
from engine.db.tables import job
from engine.run.worker import LEASE
from processes.bootstrap import Product, open_product, prepare
from processes.settings import Settings
from tests.faults.crowd import Crowd
from tests.faults.drill import Person, furnish
from tests.faults.hosts import Host, alone, lay_cable, missing
from tests.faults.plant import OURS, TOP, answers
from tests.faults.storm import CALM, Storm, at_rest, close_books
from web.accounts import HANDLERS

POSTGRES = Path("/usr/lib/postgresql/15/bin")
PORT = 8000
# A lease, the watch's patience, one look, and what a loaded machine takes: `PASSED` is the bound.
PASSED = LEASE.total_seconds() + 15
LET_GO = 25  # seconds; PostgreSQL is asked for 15 (engine/db/open.py)
ROW = "SELECT version_num FROM alembic_version FOR UPDATE"  # a row nobody else wants
HOLDER = f"""
import sys, time
import sqlalchemy as sa
from engine.db.connect import Database
with Database(sys.argv[1]).write() as connection:
    connection.execute(sa.text("{ROW}"))
    print("held", flush=True)
    time.sleep(600)
"""
HELD = sa.select(sa.func.count()).select_from(job)


def claimed_by(host: Host) -> sa.Select[tuple[int]]:
    return HELD.where(job.c.lease_owner.like(f"{host.name}-%"), job.c.lease_until.is_not(None))


class Store:
    """Debian's PostgreSQL and Redis on a host."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host, self.folder = host, folder / "store"
        self.folder.mkdir()
        shutil.chown(self.folder, "postgres")

    @property
    def database(self) -> str:
        return f"postgresql://postgres@{self.host.address}/postgres"

    @property
    def broker(self) -> str:
        return f"redis://{self.host.address}:6379/0"

    def start(self) -> None:
        data = str(self.folder / "data")
        who = pwd.getpwnam("postgres")
        as_postgres = [
            "setpriv",
            f"--reuid={who.pw_uid}",
            f"--regid={who.pw_gid}",
            "--clear-groups",
        ]
        made = [str(POSTGRES / "initdb"), "-D", data, "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run([*as_postgres, *made], check=True, capture_output=True, cwd=self.folder)
        with (self.folder / "data" / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet trust\n")
        server = [str(POSTGRES / "postgres"), "-D", data, "-k", str(self.folder)]
        server += ["-h", self.host.address]
        self.host.run("postgres", [*as_postgres, *server], self.folder / "postgres.log")
        self.start_broker()
        wait_for(self._lets_in, "PostgreSQL")

    def start_broker(self) -> None:
        command = ["redis-server", "--bind", self.host.address, "--save", ""]
        self.host.run("redis", [*command, "--protected-mode", "no"], self.folder / "redis.log")

    def _lets_in(self) -> bool:
        try:
            psycopg.connect(self.database, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def wait_for(true: Callable[[], bool], what: str, patience: float = 90) -> float:
    """Wait until something holds; return how many seconds that took."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > patience:
            raise TimeoutError(f"after {patience} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - begun


class District:
    """The whole installation, each part on its host."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(Host("store", 1), folder)
        self.web, self.one, self.two = Host("web", 2), Host("one", 3), Host("two", 4)
        self.settings = Settings(home=folder / "home", database=self.store.database)
        self.address = f"http://{self.web.address}:{PORT}"

    def start(self) -> tuple[Person, ...]:
        """Set everything up; return the people who may work there."""
        lay_cable()
        for host in (self.store.host, self.web, self.one, self.two):
            host.power_on()
        self.store.start()
        product = prepare(self.settings, handlers=HANDLERS)
        people = furnish(product)
        product.close()
        serve = ["gunicorn", "--preload", "--workers=2", "--threads=12", "--log-level=warning"]
        serve += [f"--bind={self.web.address}:{PORT}", "web.wsgi:app()"]
        self._run(self.web, [sys.executable, "-m", *serve])
        for host in (self.one, self.two):
            self.start_worker(host)
        wait_for(lambda: answers(self.address), "the web server")
        return people

    def start_worker(self, host: Host) -> None:
        self._run(host, [*OURS, "worker", "--celery", "--processes=2"])

    def _run(self, host: Host, command: list[str]) -> None:
        """Start a program on a host, with its own copy of the home's keys."""
        home = self.folder / host.name
        if not home.exists():
            shutil.copytree(self.settings.home, home)
        ours = {
            "SHAODAO_HOME": str(home),
            "SHAODAO_DATABASE": self.store.database,
            "SHAODAO_BROKER": self.store.broker,
            "PYTHONPATH": str(TOP),
            "PYTHONUNBUFFERED": "1",
        }
        if host is self.web:
            ours["SHAODAO_THROTTLE"] = f"redis://{self.store.host.address}:6379/1"
        host.run("ours", command, self.log_of(host), **ours)

    def hold_row(self, host: Host) -> None:
        """Let somebody on a host lock a row and stay in the middle of it."""
        log = self.folder / "holder.log"
        command = [sys.executable, "-c", HOLDER, self.store.database]
        host.run("holder", command, log, PYTHONPATH=str(TOP))
        wait_for(lambda: "held" in log.read_text(), "a row is locked")

    def log_of(self, host: Host) -> Path:
        return self.folder / f"{host.name}.log"

    def logs(self) -> str:
        files = [self.log_of(host) for host in (self.web, self.one, self.two)]
        return "".join(each.read_text(errors="replace") for each in files)

    @contextmanager
    def opened(self) -> Iterator[Product]:
        product = open_product(self.settings)
        try:
            yield product
        finally:
            product.close()


class Run:
    """One run: who was hit when, and how long it took the others."""

    def __init__(self, district: District, product: Product, crowd: Crowd) -> None:
        self.district, self.product, self.crowd = district, product, crowd
        self.seconds: dict[str, float] = {}
        self.struck = 0.0  # when the last host was hit, monotonic

    def note(self, what: str) -> None:
        """Note how long ago a host was hit."""
        self.seconds[what] = round(time.monotonic() - self.struck, 1)

    def count(self, query: sa.Select[tuple[int]]) -> int:
        with self.product.engine.database.read() as connection:
            return int(connection.scalar(query) or 0)

    def steps(self) -> int:
        return len(self.crowd.ledger.done)

    def work(self, steps: int) -> None:
        """Let people finish so many steps more."""
        wanted = self.steps() + steps
        wait_for(lambda: self.steps() >= wanted, f"{steps} steps by people", 120)

    def catch(self, host: Host, strike: Callable[[], None], miss: Callable[[], None]) -> int:
        """Hit a host while it has jobs in hand; return how many."""
        for _attempt in range(50):
            wait_for(lambda: self.count(claimed_by(host)) > 0, f"{host.name} claims jobs")
            strike()
            self.struck = time.monotonic()
            if held := self.count(claimed_by(host)):
                return held
            miss()
        raise AssertionError(f"{host.name} never had jobs in hand when it was hit")

    def pass_over(self, host: Host, what: str) -> None:
        """Wait until nothing is in the hands of a lost host any more."""
        before = self.steps()
        wait_for(lambda: self.count(claimed_by(host)) == 0, what, PASSED)
        self.note(what)
        self.seconds[f"{what}: steps by people meanwhile"] = self.steps() - before

    def cut_off(self, host: Host) -> None:
        """Cut a host off with jobs in hand; mend the cable, and see that it works again."""
        self.district.hold_row(host)
        held = self.catch(host, host.cut, host.mend)
        self.seconds["jobs in hand when cut off"] = held
        wait_for(self._row_is_free, "a row locked by who was cut off is let go", LET_GO)
        self.note("cut off: a locked row let go after")
        self.pass_over(host, "cut off: passed over after")
        host.mend()
        back = wait_for(lambda: self.count(claimed_by(host)) > 0, f"{host.name} works again")
        self.seconds["mended: works again after"] = round(back, 1)

    def _row_is_free(self) -> bool:
        try:
            with self.product.engine.database.write() as connection:
                connection.execute(sa.text(f"{ROW} NOWAIT"))
        except Locked:
            return False
        return True

    def lose_broker(self) -> None:
        """Kill the broker while people work; start it again, empty."""
        store = self.district.store
        store.host.end("redis")
        self.work(20)
        store.start_broker()

    def kill(self, host: Host) -> None:
        """Power a host off with jobs in hand: what it had begun is found as it was."""

        def again() -> None:
            host.power_on()
            self.district.start_worker(host)

        self.seconds["jobs in hand when killed"] = self.catch(host, host.power_off, again)
        self.pass_over(host, "killed: passed over after")


def story(district: District, crowd: Crowd, storm: Storm) -> dict[str, float]:
    """Let people work while one host after the other is lost."""
    with district.opened() as product:
        run = Run(district, product, crowd)
        run.work(30)
        run.cut_off(district.one)
        run.work(30)
        run.lose_broker()
        run.kill(district.two)
        run.work(30)
    crowd.enough.set()
    storm.recovered = wait_for(lambda: at_rest(district.settings), "everybody finishes", CALM * 2)
    return run.seconds


def inside() -> int:
    """Do it, print the figures and what was wrong."""
    begun, storm = time.monotonic(), Storm("postgresql", 1, 0)
    with tempfile.TemporaryDirectory(prefix="shaodao-hosts-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        district = District(folder)
        crowd = Crowd(district.start(), [district.address], seed=storm.seed)
        crowd.start()
        try:
            told = story(district, crowd, storm)
        except (AssertionError, TimeoutError) as error:
            storm.faults.append(f"{error}\n{district.logs()[-4000:]}")
            told = {}
        finally:
            crowd.stop()
        with district.opened() as product:
            close_books(product, crowd, district.logs(), storm)
    took = round(time.monotonic() - begun)
    print(json.dumps({**told, **storm.figures, "took_s": took}, ensure_ascii=False, indent=1))  # noqa: T201
    for fault in storm.faults:
        print("  FAULT", fault)  # noqa: T201
    return 1 if storm.faults else 0


def main() -> int:
    """Run in namespaces of our own, or say why not."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--inside", action="store_true", help="the namespaces are there already")
    if reading.parse_args().inside:
        return inside()
    why = missing(["redis-server", str(POSTGRES / "postgres"), "setpriv"])
    if why is None and os.getuid() != 0:
        why = "only root may make hosts"
    if why is not None:
        print(f"cluster-test is skipped: {why}")  # noqa: T201
        return 0
    return alone("tests.faults.many_hosts", "--inside")


if __name__ == "__main__":
    sys.exit(main())
