"""Kill everything, at random moments, while people work; then read the books.

    python -m tests.faults.storm --seconds 60 --seed 1

runs both databases and prints what a run came to (`make faults`; docs/durability.md).
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.tables import event, outbox, sla_clock, work_item
from processes.bootstrap import Product, open_product, prepare
from processes.settings import Settings
from processes.tables import case_file
from tests.balance import unbalanced
from tests.faults.books import LETTER, Books
from tests.faults.cluster import Cluster, cluster
from tests.faults.crowd import Crowd, Ledger
from tests.faults.drill import furnish
from tests.faults.plant import Killable, Plant, programs
from web.accounts import HANDLERS

CALM = 180.0  # seconds everybody has to finish after the storm, on a machine that others use too
REPORTERS = 3  # of `make faults`: hundreds of cases
LONGEST_GAP = 8.0  # seconds between two kills
LOOK = 0.5  # seconds between two looks whether all is finished


@dataclass
class Storm:
    """One run: how long, what was hit, what was found."""

    database: str
    seed: int
    seconds: float
    faults: list[str] = field(default_factory=list)
    recovered: float = 0.0  # seconds from starting everything again to the last case closed
    kills: Counter[str] = field(default_factory=Counter)
    figures: dict[str, Any] = field(default_factory=dict)


@contextmanager
def home_of(folder: Path, database: str) -> Iterator[tuple[Settings, list[Killable]]]:
    """Yield settings and the database as a part to kill, where it is a process of its own."""
    home = folder / "home"
    if database == "sqlite":
        yield Settings(home=home, database=f"sqlite:///{home}/shaodao.db"), []
        return
    with cluster() as made:
        yield Settings(home=home, database=made.url), [made]


def rage(folder: Path, database: str, *, seconds: float, seed: int, reporters: int = 1) -> Storm:
    """Let people work for so many seconds while kinds of processes are killed, then check."""
    storm = Storm(database, seed, seconds)
    with home_of(folder, database) as (settings, parts):
        product = prepare(settings, handlers=HANDLERS)
        people = furnish(product)
        product.close()
        served = programs(settings.home, settings.database, servers=2, workers=1)
        plant = Plant([*parts, *served])
        crowd = Crowd(people, plant.addresses(), seed=seed, reporters=reporters)
        try:
            plant.keep()
            plant.ready()
            crowd.start()
            strike(plant, storm)
            plant.kill()
            with revived(parts, settings) as product, product.engine.database.read() as connection:
                storm.faults += [
                    f"after the last kill: {each}" for each in Books(product, connection).faults()
                ]
            storm.recovered = recover(plant, crowd, settings)
        finally:
            crowd.stop()
            plant.kill()
        with revived(parts, settings) as product:
            close_books(product, crowd, plant.logs(), storm)
    return storm


def strike(plant: Plant, storm: Storm) -> None:
    """Kill one part after the other; what is dead comes back after a moment."""
    chance = random.Random(storm.seed)
    until = time.monotonic() + storm.seconds
    kinds = sorted({part.kind for part in plant.parts})
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, chance.uniform(0.3, min(LONGEST_GAP, storm.seconds / 3))))
        kind = chance.choice(kinds)
        victim = chance.choice([part for part in plant.parts if part.kind == kind])
        if victim.alive():
            victim.kill()
            storm.kills[kind] += 1
        time.sleep(chance.uniform(0, 0.3))
        plant.keep()


@contextmanager
def revived(parts: list[Killable], settings: Settings) -> Iterator[Product]:
    """Open the home as it was left, its database started again."""
    for part in parts:
        if not part.alive():
            part.start()
        assert isinstance(part, Cluster)
        part.wait()
    product = open_product(settings)
    try:
        yield product
    finally:
        product.close()


def recover(plant: Plant, crowd: Crowd, settings: Settings) -> float:
    """Start everything again; return in how many seconds people finished what they had begun."""
    crowd.enough.set()
    begun = time.monotonic()
    while (passed := time.monotonic() - begun) < CALM:
        plant.keep()
        time.sleep(LOOK)
        if not crowd.ledger.in_hand and at_rest(settings):
            break
    return passed


def at_rest(settings: Settings) -> bool:
    """Tell whether nothing is open any more and every letter has left."""
    database = Database(settings.database)
    try:
        with database.read() as connection:
            waiting = sa.select(sa.func.count()).where(case_file.c.status != "closed")
            unsent = sa.select(sa.func.count()).where(outbox.c.sent_at.is_(None))
            return not connection.scalar(waiting) and not connection.scalar(unsent)
    finally:
        database.close()


def close_books(product: Product, crowd: Crowd, log: str, storm: Storm) -> None:
    """Check everything, and say what the run came to."""
    product.seal()
    ledger = crowd.ledger
    with product.engine.database.read() as connection:
        books = Books(product, connection)
        storm.faults += [*books.faults(), *books.against(ledger), *books.unfinished(ledger, log)]
        storm.faults += books.surprises(log)
        storm.faults += [f"case {each}: its time does not add up" for each in unbalanced(product)]
        storm.figures = figures(books, ledger, log) | {
            "recovered_s": round(storm.recovered, 1),
            **{f"kills: {kind}": times for kind, times in sorted(storm.kills.items())},
        }


def figures(books: Books, ledger: Ledger, log: str) -> dict[str, Any]:
    """Return what people were told, and what was found of it and compared."""
    waits = sorted(ledger.waits) or [0.0]
    return {
        "cases": len(ledger.reported),
        "steps": len(ledger.done),
        "acknowledged": len(ledger.reported) + len(ledger.done),
        "answers": len(ledger.waits),
        "answer_p50_ms": round(1000 * waits[len(waits) // 2]),
        "longest_answer_s": round(waits[-1], 1),
        **{f"heard: {code}": times for code, times in sorted(ledger.heard.items())},
        "timers fired": len(books.told("timer.fired")),
        "letters": books.count(outbox.c.id),
        "letters carried": len(LETTER.findall(log)),
        "chains": books.count(event.c.instance_id.distinct()),
        "entries": books.count(event.c.instance_id),
        "items": books.count(work_item.c.id),
        "clocks": books.count(sla_clock.c.id),
    }


def main() -> int:
    """Run both databases; print what each came to and every fault found."""
    reading = argparse.ArgumentParser(description=__doc__)
    reading.add_argument("--seconds", type=float, default=60)
    reading.add_argument("--seed", type=int, default=1)
    reading.add_argument("databases", nargs="*", default=["postgresql", "sqlite"])
    told = reading.parse_args()
    found = 0
    for database in told.databases:
        with tempfile.TemporaryDirectory(prefix="shaodao-storm-") as folder:
            storm = rage(
                Path(folder),
                database,
                seconds=told.seconds,
                seed=told.seed,
                reporters=REPORTERS,
            )
        print(database, json.dumps(storm.figures, indent=1), flush=True)  # noqa: T201 - its words
        for fault in storm.faults:
            print("  FAULT", fault)  # noqa: T201
        print(f"{database}: {len(storm.faults)} faults", flush=True)  # noqa: T201
        found += len(storm.faults)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
