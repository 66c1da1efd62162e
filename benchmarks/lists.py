"""How long lists, pages and searches take over many stored cases, for wide and for narrow posts.

    python -m benchmarks.lists [--cases 1000000] [--postgresql]

What is measured is the server's own work from an open connection to frozen rows: what a page is
made of, without HTML. The worst of a bench on a shared machine is the machine's: read the medians,
and beside them the processor time, here and in the database's process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.crowd import fill
from benchmarks.places import OWN, USED
from benchmarks.results import keep
from engine.actor import Actor, Post
from engine.heap import settle
from engine.ids import CountingIds
from engine.now import ManualClock
from processes import reads
from processes.bootstrap import Product, prepare
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.settings import Settings
from processes.tables import case_file
from processes.trends import Trending
from tests.conftest import EPOCH, Postgres

ROUNDS = 100
AIM = 100.0  # milliseconds, 99 of 100
POSTS = {
    "district supervisor": Post("supervisor", "QX"),
    "district dispatcher": Post("dispatcher", "QX"),
    "street dispatcher": Post("street_dispatcher", "S03"),
    "community secretary": Post("community_secretary", "S03-2"),
    "department liaison": Post("dept", "D04"),
}
Read = Callable[[Reader, Actor], object]


@contextmanager
def furnished(cases: int, *, postgresql: bool, closed_clocks: bool = True) -> Iterator[Product]:
    """Yield a product with so many cases in it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = Postgres(home / "pg") if postgresql else None
        url = server.create() if server else f"sqlite:///{home}/shaodao.db"
        clock = ManualClock(EPOCH - timedelta(minutes=2))
        product = prepare(
            Settings(home=home / "home", database=url), clock=clock, ids=CountingIds()
        )
        fill(product, cases, closed_clocks=closed_clocks)
        roll_up(product, clock)
        yield product
        product.close()
        if server:
            server.stop()


def roll_up(product: Product, clock: ManualClock) -> None:
    """Let the days that have ended be rolled up, as a worker does night by night."""
    trending = Trending(product.engine)
    for _round in ("listed", "rolled up"):
        trending()
        clock.forward(minutes=1)


def questions(product: Product) -> dict[str, Read]:
    """Return what is asked, by name."""

    def find(words: str) -> Read:
        return lambda r, a: reads.search(r, a, words, keys=product.keys, cursor=None, limit=30)

    def tab(name: str) -> Read:
        return lambda r, a: reads.inbox(r, a, tab=name, cursor=None, limit=30)

    def narrowed(**how: object) -> Read:
        filters = reads.Filters(**how)  # type: ignore[arg-type]
        return lambda r, a: reads.cases(r, a, filters=filters, cursor=None, limit=30)

    number = a_number(product)
    return {
        "inbox": tab("all"),
        "inbox, overdue": tab("overdue"),
        "overdue board": lambda r, a: reads.overdue(r, a, cursor=None, limit=30),
        "cases": narrowed(),
        "cases, open": narrowed(status="handling"),
        "cases, closed": narrowed(status="closed"),
        "cases, a status that none has": narrowed(status="void"),
        "cases, a category": narrowed(category="litter"),
        "cases, a category that none has": narrowed(category="dog"),
        "cases, urgent ones": narrowed(urgency="urgent"),
        "cases, overdue": narrowed(overdue=True),
        "cases, a month": narrowed(since=date(2023, 3, 1), until=date(2023, 3, 31)),
        "cases of a department": narrowed(unit="D07"),
        "cases of a community": narrowed(unit="S05-4"),
        "cases of a grid": narrowed(unit="S03-2-1"),
        "cases, four filters": narrowed(
            status="handling", category="litter", unit="S03-2", since=date(2026, 2, 1)
        ),
        "case page": lambda r, _a: reads.case_page(r, WIDE, number, keys=product.keys),
        "search, a common word": find("路灯"),
        "search, two common words": find("路灯 井盖"),
        "search, a rare word": find("77123 号门前"),
        "search, a number": find("12345"),
        "search, three digits": find("771"),
        "search, a sentence": find("噪声扰民，占道经营，在 77123 号门前"),
        "trends, 90 days": lambda r, a: reads.trends(r, a, unit="", length=90),
        "trends, a year": lambda r, a: reads.trends(r, a, unit="", length=365),
    }


WIDE = Actor(id=UUID(int=5), posts=(POSTS["district supervisor"],))


def a_number(product: Product) -> str:
    """Return the number of the case that a command reported."""
    real = sa.select(case_file.c.number).where(case_file.c.source != "bench")
    with product.engine.database.read() as connection:
        return str(connection.scalar(real))


@dataclass(frozen=True)
class Taken:
    """Milliseconds of a reading: median, 99 of 100, the processor's here and in the database."""

    middle: float
    p99: float
    worked: float
    database: float


def milliseconds(product: Product, actor: Actor, read: Read) -> Taken:
    """Return what `ROUNDS` readings took, after three that do not count."""
    folders = Folders(product.engine.library, product.shipped.labels)
    taken, worked = [], []
    before = 0.0
    for n in range(ROUNDS + 3):
        if n == 3:
            before = backend_seconds(product)
        busy, began = time.process_time(), time.perf_counter()
        with product.engine.database.read() as connection:
            read(Reader(connection, EPOCH, "zh", folders, product.calendars), actor)
        if n >= 3:
            taken.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - busy) * 1000)
    late = sorted(taken)[-1 - len(taken) // 100]
    used = (backend_seconds(product) - before) * 1000 / len(taken)
    return Taken(statistics.median(taken), late, statistics.median(worked), used)


def backend_seconds(product: Product) -> float:
    """Return the processor time that PostgreSQL's process for our one connection has used."""
    if product.engine.database.dialect != "postgresql":
        return 0.0  # SQLite works in this process
    with product.engine.database.read() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    used = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[USED:OWN]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def measure(product: Product) -> dict[str, Taken]:
    """Return what each question took, by question and post."""
    return {
        f"{name} · {post_name}": milliseconds(product, Actor(id=UUID(int=5), posts=(post,)), read)
        for name, read in questions(product).items()
        for post_name, post in POSTS.items()
    }


def show(found: dict[str, Taken], title: str) -> None:
    """Print a line for each question and post."""
    table = Table(
        "question", "post", "median, ms", "99 %, ms", "here, ms", "database, ms", title=title
    )
    for name, taken in found.items():
        figures = (
            f"{each:.1f}" for each in (taken.middle, taken.p99, taken.worked, taken.database)
        )
        style = "bold" if taken.p99 > AIM else None
        table.add_row(*name.split(" · "), *figures, style=style)
    Console(width=110).print(table)


def ask(product: Product, cases: int) -> None:
    """Measure all questions beside so many cases, print and keep what they took."""
    settle()  # as a server does
    found = measure(product)
    database = product.engine.database.dialect
    show(found, f"{cases:,} cases, {database}")
    figures = {name: [round(each, 2) for each in astuple(t)] for name, t in found.items()}
    keep("lists", {f"{database} {cases}": figures})


def main() -> None:
    """Fill a database and measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true")
    told = parser.parse_args()
    with furnished(told.cases, postgresql=told.postgresql) as product:
        ask(product, told.cases)


if __name__ == "__main__":
    main()
