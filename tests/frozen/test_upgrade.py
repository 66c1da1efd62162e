"""An installation with cases in it, as the product of revision 0004 left them, goes on today.

`schema-0004/shaodao.db.gz` is the SQLite file of a home in which that product took three reports:
one waits for the community, one is with two departments of which one has answered, one is closed.
On PostgreSQL the same rows are put into the tables of that revision, made by its migrations.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command

from engine.actor import Actor, Post
from engine.db.connect import Database
from engine.db.migrate import configuration, upgrade
from engine.db.tables import instance, work_item
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import CompleteWorkItem
from engine.trail.check_chains import check_chains
from engine.trail.faults import Tally
from processes.bootstrap import prepare
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.reads.search import search
from processes.settings import Settings
from processes.tables import case_file, trend, trend_day
from tests.conftest import Postgres
from tests.processes.conftest import Office

OLD = Path(__file__).parent / "schema-0004" / "shaodao.db.gz"
REVISION = "0004"
LEFT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
UNUSED = 1_000_000  # ids after all that the old product gave out
WITH_DEPARTMENTS, WAITING, CLOSED = "井盖破损", "路灯不亮", "绿地垃圾"
SUPERVISOR = Actor(id=UUID(int=60), posts=(Post("supervisor", "QX"),))


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Put the old database on each kind of database, still at its own revision."""
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress(OLD.read_bytes()))
    if request.param == "sqlite":
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    url = server.create()
    copy(f"sqlite:///{path}", url)
    yield url
    server.drop(url)


def copy(source: str, target: str) -> None:
    """Make the tables as that revision had them, and put the rows into them as they are."""
    old, new = Database(source), Database(target)
    try:
        with old.read() as read, new.write() as write:
            command.upgrade(configuration(write), REVISION)
            there, here = sa.MetaData(), sa.MetaData()
            there.reflect(read)
            here.reflect(write)
            here.remove(here.tables["alembic_version"])
            for table in here.sorted_tables:
                found = read.execute(sa.select(there.tables[table.name])).mappings()
                if rows := [plain(table, row) for row in found]:
                    write.execute(table.insert(), rows)
    finally:
        old.close()
        new.close()


def plain(table: sa.Table, row: sa.RowMapping) -> dict[str, Any]:
    """Return a row of SQLite, which knows neither truth values nor ids, for another database."""
    read = {sa.Uuid: UUID, sa.Boolean: bool}
    kinds = {column.name: type(column.type) for column in table.columns}
    return {
        name: read[kinds[name]](value) if kinds[name] in read and value is not None else value
        for name, value in row.items()
    }


def test_days_that_were_rolled_up_in_another_shape_are_rolled_up_anew(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'shaodao.db'}")
    with database.write() as connection:
        command.upgrade(configuration(connection), "0016")
        for rows in (
            "trend VALUES ('QX', '2026-03-02', 'litter', 'reported', 3)",
            "trend_day VALUES ('2026-03-02', 1, 0)",
        ):
            connection.exec_driver_sql(f"INSERT INTO {rows}")
    upgrade(database)
    with database.read() as connection:
        assert connection.execute(sa.select(trend)).all() == []
        assert list(connection.scalars(sa.select(trend_day.c.rolled))) == [False]
    database.close()


@pytest.fixture
def office(old_url: str, tmp_path: Path) -> Iterator[Office]:
    """Start today's product on the old database, as an installation is upgraded."""
    clock = ManualClock(LEFT)
    product = prepare(
        Settings(home=tmp_path / "home", database=old_url), clock=clock, ids=CountingIds(UNUSED)
    )
    yield Office(product, clock, settled=True)
    product.close()


def titled(office: Office, title: str) -> Any:
    """Return the case file of a title."""
    (row,) = office.rows(sa.select(case_file).where(case_file.c.title == title))
    return row


def do(office: Office, title: str, step: str, outcome: str, **form: Any) -> None:
    """Complete every open step of a name on a case, as whoever holds it."""
    query = sa.select(work_item).where(
        work_item.c.root_id == titled(office, title).id,
        work_item.c.element == step,
        work_item.c.status == "open",
    )
    items = office.rows(query)
    assert items, step
    for item in items:
        holder = Actor(id=UUID(int=70), posts=(Post(item.role, item.unit),))
        office.do(CompleteWorkItem(item_id=item.id, outcome=outcome, data=form), holder)
        office.wait()


def test_an_old_installation_goes_on(office: Office) -> None:
    its_cases_stand_where_they_stood(office)
    its_items_say_whose_steps_they_are(office)
    they_run_to_their_end_on_the_drawing_they_began_with(office)
    a_new_report_takes_the_new_drawing(office)
    tally = Tally()
    with office.product.engine.database.read() as connection:
        check_chains(connection, tally)
    assert tally.first is None, "what is chained now hangs on what was chained then"


def its_cases_stand_where_they_stood(office: Office) -> None:
    statuses = {
        title: titled(office, title).status for title in (WITH_DEPARTMENTS, WAITING, CLOSED)
    }
    assert statuses == {
        WITH_DEPARTMENTS: "awaiting_answer",
        WAITING: "community_review",
        CLOSED: "closed",
    }
    folders = Folders(office.product.engine.library, office.product.shipped.labels)
    with office.product.engine.database.read() as connection:
        reader = Reader(connection, office.clock.now(), "zh", folders)
        found = search(reader, SUPERVISOR, "井盖", keys=office.product.keys, cursor=None, limit=10)
    assert [row.title for row in found.page.rows] == [WITH_DEPARTMENTS], "what is old can be found"


def its_items_say_whose_steps_they_are(office: Office) -> None:
    joined = work_item.join(instance, instance.c.id == work_item.c.instance_id)
    said = work_item.c.definition_id, work_item.c.process
    true = instance.c.definition_id, instance.c.process
    rows = office.rows(sa.select(*said, *true).select_from(joined))
    assert {row[1] for row in rows} >= {"whistle", "department"}
    assert all(row[:2] == row[2:] for row in rows)


def they_run_to_their_end_on_the_drawing_they_began_with(office: Office) -> None:
    do(office, WITH_DEPARTMENTS, "answer", "answer", leader="李宁", phone="0511-8541 2346")
    do(office, WITH_DEPARTMENTS, "handle", "done", solved="yes", result="已更换。")
    do(office, WITH_DEPARTMENTS, "check", "pass")
    case = titled(office, WITH_DEPARTMENTS)
    assert (case.status, case.closed_at) == ("closed", office.clock.now())
    (root,) = office.rows(sa.select(instance).where(instance.c.id == case.id))
    assert root.status == "completed"


def a_new_report_takes_the_new_drawing(office: Office) -> None:
    office.report(title="新报")
    office.wait()
    do(office, "新报", "community_review", "whistle", whistle_type="request", request="请换灯。")
    assert titled(office, "新报").status == "street_review"
