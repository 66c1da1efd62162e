"""A full disk, a database that says nothing, clocks apart: a sentence, readiness, recovery."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db import connect, punctual
from engine.db.connect import Database
from engine.db.tables import event
from engine.errors import Broken
from engine.ids import CountingIds
from engine.now import ManualClock, SystemClock
from engine.run.engine import Engine
from processes.bootstrap import prepare
from processes.host_clock import HostClock, refuse_clock_apart
from processes.settings import Settings
from tests.engine.run.world import World
from tests.faults.cluster import Cluster, cluster
from tests.faults.crowd import Hand
from tests.faults.drill import REPORT, furnish
from tests.faults.plant import Plant, programs
from tests.faults.test_killed import CHAIN, LABELS
from web import create_app
from web.accounts import HANDLERS

ROOM = "64m"  # of the small disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own that is soon full."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "none", place],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("mounting a small file system is not allowed here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def test_a_full_disk_is_told_and_when_there_is_room_all_goes_on(small_disk: Path) -> None:
    settings = Settings(
        home=small_disk / "home", database=f"sqlite:///{small_disk}/home/shaodao.db"
    )
    product = prepare(settings, handlers=HANDLERS)
    people = furnish(product)
    product.close()
    plant = Plant(programs(settings.home, settings.database, servers=1, workers=0))
    for part in plant.parts:
        part.log = small_disk.parent / "serve.log"  # type: ignore[attr-defined]
    hand = Hand.of(people[0], plant.addresses())
    try:
        plant.keep()
        plant.ready()
        fill(small_disk / "filler")
        status, said = hand.once("/cases", REPORT, "one")
        assert (status, said["code"]) == (503, "database.unwritable")
        assert hand.once("/health/live", None, "")[0] == 200
        assert hand.once("/health/ready", None, "")[0] == 503
        (small_disk / "filler").unlink()
        assert hand.once("/cases", REPORT, "one")[0] == 201
        assert hand.once("/health/ready", None, "")[0] == 200
    finally:
        plant.kill()


def fill(path: Path) -> None:
    """Write until nothing fits any more."""
    with path.open("wb", buffering=0) as filler:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    filler.write(b"\0" * size)
            except OSError:
                continue


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A PostgreSQL that a test may stop, and people who wait a second for it."""
    monkeypatch.setattr(punctual.Punctual, "answer_within", 1.0)
    monkeypatch.setattr(connect, "PROBE_WITHIN", 0.5)
    with cluster() as made:
        yield made
        made.tell(signal.SIGCONT)


def test_a_database_that_says_nothing_is_told_and_comes_back_by_itself(
    silent: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.db.open.CONNECT_WITHIN", 1)
    database = Database(silent.url)
    assert database.clock() is not None
    silent.tell(signal.SIGSTOP)
    begun = time.monotonic()
    with pytest.raises(Broken) as refusal:
        database.retry(database.clock)
    assert refusal.value.code == "database.unreachable"
    assert time.monotonic() - begun < 10
    silent.tell(signal.SIGCONT)
    assert database.retry(database.clock) is not None
    database.close()


def test_a_server_whose_database_says_nothing_is_not_ready_until_it_speaks_again(
    silent: Cluster, tmp_path: Path
) -> None:
    product = prepare(Settings(home=tmp_path / "home", database=silent.url), handlers=HANDLERS)
    visitor = create_app(product).test_client()
    assert visitor.get("/api/v1/health/ready").status_code == 200
    silent.tell(signal.SIGSTOP)
    answer = visitor.get("/api/v1/health/ready")
    assert (answer.status_code, answer.json["code"]) == (503, "database.unreachable")
    assert visitor.get("/api/v1/health/live").status_code == 200
    silent.tell(signal.SIGCONT)
    assert visitor.get("/api/v1/health/ready").status_code == 200
    product.close()


def test_a_statement_that_is_never_answered_leaves_nothing_half_done(silent: Cluster) -> None:
    database = Database(silent.url)
    with database.write() as connection:
        connection.execute(sa.text("CREATE TABLE kept (n int)"))
    asked = "INSERT INTO kept SELECT 1 FROM pg_sleep(20)"
    with pytest.raises(Broken) as refusal, database.write() as connection:
        connection.execute(sa.text(asked))
    assert refusal.value.code == "database.unreachable"
    with database.read() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM kept")) == 0
    database.close()


def test_a_host_whose_clock_is_apart_is_not_ready(postgres_url: str) -> None:
    database = Database(postgres_url)
    clock = ManualClock(SystemClock().now())
    refuse_clock_apart(database, clock)
    for seconds in (4, -8):
        clock.forward(seconds=seconds)
        with pytest.raises(Broken) as refusal:
            refuse_clock_apart(database, clock)
        assert refusal.value.code == "host.clock_apart"
    database.close()


def test_a_worker_looks_once_a_minute_and_at_once_when_its_clock_jumps(postgres_url: str) -> None:
    database = Database(postgres_url)
    clock = ManualClock(SystemClock().now())
    guard = HostClock(database, clock)
    guard()
    clock.forward(seconds=30)
    guard()
    clock.forward(seconds=31)
    with pytest.raises(Broken):
        guard()
    clock.set(SystemClock().now())
    guard()
    clock.forward(hours=-1)
    with pytest.raises(Broken):
        guard()
    database.close()


def test_of_two_hosts_with_clocks_apart_no_case_s_time_goes_back(
    database: Database, clock: ManualClock, ids: CountingIds
) -> None:
    world = World(database, clock, ids, operations={"tell": lambda _operating: None})
    world.deploy("chain", chain__bpmn=CHAIN, labels__toml=LABELS)
    slow = World.__new__(World)
    slow.clock = ManualClock(clock.now() - timedelta(minutes=5))
    slow.engine = Engine(database, world.plugins, clock=slow.clock, ids=ids)
    case = world.start("chain")
    slow.complete("handle")
    world.complete("check")

    query = sa.select(event.c.at, event.c.recorded_at).where(event.c.instance_id == case)
    told = [(row.at, row.recorded_at) for row in world.rows(query.order_by(event.c.seq))]
    assert told == sorted(told)
    assert world.instance(case).status == "completed"
