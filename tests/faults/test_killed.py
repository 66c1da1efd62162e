"""A server or a database that dies in the middle leaves nothing half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.tables import event, instance, work_item
from engine.errors import Broken
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.plugins import Operating
from engine.secrets import Keys
from processes.audit import verify
from tests.engine.run import draw
from tests.engine.run.world import World

TOP = Path(__file__).parents[2]
LABELS = '[outcomes]\ndone = {zh = "办结", en = "Done"}\n'
CHAIN = draw.process(
    "chain",
    draw.start(),
    draw.user("handle", unit='"SZ"'),
    draw.service("tell", "tell"),
    draw.user("check", unit='"SZ"'),
    draw.end(),
    draw.flows("begin > handle", "handle > tell", "tell > check", "check > finish"),
    lanes={"dept": "begin handle tell check finish"},
)

URGED = draw.process(
    "urged",
    draw.start(),
    draw.user("handle", unit='"SZ"'),
    draw.boundary("late", "handle", "PT1H", interrupting=False),
    draw.service("tell", "tell"),
    draw.end(),
    draw.end("told"),
    draw.flows("begin > handle", "handle > finish", "late > tell", "tell > told"),
    lanes={"dept": "begin handle late tell finish told"},
)


class Cut:
    """An operation during which the database's connections are cut, as often as told."""

    def __init__(self, cut: Callable[[], None]) -> None:
        self.cut, self.times = cut, 0

    def __call__(self, operating: Operating) -> None:
        if self.times:
            self.times -= 1
            self.cut()
            operating.connection.execute(sa.text("SELECT 1"))


@pytest.fixture
def cut(postgres: Any, postgres_url: str) -> Cut:
    return Cut(lambda: postgres.kill_connections(postgres_url))


@pytest.fixture
def world(postgres_url: str, clock: ManualClock, ids: CountingIds, cut: Cut) -> Iterator[World]:
    database = Database(postgres_url)
    world = World(database, clock, ids, operations={"tell": cut})
    world.deploy("chain", chain__bpmn=CHAIN, labels__toml=LABELS)
    yield world
    database.close()


def test_a_connection_lost_once_costs_nobody_a_second_click(world: World, cut: Cut) -> None:
    case = world.start("chain")
    cut.times = 1
    world.complete("handle")

    assert world.open_elements() == ["check"]
    assert world.kinds(case).count("work_item.completed") == 1


def test_a_database_that_stays_away_is_one_sentence_and_nothing_half_done(
    world: World, cut: Cut
) -> None:
    case = world.start("chain")
    before = world.kinds(case)
    cut.times = 2
    with pytest.raises(Broken) as refusal:
        world.complete("handle")

    assert refusal.value.code == "database.unreachable"
    assert world.kinds(case) == before
    assert world.open_elements() == ["handle"]


def test_a_connection_lost_while_time_comes_first_is_no_different(world: World, cut: Cut) -> None:
    world.deploy("urged", urged__bpmn=URGED, labels__toml=LABELS)
    case = world.start("urged")
    world.clock.forward(hours=1)
    cut.times = 2
    with pytest.raises(Broken) as refusal:
        world.complete("handle")
    assert refusal.value.code == "database.unreachable"

    cut.times = 1
    world.complete("handle")
    assert world.kinds(case).count("timer.fired") == 1
    assert world.kinds(case).count("operation.performed") == 1


BUSY = """
import sys
from pathlib import Path
from engine.db.connect import Database
from engine.ids import SystemIds
from engine.now import SystemClock
from tests.engine.run.world import World
from tests.faults.test_killed import CHAIN, LABELS
world = World(Database(sys.argv[1]), SystemClock(), SystemIds(), operations={"tell": lambda o: None})
world.deploy("chain", chain__bpmn=CHAIN, labels__toml=LABELS)
while True:
    case = world.start("chain")
    print("started", case, flush=True)
    done = world.complete("handle", instance_id=case)
    print("done", done["item_id"], flush=True)
"""


def test_killed_with_no_warning_every_acknowledged_step_is_there(
    sqlite_url: str, tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", BUSY, sqlite_url],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": str(TOP)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().split() for _line in range(41)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [line.split() for line in process.stdout.read().splitlines() if line]
    process.wait()
    process.stdout.close()

    database = Database(sqlite_url)
    with database.read() as connection:
        started = set(connection.scalars(sa.select(instance.c.id)))
        done = set(
            connection.scalars(sa.select(work_item.c.id).where(work_item.c.status == "completed"))
        )
        orphans = connection.scalar(
            sa.select(sa.func.count())
            .select_from(instance)
            .where(~sa.exists().where(event.c.instance_id == instance.c.id))
        )
        Keys.create(tmp_path)
        report = verify(connection, Keys.load(tmp_path))
    said = {(kind, word) for kind, word in (row for row in acknowledged if len(row) == 2)}
    assert {word for kind, word in said if kind == "started"} <= {str(each) for each in started}
    assert {word for kind, word in said if kind == "done"} <= {str(each) for each in done}
    assert orphans == 0
    assert report.ok, report.says
    database.close()
