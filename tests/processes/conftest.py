"""A small office on a real database, and the few questions a story asks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.actor import SYSTEM, Actor, Post
from engine.db.tables import outbox, work_item
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import Command, CompleteWorkItem
from processes.bootstrap import Product, prepare
from processes.intake import ReportCase
from processes.organisation import AddUnit
from processes.settings import Settings
from processes.tables import case_file, case_part
from tests.balance import assert_balanced
from tests.processes.thin import thin_chain

UNITS = (
    ("QX", "清河区", "district", None),
    ("QY", "清河街道", "street", "QX"),
    ("QY-03", "春晖社区", "community", "QY"),
    ("QY-03-02", "第二网格", "grid", "QY-03"),
    ("SZ", "市政工程处", "department", "QX"),
    ("CG", "城市管理局", "department", "QX"),
)
WORKER = Actor(id=UUID(int=1), posts=(Post("grid_worker", "QY-03-02"),))
SECRETARY = Actor(id=UUID(int=2), posts=(Post("community_secretary", "QY-03"),))
LIAISONS = {
    unit: Actor(id=UUID(int=10 + n), posts=(Post("dept", unit),))
    for n, unit in enumerate(("SZ", "CG"))
}


class Office:
    """A product with a small organisation in it."""

    def __init__(self, product: Product, clock: ManualClock, *, settled: bool = False) -> None:
        self.product = product
        self.clock = clock
        for code, name, kind, parent in () if settled else UNITS:
            self.do(AddUnit(code=code, name=name, kind=kind, parent=parent))

    def do(self, command: Command, actor: Actor = SYSTEM, **options: Any) -> dict[str, Any]:
        return self.product.engine.execute(command, actor, **options)

    def report(self, **fields: Any) -> dict[str, Any]:
        told = {"description": "路灯不亮。", "category": "streetlight", "area": "QY-03-02"}
        return self.do(ReportCase(**{**told, **fields}), WORKER)

    def rows(self, query: sa.Select[Any]) -> list[Any]:
        with self.product.engine.database.read() as connection:
            return list(connection.execute(query))

    def case(self, number: str) -> Any:
        (row,) = self.rows(sa.select(case_file).where(case_file.c.number == number))
        return row

    def parts(self, number: str) -> dict[str, Any]:
        query = sa.select(case_part).where(case_part.c.case_id == self.case(number).id)
        return {row.unit: row for row in self.rows(query)}

    def letters(self) -> list[Mapping[str, Any]]:
        return [row.data for row in self.rows(sa.select(outbox).order_by(outbox.c.id))]

    def item(self, element: str, unit: str | None = None) -> Any:
        query = sa.select(work_item).where(
            work_item.c.element == element, work_item.c.status == "open"
        )
        if unit:
            query = query.where(work_item.c.unit == unit)
        (row,) = self.rows(query)
        return row

    def complete(
        self, element: str, outcome: str, actor: Actor, unit: str | None = None, **form: Any
    ) -> dict[str, Any]:
        item_id = self.item(element, unit).id
        return self.do(CompleteWorkItem(item_id=item_id, outcome=outcome, data=form), actor)

    def wait(self, **delta: float) -> None:
        """Let time pass and the worker do what came due."""
        self.clock.forward(**delta)
        self.product.worker("test").drain()


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Office]:
    """Open a product on each kind of database, with a thin chain of our own in it."""
    product = prepare(
        Settings(home=tmp_path / "home", database=database_url),
        clock=clock,
        ids=ids,
        shipped=thin_chain(tmp_path / "shipped"),
    )
    yield Office(product, clock)
    assert_balanced(product)
    product.close()
