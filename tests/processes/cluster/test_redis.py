"""A real Redis and a real Celery: called, killed, started again, and told old stories."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.db.tables import event, job, work_item
from engine.run import own_jobs
from engine.run.commands import CompleteWorkItem
from engine.run.queues import Queue
from processes.bootstrap import Product, open_product, prepare
from processes.cluster.broker import TASK, celery_on, name_of
from processes.intake import ReportCase
from processes.settings import Settings
from tests.faults.drill import PARTS, REPORT, furnish
from tests.faults.plant import Program, free_port
from web.accounts import HANDLERS

pytestmark = pytest.mark.nightly
GRID = Actor(id=UUID(int=1), posts=(Post("grid_worker", "QY-03-02"),))
SECRETARY = Actor(id=UUID(int=2), posts=(Post("community_secretary", "QY-03"),))
PATIENCE = 60.0


class Redis:
    """A Redis of our own that forgets everything when it ends."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", ""]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis() -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server here: scripts/system-packages cluster installs it")
    made = Redis()
    made.start()
    yield made
    made.kill()


@pytest.fixture
def product(redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    """A product whose own threads do no jobs: only who is called, or watches, does."""
    monkeypatch.setattr(own_jobs, "MOST", 0)
    home = tmp_path / "home"
    database = f"sqlite:///{home}/shaodao.db"
    furnished = prepare(Settings(home=home, database=database), handlers=HANDLERS)
    furnish(furnished)
    furnished.close()
    opened = open_product(Settings(home=home, database=database, broker=redis.url))
    yield opened
    opened.close()


@pytest.fixture
def worker(product: Product, redis: Redis, tmp_path: Path) -> Iterator[Program]:
    log = tmp_path / "worker.log"
    settings = product.settings
    program = Program(
        "worker", "worker --celery", settings.home, settings.database, log, broker=redis.url
    )
    program.start()
    yield program
    assert program.process is not None
    program.process.terminate()
    program.process.join(PATIENCE)
    assert program.process.exitcode == 0


def rows(product: Product, query: sa.Select[tuple[UUID]]) -> list[UUID]:
    with product.engine.database.read() as connection:
        return list(connection.scalars(query))


def until(true: Callable[[], bool]) -> None:
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < PATIENCE
        time.sleep(0.05)


def open_items(product: Product, element: str) -> list[UUID]:
    of = (work_item.c.element == element, work_item.c.status == "open")
    return rows(product, sa.select(work_item.c.id).where(*of))


def whistle(product: Product) -> None:
    """Report a case and blow the whistle: two parts are to be started by others."""
    before = len(open_items(product, "answer"))
    product.engine.execute(ReportCase(**REPORT), GRID)
    (item,) = open_items(product, "community_review")
    product.engine.execute(CompleteWorkItem(item_id=item, outcome="whistle", data={}), SECRETARY)
    until(lambda: len(open_items(product, "answer")) == before + PARTS)


def test_with_and_without_the_broker_the_work_is_done(
    product: Product, redis: Redis, worker: Program
) -> None:
    whistle(product)
    redis.kill()
    until(product.engine.nudge.fails)
    begun = time.monotonic()
    product.engine.execute(ReportCase(**REPORT), GRID)
    assert time.monotonic() - begun < 2, "a broker that is down holds nobody up"
    (item,) = open_items(product, "community_review")
    product.engine.execute(CompleteWorkItem(item_id=item, outcome="whistle", data={}), SECRETARY)
    until(lambda: len(open_items(product, "answer")) == 2 * PARTS)
    redis.start()
    until(lambda: not product.engine.nudge.fails())
    whistle(product)


def test_a_broker_that_replays_old_messages_changes_nothing(
    product: Product, redis: Redis, worker: Program
) -> None:
    whistle(product)
    due = sa.select(job.c.id).where(job.c.kind == "timer")
    until(lambda: not rows(product, due))
    told = rows(product, sa.select(event.c.instance_id))
    app = celery_on(redis.url)
    for queue in Queue:
        for _again in range(20):
            app.send_task(TASK, args=[queue.name], queue=name_of(queue))
    app.send_task(TASK, args=["EVERYTHING"], queue=name_of(Queue.BULK))
    app.close()
    until(lambda: "broker.message_unknown" in worker.log.read_text())
    assert rows(product, sa.select(event.c.instance_id)) == told
