"""An office with closed cases behind it, and the question what a draft would have made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from engine.db.tables import sla_clock, sla_span
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import DeployTables
from processes.bootstrap import prepare
from processes.settings import Settings
from processes.tables import case_file
from processes.whatif.draft import Draft, read_calendar, read_limits
from processes.whatif.past import Period
from processes.whatif.result import Result
from processes.whatif.run import what_if
from processes.whatif.telling import told
from tests.balance import assert_balanced
from tests.processes.reads.chain import CLOCKS, chain, table
from tests.processes.reads.conftest import ReadOffice

SPRING = Period(date(2026, 3, 1), date(2026, 3, 31))
LIMIT = ("value", "unit", "counting", "warn", "source")


def limits(asks: str = "clock", **changed: tuple[int, str]) -> bytes:
    """Return a draft of the table in force, with other limits for some of its codes."""
    rows = {
        code: (str(value), f'"{unit}"', '"rolling"', "0.75", '"the draft"')
        for code, (value, unit) in {**(CLOCKS if asks == "clock" else {}), **changed}.items()
    }
    return table("limits", asks, LIMIT, rows).encode()


class PastOffice(ReadOffice):
    """An office whose cases can be brought to their end."""

    def closed_by_community(self, *, review_hours: float, **fields: Any) -> str:
        """Report a case, review it after so many hours, handle and check it; return its number."""
        number: str = self.report(**fields)["number"]
        self.wait(hours=review_hours)
        self.step("community_review", "handle", self.secretary)
        self.finish("community_handle", self.secretary)
        return number

    def closed_by_departments(self, *, answer_hours: float) -> str:
        """Whistle two departments; the first answers after so many hours."""
        number = self.to_departments()
        self.wait(hours=answer_hours)
        led = {"leader": "张"}
        late = answer_hours >= CLOCKS["answer"][0]
        step, liaison = ("answer_second", self.leader) if late else ("answer", self.liaison)
        self.step(step, "answer", liaison, "SZ", {} if late else led)
        step, rival = ("answer_second", self.second_leader) if late else ("answer", self.rival)
        self.step(step, "answer", rival, "CG", {} if late else led)
        self.step("handle", "done", self.liaison, "SZ")
        self.step("handle", "done", self.rival, "CG")
        self.product.worker("test").drain()
        self.step("check", "pass", self.checker)
        return number

    def finish(self, element: str, actor: Any) -> None:
        """Do a step and let the check pass."""
        self.step(element, "done", actor)
        self.product.worker("test").drain()
        self.step("check", "pass", self.checker)

    def do_deploy(self, table: bytes) -> None:
        """Put another table of limits in force."""
        self.do(DeployTables(files={"limits.dmn": table}))

    def rename_category(self, number: str, category: str) -> None:
        """Let a case be of another category from now on."""
        named = sa.update(case_file).where(case_file.c.number == number)
        with self.product.engine.database.write() as connection:
            connection.execute(named.values(category=category))

    def forget_inputs(self) -> None:
        """Make all clocks as old as those whose limits were asked before inputs were kept."""
        with self.product.engine.database.write() as connection:
            for row in connection.execute(sa.select(sla_clock.c.id, sla_clock.c.rule)).all():
                rule = {name: value for name, value in row.rule.items() if name != "asked"}
                kept = sa.update(sla_clock).where(sla_clock.c.id == row.id)
                connection.execute(kept.values(rule=rule))

    def extend_in_hindsight(self, clock: sa.ColumnElement[bool], hours: float) -> None:
        """Write an extension into a ledger as if it had been given so long after the start."""
        with self.product.engine.database.write() as connection:
            row = connection.execute(sa.select(sla_clock).where(clock)).one()
            at = row.started_at + timedelta(hours=hours)
            given = {"clock_id": row.id, "seq": 2, "kind": "extended", "at": at, "times": 1}
            of_clock = sa.update(sla_span).where(sla_span.c.clock_id == row.id)
            connection.execute(of_clock.where(sla_span.c.seq > 1).values(seq=9))
            connection.execute(sla_span.insert(), given)
            connection.execute(sa.update(sla_clock).where(clock).values(breached_at=None))

    def people(self) -> None:
        """Put one person into each post that the stories need."""
        super().people()
        self.checker = self.worker
        self.second_leader = self.hire("冯领", "dept_leader", "CG")

    def what_if(
        self,
        table: bytes | None = None,
        *,
        calendar: str | None = None,
        period: Period = SPRING,
    ) -> Result:
        """Ask what a draft would have made of what was closed in a period."""
        with self.product.engine.database.read() as connection:
            drafted = read_calendar(connection, calendar.encode()) if calendar else None
            draft = Draft(read_limits(table) if table else None, drafted)
            return what_if(connection, draft, period, library=self.product.engine.library)

    def told(self, result: Result) -> Mapping[str, Any]:
        """Return a result in words."""
        with self.read() as reader:
            return told(reader, result, SPRING)


@contextmanager
def opened(folder: Path, url: str, clock: ManualClock, ids: CountingIds) -> Iterator[PastOffice]:
    """Open a product with the chain and its people in it."""
    settings = Settings(home=folder / "home", database=url)
    product = prepare(settings, clock=clock, ids=ids, shipped=chain(folder / "shipped"))
    office = PastOffice(product, clock)
    office.people()
    yield office
    assert_balanced(product)
    product.close()


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[PastOffice]:
    with opened(tmp_path, sqlite_url, clock, ids) as found:
        yield found


@pytest.fixture
def either_office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[PastOffice]:
    """An office on each kind of database."""
    with opened(tmp_path, database_url, clock, ids) as found:
        yield found
