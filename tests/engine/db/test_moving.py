"""Everything moves from a SQLite file to PostgreSQL, however often the move is interrupted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from engine.db import moving
from engine.db.connect import Database
from engine.db.moving import move
from engine.db.tables import event, instance, metadata, work_item
from engine.errors import Broken, Conflict
from engine.ids import CountingIds
from engine.now import ManualClock
from processes.tables import org_unit
from tests.engine.run import draw
from tests.engine.run.world import World

STEP = draw.process(
    "p",
    draw.start(),
    draw.user("step", unit='"SZ"', sla="case"),
    draw.end(),
    draw.flows("begin > step", "step > finish"),
    lanes={"dept": "begin step finish"},
)
TABLES = list(metadata.tables.values())


class Interrupted(Exception):
    """Somebody pulled the plug."""


@pytest.fixture
def source(sqlite_url: str, clock: ManualClock, ids: CountingIds) -> Iterator[Database]:
    database = Database(sqlite_url)
    world = World(database, clock, ids)
    world.deploy("p", p__bpmn=STEP, labels__toml='[outcomes]\ndone = {zh = "好"}\n')
    for _each in range(5):
        world.start("p")
    world.complete("step", id=world.items()[0].id)
    with database.write() as connection:
        connection.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
        for code, parent in (("AA", "B"), ("B", "A"), ("A", None)):  # children before parents
            row = {"code": code, "parent": parent, "name": code, "kind": "street"}
            since = {"path": f"/{code}/", "valid_from": clock.now()}
            connection.execute(sa.insert(org_unit), row | since)
    yield database
    database.close()


@pytest.fixture
def target(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    yield database
    database.close()


def count(database: Database, table: sa.Table) -> int:
    with database.read() as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_every_row_arrives_and_can_be_worked_on(
    source: Database, target: Database, clock: ManualClock, ids: CountingIds
) -> None:
    moved = {each.table: each.rows for each in move(source, target, TABLES)}
    assert moved["instance"] == 5
    assert moved["org_unit"] == 3
    assert moved["event"] == count(source, event) == count(target, event)
    world = World(target, clock, ids)
    world.complete("step", id=world.items()[0].id)
    assert len(world.items()) == 3


def test_an_interrupted_move_is_run_again(
    source: Database, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "BATCH", 2)

    def pull_the_plug(table: str, rows: int) -> None:
        if (table, rows) == ("instance", 4):
            raise Interrupted

    with pytest.raises(Interrupted):
        move(source, target, TABLES, progress=pull_the_plug)
    assert count(target, instance) == 4
    assert count(target, work_item) == 0
    move(source, target, TABLES)
    assert count(target, work_item) == count(source, work_item)
    assert move(source, target, TABLES)  # once more changes nothing


def test_a_database_that_others_work_with_is_not_touched(
    source: Database, target: Database, clock: ManualClock
) -> None:
    World(target, clock, CountingIds(900))
    with pytest.raises(Conflict, match="请换一个空库"):
        move(source, target, TABLES)
    assert count(target, instance) == 0


def test_another_version_is_refused(source: Database, target: Database) -> None:
    with target.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(Conflict, match="版本不同"):
        move(source, target, TABLES)


def test_a_row_that_was_changed_on_the_way_is_noticed(source: Database, target: Database) -> None:
    move(source, target, TABLES)
    with target.write() as connection:
        connection.execute(sa.update(instance).values(priority=2))
    with pytest.raises(Broken, match="instance 与原库不一致"):
        move(source, target, TABLES)
