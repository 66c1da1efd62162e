"""What every release has stored loads in this one and runs on to its end.

Each folder holds a whole database as `scripts/freeze.py` of its release wrote it, in the middle of
everything: an open step with a repeated timer, called parts of which one has answered, a
sub-process with a clock, a wait for a message, a timer, a token that stopped. It is upgraded as an
installation is.
"""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.migrate import upgrade
from engine.db.tables import instance
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import RetryIncident, SendMessage
from engine.secrets import Keys
from engine.spiff import state
from processes.audit import verify
from scripts.freeze import BEGUN
from tests.engine.run.world import ROOT, World

RELEASES = sorted(
    path for path in Path(__file__).parent.iterdir() if path.is_dir() and "." in path.name
)
CASES, PARTS = 2, 3
UNUSED = 1_000_000  # ids after all that a frozen database has given out


@pytest.fixture(params=RELEASES, ids=lambda path: path.name)
def thawed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Open a frozen database, upgraded, three hours after it was frozen."""
    path = tmp_path / "cases.db"
    path.write_bytes(gzip.decompress((request.param / "cases.db.gz").read_bytes()))
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    clock = ManualClock(BEGUN)
    clock.forward(hours=5)
    yield World(database, clock, CountingIds(UNUSED), operations={"tell": lambda _operating: None})
    database.close()


def test_every_schema_of_a_state_is_frozen(tmp_path: Path) -> None:
    schemas = set()
    for folder in RELEASES:
        path = tmp_path / folder.name
        path.write_bytes(gzip.decompress((folder / "cases.db.gz").read_bytes()))
        with closing(sqlite3.connect(path)) as connection:
            schemas |= {row[0][0] for row in connection.execute("SELECT state FROM instance")}
    assert schemas == set(range(1, state.SCHEMA + 1))


def test_it_stands_where_it_stood(thawed: World) -> None:
    assert Counter(thawed.open_elements()) == {"review": 2, "handle": 1, "answer": 5}
    assert [row.element for row in thawed.incidents()] == ["tell", "tell"]
    assert [row.name for row in thawed.subscriptions()] == ["paid", "paid"]


def test_it_runs_on_to_its_end(thawed: World, tmp_path: Path) -> None:
    for trouble in thawed.incidents():
        thawed.engine.execute(RetryIncident(incident_id=trouble.id), ROOT)
    for _case in range(CASES):
        thawed.engine.execute(SendMessage(name="paid"), ROOT)
    finish_all(thawed)
    thawed.clock.forward(days=2)
    thawed.worker.drain()
    finish_all(thawed)

    cases = thawed.rows(sa.select(instance).where(instance.c.parent_id.is_(None)))
    assert [row.status for row in cases] == ["completed"] * CASES
    assert thawed.jobs() == []
    for row in cases:
        assert len(thawed.children(row.id)) == PARTS
        assert thawed.data(row.id)["parts"]["results"] == [{"said": "done"}] * PARTS
    Keys.create(tmp_path)
    with thawed.engine.database.read() as connection:
        report = verify(connection, Keys.load(tmp_path))
    assert report.ok, report.says


def finish_all(world: World) -> None:
    """Complete every open step, and those that open by it."""
    while world.items():
        for item in world.items():
            world.complete(item.element, id=item.id)
        world.worker.drain()
