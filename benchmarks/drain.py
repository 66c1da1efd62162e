"""Many timers due in one second, drained while people go on working.

    python -m benchmarks.drain [timers]

Each instance waits at a person's step with a reminder after 72 hours. One is started by a command,
the others are copies of its rows; then it is three days later. On SQLite the worker is a thread of
the one process, as in the default; on PostgreSQL there are two worker processes. Meanwhile a person
starts cases and does steps, one after the other. None may be lost, none may fire twice.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import threading
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from benchmarks.ours import Anybody
from benchmarks.places import Place, places
from benchmarks.results import keep
from benchmarks.width import flow, node, person
from engine.actor import SYSTEM
from engine.db.connect import Database
from engine.db.tables import event, instance, job, work_item
from engine.ids import SystemIds
from engine.now import ManualClock
from engine.run.commands import CompleteWorkItem, DeployFolder, StartInstance
from engine.run.engine import Engine
from engine.run.plugins import Plugins
from engine.run.worker import Worker
from tests.conftest import EPOCH

TIMERS = 100_000
BATCH = 2_000
LATER = EPOCH + timedelta(hours=73)
PAUSE = 0.02  # seconds between two commands of the person
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" targetNamespace="urn:bench">'
)
REMINDER = (
    '<boundaryEvent id="late" attachedToRef="wait" cancelActivity="false">'
    "<timerEventDefinition><timeDuration>PT72H</timeDuration></timerEventDefinition></boundaryEvent>"
)
NODES = (
    '<laneSet id="lanes"><lane id="dept"><flowNodeRef>wait</flowNodeRef></lane></laneSet>',
    node("startEvent", "begin"),
    person("wait"),
    REMINDER,
    node("endEvent", "told"),
    node("endEvent", "finish"),
    *map(flow, ("begin>wait", "wait>finish", "late>told")),
)
WORDS = b'[outcomes]\ndone = {zh = "\xe5\x8a\x9e\xe7\xbb\x93", en = "Done"}\n'


def engine_of(url: str, clock: ManualClock) -> Engine:
    """Return an engine at an instant."""
    return Engine(Database(url), Plugins(access=Anybody()), clock=clock, ids=SystemIds())


def furnish(url: str, timers: int) -> None:
    """Start one instance and copy its rows until there are so many timers."""
    engine = engine_of(url, ManualClock(EPOCH))
    drawn = (
        f'{HEAD}<process id="remind" isExecutable="true">{"".join(NODES)}</process></definitions>'
    )
    files = {"remind.bpmn": drawn.encode(), "labels.toml": WORDS}
    engine.execute(DeployFolder(folder="remind", files=files), SYSTEM)
    engine.execute(StartInstance(definition="remind"), SYSTEM)
    with engine.database.read() as connection:
        shapes = {
            table: dict(connection.execute(sa.select(table)).mappings().one())
            for table in (instance, work_item, job)
        }
    for begin in range(1, timers, BATCH):
        numbers = range(begin, min(begin + BATCH, timers))
        with engine.database.write() as connection:
            for table, shape in shapes.items():
                connection.execute(table.insert(), [copy(shape, n) for n in numbers])
    with engine.database.write() as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.database.close()


def copy(shape: dict[str, Any], number: int) -> dict[str, Any]:
    """Return a row like another, of the instance of that number."""
    ids = {name: UUID(int=(1 << 100) + number) for name in ("instance_id", "root_id")}
    return {**shape, "id": UUID(int=(1 << 100) + number), **{n: ids[n] for n in ids if n in shape}}


def work(url: str, done: Any) -> None:
    """Do all that is due, as a worker does, and tell how much processor time it took."""
    engine = engine_of(url, ManualClock(LATER))
    worker, begun = Worker(engine, name=f"bench-{threading.get_native_id()}"), time.process_time()
    while worker.round().claimed:
        pass
    done.put(time.process_time() - begun)
    engine.database.close()


def drained(place: Place, timers: int) -> dict[str, float]:
    """Let workers drain so many timers while a person works; return what it came to."""
    url = place.fresh()
    furnish(url, timers)
    context = multiprocessing.get_context("spawn")
    done: Any = context.Queue()
    if place.name == "postgresql":
        workers: Any = [context.Process(target=work, args=(url, done)) for _each in range(2)]
    else:
        workers = [threading.Thread(target=work, args=(url, done))]
    begun = time.perf_counter()
    for each in workers:
        each.start()
    person_took = commands_while(url, workers)
    elapsed = time.perf_counter() - begun
    check(url, timers)
    return {
        "timers": timers,
        "timers_per_s": timers / elapsed,
        "commands_meanwhile": len(person_took),
        "command_p50_ms": statistics.median(person_took) * 1000,
        "command_p99_ms": statistics.quantiles(person_took, n=100)[98] * 1000,
        "worker_cpu_ms_per_timer": sum(done.get() for _each in workers) * 1000 / timers,
    }


def commands_while(url: str, workers: Any) -> list[float]:
    """Start cases and do their step while somebody works; return the seconds of each command."""
    engine = engine_of(url, ManualClock(LATER))
    took: list[float] = []
    while any(each.is_alive() for each in workers) or len(took) < 2:
        begun = time.perf_counter()
        started = engine.execute(StartInstance(definition="remind"), SYSTEM)["instance_id"]
        took.append(time.perf_counter() - begun)
        with engine.database.read() as connection:
            mine = work_item.c.instance_id == UUID(started)
            (item,) = connection.scalars(sa.select(work_item.c.id).where(mine))
        begun = time.perf_counter()
        engine.execute(CompleteWorkItem(item_id=item, outcome="done"), SYSTEM)
        took.append(time.perf_counter() - begun)
        time.sleep(PAUSE)
    engine.database.close()
    return took


def check(url: str, timers: int) -> None:
    """Make sure that each timer has fired, once. Raises AssertionError."""
    fired = sa.select(sa.func.count(), sa.func.count(event.c.instance_id.distinct()))
    left = sa.select(sa.func.count()).select_from(job).where(job.c.due_at <= LATER)
    database = Database(url)
    with database.read() as connection:
        times, once = connection.execute(fired.where(event.c.kind == "timer.fired")).one()
        waiting = connection.scalar(left)
    database.close()
    if (times, once, waiting) != (timers, timers, 0):
        raise AssertionError(f"{times} firings of {once} timers, {waiting} left, of {timers}")


def main(timers: int = TIMERS) -> None:
    """Measure on both kinds of database and print."""
    found: dict[str, dict[str, float]] = {}
    with places() as both:
        for place in both:
            found[place.name] = drained(place, timers)
    table = Table("figure", *found, title=f"{timers:,} timers due at once, a person meanwhile")
    for figure in next(iter(found.values())):
        table.add_row(figure, *(f"{each[figure]:,.2f}" for each in found.values()))
    Console(width=100).print(table)
    keep("drain", found)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
