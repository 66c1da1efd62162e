"""How long lists and searches take over many stored cases, for a wide and for a narrow post.

    python -m benchmarks.lists [--cases 100000] [--postgresql]

The rows are written by SQL: half a percent open, a tenth of those overdue, two parts a case.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from engine.actor import SYSTEM, Actor, Post
from engine.db.tables import sla_clock
from engine.ids import CountingIds
from engine.now import ManualClock
from processes import reads
from processes.bootstrap import Product, prepare
from processes.index import reindex
from processes.intake import ReportCase
from processes.organisation import AddUnit
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.settings import Settings
from processes.tables import case_file, case_part, org_unit
from tests.conftest import EPOCH, Postgres

STREETS, COMMUNITIES, GRIDS, DEPARTMENTS = 29, 9, 4, 12
ROUNDS = 30
BATCH = 2000
WHAT = (
    "路灯不亮",
    "井盖松动",
    "垃圾堆放",
    "噪声扰民",
    "占道经营",
    "水管漏水",
    "树枝遮挡",
    "墙面脱落",
)


@contextmanager
def furnished(cases: int, *, postgresql: bool) -> Iterator[Product]:
    """Yield a product with so many cases in it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        server = Postgres(home / "pg") if postgresql else None
        url = server.create() if server else f"sqlite:///{home}/shaodao.db"
        product = prepare(
            Settings(home=home / "home", database=url), clock=ManualClock(EPOCH), ids=CountingIds()
        )
        fill(product, cases)
        yield product
        product.close()
        if server:
            server.stop()


def fill(product: Product, cases: int) -> None:
    """Write units and cases; the first case is a real one, whose instance all clocks share."""
    for code, name, kind, parent in units():
        product.engine.execute(AddUnit(code=code, name=name, kind=kind, parent=parent), SYSTEM)
    answer = product.engine.execute(
        ReportCase(description="路灯不亮", category="streetlight", area="S00"), SYSTEM
    )
    root = UUID(answer["case_id"])
    with product.engine.database.read() as connection:
        shape = connection.execute(sa.select(sla_clock).limit(1)).mappings().one()
        paths = dict(connection.execute(sa.select(org_unit.c.code, org_unit.c.path)).all())
    dice = random.Random(7)
    for start in range(0, cases, BATCH):
        rows = [case_row(n, dice, paths) for n in range(start, min(start + BATCH, cases))]
        with product.engine.database.write() as connection:
            connection.execute(case_file.insert(), rows)
            connection.execute(case_part.insert(), [p for row in rows for p in parts(row, dice)])
            clocks = [clock_row(row, shape, root, dice) for row in rows if row["closed_at"] is None]
            connection.execute(sla_clock.insert(), clocks)
    reindex(product.engine.database)
    with product.engine.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")


def units() -> Iterator[tuple[str, str, str, str | None]]:
    """Yield a district of streets, communities and grids, and its departments."""
    yield "QX", "区", "district", None
    for d in range(DEPARTMENTS):
        yield f"D{d:02}", f"部门{d}", "department", "QX"
    for s in range(STREETS):
        yield f"S{s:02}", f"街道{s}", "street", "QX"
        for c in range(COMMUNITIES):
            yield f"S{s:02}-{c}", f"社区{c}", "community", f"S{s:02}"
            for g in range(GRIDS):
                yield f"S{s:02}-{c}-{g}", f"网格{g}", "grid", f"S{s:02}-{c}"


