"""What PgBouncer costs: a step straight to PostgreSQL, without prepared statements, and through it.

    python -m benchmarks.pooler

Debian 12's PgBouncer (1.18) shares connections between transactions and knows nothing of prepared
statements; `?pooler=transaction` in the address says so to us. Ways take turns; read the ratios.
Kept in benchmarks/results/pooler.json (docs/howto/large.md).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.fresh import our_case
from benchmarks.ours import Ours
from benchmarks.places import places
from benchmarks.results import keep

TURNS, CASES = 25, 6
PORT = 6499  # names the socket; nothing listens on the network
CONFIG = """
[databases]
* = host={server} user=postgres
[pgbouncer]
listen_addr =
listen_port = {port}
unix_socket_dir = {folder}
unix_socket_mode = 0777
auth_type = any
pool_mode = transaction
default_pool_size = 4
ignore_startup_parameters = options,extra_float_digits
logfile = {folder}/log
pidfile = {folder}/pid
"""


@contextmanager
def pgbouncer(direct: str) -> Iterator[str]:
    """Run PgBouncer before a database and yield the address through it."""
    url = sa.make_url(direct)
    folder = Path(tempfile.mkdtemp(prefix="shaodao-pooler-"))
    server = str(url.query["host"])
    owner = Path(server).owner()  # who may pass through the folder its socket is in
    config = folder / "pgbouncer.ini"
    config.write_text(CONFIG.format(server=server, port=PORT, folder=folder))
    shutil.chown(folder, owner)
    folder.chmod(0o755)
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    with subprocess.Popen([program, "-q", "-u", owner, str(config)]) as process:
        through = url.update_query_dict({"host": str(folder), "port": str(PORT)})
        try:
            until_open(through)
            yield through.render_as_string(hide_password=False)
        finally:
            process.terminate()
    shutil.rmtree(folder)


def until_open(url: sa.URL) -> None:
    """Wait until somebody is let in."""
    words = {"host": url.query["host"], "port": str(PORT), "dbname": url.database}
    until = time.monotonic() + 10
    while True:
        try:
            psycopg.connect(**words, user=url.username).close()  # type: ignore[arg-type]
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def refused(through: str) -> str:
    """Return what happens to two clients who prepare statements through it."""
    with ThreadPoolExecutor(2) as pool:
        told = [each.result() for each in [pool.submit(tried, through) for _client in range(2)]]
    return next((each for each in told if each != "works"), "works")


def tried(through: str) -> str:
    """Walk some cases; return the first error."""
    ours = Ours(through)
    try:
        for _case in range(5):
            our_case(ours)
    except Exception as error:
        return f"{type(error).__name__}: {str(error).splitlines()[0]}"
    finally:
        ours.close()
    return "works"


def cpu_of(postmaster: int) -> float:
    """Return the seconds of processor that the database and its backends have used."""
    server = psutil.Process(postmaster)
    times = [each.cpu_times() for each in (server, *server.children())]
    return sum(each.user + each.system for each in times)


def measured(ways: dict[str, str], postmaster: int) -> dict[str, dict[str, float]]:
    """Return of each way the lower quartile of milliseconds a step, and CPU of both sides a step.

    The quartile, because whoever shares the machine makes steps longer and never shorter.
    """
    clients = {name: Ours(url) for name, url in ways.items()}
    spent: dict[str, list[float]] = {name: [] for name in ways}
    used: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for ours in clients.values():
        our_case(ours)
    for _turn in range(TURNS):
        for name, ours in clients.items():
            before, there = os.times(), cpu_of(postmaster)
            steps = [seconds for _case in range(CASES) for seconds in our_case(ours).spent]
            after = os.times()
            spent[name] += steps
            cpu = after.user + after.system - before.user - before.system
            used[name].append((cpu / len(steps), (cpu_of(postmaster) - there) / len(steps)))
    for ours in clients.values():
        ours.close()
    return {
        name: {
            "ms": statistics.quantiles(spent[name], n=4)[0] * 1000,
            "client_cpu_ms": statistics.median(here for here, _there in used[name]) * 1000,
            "database_cpu_ms": statistics.median(there for _here, there in used[name]) * 1000,
        }
        for name in ways
    }


def main() -> None:
    """Measure, print, keep."""
    with places() as (_sqlite, postgres):
        direct = postgres.fresh()
        folder = Path(str(sa.make_url(direct).query["host"]))
        ours = Ours(direct)
        ours.deploy()
        ours.close()
        with pgbouncer(direct) as through:
            told = refused(through)
            unprepared = {"pooler": "transaction"}
            found = measured(
                {
                    "prepared": direct,
                    "not prepared": str(sa.make_url(direct).update_query_dict(unprepared)),
                    "PgBouncer": str(sa.make_url(through).update_query_dict(unprepared)),
                },
                int((folder / "postmaster.pid").read_text().split()[0]),
            )
    names = ("ms", "client_cpu_ms", "database_cpu_ms")
    table = Table("way", "ms a step", "client CPU", "database CPU", title="PgBouncer, one client")
    for way, row in found.items():
        table.add_row(way, *(f"{row[name]:.2f}" for name in names))
    Console().print(table, f"prepared through PgBouncer: {told}")
    keep("pooler", {**found, "prepared through PgBouncer": told})


if __name__ == "__main__":
    main()
