"""One transaction: all or nothing, in order, and a sentence when the database cannot go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.failures import Busy
from engine.db.tables import command_receipt, job
from engine.db.types import EPOCH
from engine.errors import Broken, Conflict

if TYPE_CHECKING:
    from tests.conftest import Postgres


def note(connection: sa.Connection, key: str) -> None:
    row = {"actor": "a", "key": key, "request_hash": b"", "answer": {}, "at": EPOCH}
    connection.execute(sa.insert(command_receipt), row)


def note_all(connection: sa.Connection, *keys: str) -> None:
    for key in keys:
        note(connection, key)


def noted(database: Database) -> list[str]:
    with database.read() as connection:
        query = sa.select(command_receipt.c.key).order_by(command_receipt.c.key)
        return list(connection.execute(query).scalars())


def test_a_frame_is_kept_whole_or_not_at_all(database: Database) -> None:
    with database.write(bulk=True) as connection:
        note(connection, "1")
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        note_all(connection, "2", "1")
    assert noted(database) == ["1"]


def test_a_savepoint_undoes_only_its_own_part(database: Database) -> None:
    with database.write() as connection:
        note(connection, "1")
        with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
            note_all(connection, "2", "1")
        with connection.begin_nested():
            note(connection, "3")
    assert noted(database) == ["1", "3"]


def test_a_read_changes_nothing_and_sees_one_moment(database: Database) -> None:
    with database.read() as connection:
        before = connection.execute(sa.select(sa.func.count()).select_from(job)).scalar()
        with database.write() as writer:
            note(writer, "1")
        assert connection.execute(sa.select(command_receipt)).all() == []
    assert before == 0
    with pytest.raises(Broken), database.read() as connection:
        note(connection, "2")
    assert noted(database) == ["1"]


def test_foreign_keys_hold(database: Database) -> None:
    row: dict[str, Any] = {
        "id": UUID(int=1),
        "instance_id": UUID(int=2),
        "kind": "timer",
        "due_at": EPOCH,
    }
    row |= {"data": {}, "status": "pending", "attempts": 0}
    with pytest.raises(sa.exc.IntegrityError), database.write() as connection:
        connection.execute(sa.insert(job), row)


def test_a_frame_inside_a_frame_is_refused_before_it_waits_for_itself(database: Database) -> None:
    with pytest.raises(RuntimeError, match="begin_nested"), database.write(), database.write():
        pass
    with database.write() as connection:
        note(connection, "1")


def test_writers_of_one_process_pass_one_after_the_other(database: Database) -> None:
    with database.write() as connection:
        note(connection, "0")

    def add() -> None:
        for _ in range(10):
            with database.write(bulk=True) as connection:
                query = sa.select(command_receipt.c.answer).with_for_update()
                count = connection.execute(query).scalar_one().get("n", 0)
                connection.execute(sa.update(command_receipt).values(answer={"n": count + 1}))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.execute(sa.select(command_receipt.c.answer)).scalar_one() == {"n": 40}


def test_lost_races_are_tried_again_and_then_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.db.connect.FIRST_WAIT", 0)
    outcomes = iter([Busy(), Busy(), None])

    def work() -> str:
        outcome = next(outcomes)
        if outcome:
            raise outcome
        return "done"

    assert database.retry(work) == "done"

    def never() -> None:
        raise Busy

    with pytest.raises(Conflict) as refused:
        database.retry(never)
    assert refused.value.code == "database.busy"


def test_sqlite_says_busy_when_another_process_holds_the_file(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.db.open.SQLITE_WAIT", 0)
    database = Database(sqlite_url)
    other = sa.create_engine(sqlite_url)
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(Busy), database.write():
            pass
    with database.write() as connection:
        note(connection, "1")
    assert noted(database) == ["1"]
    database.close()
    other.dispose()


def test_sqlite_is_looked_at_again_and_again_until_the_other_process_pauses(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(sqlite_url)
    other = sa.create_engine(sqlite_url)
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        looks = iter([None, None, connection.rollback])

        def pause(seconds: float) -> None:
            assert seconds <= 0.002, "as long as a bulk writer pauses"
            if let_go := next(looks):
                let_go()

        monkeypatch.setattr("engine.db.open.time.sleep", pause)
        with database.write() as waited:
            note(waited, "1")
    assert noted(database) == ["1"]
    database.close()
    other.dispose()


def test_a_sqlite_process_that_is_killed_leaves_nothing_half_done(sqlite_url: str) -> None:
    script = (
        "import sys, sqlalchemy as sa\n"
        "from engine.db.connect import Database\n"
        "with Database(sys.argv[1]).write() as connection:\n"
        "    row = \"INSERT INTO command_receipt VALUES ('a', '1', '', '{}', 0)\"\n"
        "    connection.exec_driver_sql(row)\n"
        "    print('written', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, sqlite_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"written\n"
        os.kill(process.pid, signal.SIGKILL)
    database = Database(sqlite_url)
    assert noted(database) == []
    with database.write() as connection:
        note(connection, "2")
    assert noted(database) == ["2"]
    database.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"not a database" * 100)
    for url, code in (
        (f"sqlite:///{tmp_path / 'bad.db'}", "database.damaged"),
        (f"sqlite:///{tmp_path / 'nowhere' / 'x.db'}", "database.unwritable"),
    ):
        database = Database(url)
        with pytest.raises(Broken) as refused, database.write():
            pass
        assert refused.value.code == code
        database.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y"])
def test_other_databases_are_refused_when_opened(url: str) -> None:
    with pytest.raises((ValueError, ModuleNotFoundError)):
        Database(url)


def test_postgresql_killed_between_two_statements_leaves_nothing_half_done(
    postgres: Postgres, postgres_url: str
) -> None:
    database = Database(postgres_url)

    def work() -> None:
        with database.write() as connection:
            note(connection, "1")
            postgres.kill_connections(postgres_url)
            note(connection, "2")

    with pytest.raises(Broken) as refused:
        work()
    assert refused.value.code == "database.unreachable"
    assert noted(database) == []
    database.close()


def test_postgresql_killed_before_the_commit_is_told_as_doubt(
    postgres: Postgres, postgres_url: str
) -> None:
    database = Database(postgres_url)

    def work() -> None:
        with database.write() as connection:
            note(connection, "1")
            postgres.kill_connections(postgres_url)

    with pytest.raises(Broken) as refused:
        work()
    assert refused.value.code == "database.in_doubt"
    database.close()


def test_after_a_restart_of_postgresql_nobody_clicks_twice(
    postgres: Postgres, postgres_url: str
) -> None:
    database = Database(postgres_url)
    assert noted(database) == []
    postgres.kill_connections(postgres_url)

    def work() -> None:
        with database.write() as connection:
            note(connection, "1")

    database.retry(work)
    assert noted(database) == ["1"]
    database.close()


def test_an_unreachable_postgresql_is_told() -> None:
    database = Database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Broken) as refused, database.read():
        pass
    assert refused.value.code == "database.unreachable"


def test_a_deadlock_is_a_lost_race_and_the_loser_tries_again(postgres_url: str) -> None:
    database = Database(postgres_url)
    with database.write() as connection:
        note(connection, "1")
        note(connection, "2")
    meet = threading.Barrier(2)
    attempts: list[str] = []

    def cross(first: str, second: str) -> None:
        def work() -> None:
            attempts.append(first)
            with database.write() as connection:
                connection.execute(sa.text("SET LOCAL deadlock_timeout = '10ms'"))
                touch(connection, first)
                if len(attempts) <= 2:
                    meet.wait(timeout=10)
                touch(connection, second)

        database.retry(work)

    threads = [threading.Thread(target=cross, args=pair) for pair in (("1", "2"), ("2", "1"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(attempts) == 3
    database.close()


def touch(connection: sa.Connection, key: str) -> None:
    row = command_receipt.c.key == key
    connection.execute(sa.update(command_receipt).where(row).values(answer={"by": key}))