def case_row(n: int, dice: random.Random, paths: dict[str, str]) -> dict[str, Any]:
    """Return a case file of the last five years."""
    places = (dice.randrange(COMMUNITIES), dice.randrange(GRIDS))
    grid = f"S{dice.randrange(STREETS):02}-{places[0]}-{places[1]}"
    at = EPOCH - timedelta(minutes=dice.randrange(5 * 365 * 24 * 60))
    number = f"{grid[:3]}-{at.year}-{n + 10:06d}"
    is_open = n % 200 == 0
    said = f"{dice.choice(WHAT)}，{dice.choice(WHAT)}，在 {n} 号门前，请尽快派人来看。"
    return {
        "id": UUID(int=(1 << 100) + n),
        "number": number,
        "number_reversed": number[::-1],
        "source": "bench",
        "external_ref": str(n),
        "title": said[:4],
        "description": said,
        "category": dice.choice(("streetlight", "litter")),
        "urgency": "normal",
        "mode": "normal",
        "area": grid,
        "grid": grid,
        "community": grid[:5],
        "street": grid[:3],
        "path": paths[grid],
        "status": "handling" if is_open else "closed",
        "priority": 0,
        "reported_at": at,
        "received_at": at,
        "closed_at": None if is_open else at,
    }


def parts(row: dict[str, Any], dice: random.Random) -> Iterator[dict[str, Any]]:
    """Yield the two departments that took part."""
    for n, unit in enumerate(dice.sample(range(DEPARTMENTS), 2)):
        yield {
            "instance_id": UUID(int=row["id"].int * 4 + n + 1 & (1 << 128) - 1),
            "case_id": row["id"],
            "unit": f"D{unit:02}",
            "kind": "lead",
            "round": 1,
            "status": row["status"],
            "reported_at": row["reported_at"],
            "started_at": row["reported_at"],
            "ended_at": row["closed_at"],
        }


def clock_row(
    row: dict[str, Any], shape: Any, instance: UUID, dice: random.Random
) -> dict[str, Any]:
    """Return the running clock of an open case; a tenth have run out."""
    due = EPOCH + timedelta(hours=dice.randrange(1, 90)) * (-1 if dice.random() < 0.1 else 1)
    return {
        **shape,
        "id": UUID(int=row["id"].int + (1 << 90)),
        "instance_id": instance,
        "root_id": row["id"],
        "token": (row["id"].int & 0x7FFFFFF) + 1,
        "holder": f"D{dice.randrange(DEPARTMENTS):02}",
        "started_at": row["reported_at"],
        "due_at": due,
        "warn_at": due - timedelta(hours=1),
    }


POSTS = {
    "district supervisor": Post("supervisor", "QX"),
    "street dispatcher": Post("dispatcher", "S03"),
    "community secretary": Post("community_secretary", "S03-2"),
    "department liaison": Post("dept", "D04"),
}
Read = Callable[[Reader, Actor], object]


def questions(product: Product) -> dict[str, Read]:
    """Return what is asked, by name."""

    def find(words: str) -> Read:
        return lambda r, a: reads.search(r, a, words, keys=product.keys, cursor=None, limit=30)

    return {
        "cases": lambda r, a: reads.cases(r, a, cursor=None, limit=30),
        "cases, open": lambda r, a: reads.cases(
            r, a, filters=reads.Filters(status="handling"), cursor=None, limit=30
        ),
        "overdue": lambda r, a: reads.overdue(r, a, cursor=None, limit=30),
        "search, a common word": find("路灯"),
        "search, a rare word": find("77123 号"),
        "search, a number": find("012345"),
    }


def milliseconds(product: Product, actor: Actor, read: Read) -> tuple[float, float]:
    """Return median and worst of `ROUNDS` readings, after three that do not count."""
    folders = Folders(product.engine.library, product.shipped.labels)
    taken = []
    for n in range(ROUNDS + 3):
        began = time.perf_counter()
        with product.engine.database.read() as connection:
            read(Reader(connection, EPOCH, "zh", folders), actor)
        if n >= 3:
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), max(taken)


def main() -> None:
    """Fill a database and print a line for each question and post."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true")
    told = parser.parse_args()
    with furnished(told.cases, postgresql=told.postgresql) as product:
        for name, read in questions(product).items():
            for post_name, post in POSTS.items():
                actor = Actor(id=UUID(int=5), posts=(post,))
                middle, worst = milliseconds(product, actor, read)
                print(f"{name:24} {post_name:22} {middle:7.1f} ms, at worst {worst:7.1f} ms")


if __name__ == "__main__":
    main()
