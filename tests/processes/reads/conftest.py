"""An office whose pages are read: people with names, a whole chain, and the reads' door."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from engine.actor import Actor, Post
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import CompleteWorkItem
from processes.bootstrap import prepare
from processes.intake import ReportCase
from processes.organisation import AddMembership, AddPerson, AddUnit
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.settings import Settings
from tests.balance import assert_balanced
from tests.processes.conftest import Office
from tests.processes.reads.chain import chain

TWO_UNITS = {"units": [{"unit": "SZ", "kind": "lead"}, {"unit": "CG", "kind": "assist"}]}


class ReadOffice(Office):
    """An office with people in its posts; `read()` opens its pages."""

    def people(self) -> None:
        """Put one person into each post that the stories need."""
        self.do(AddUnit(code="QY-04", name="秋实社区", kind="community", parent="QY"))
        self.worker = self.hire("李格", "grid_worker", "QY-03-02")
        self.secretary = self.hire("王书", "community_secretary", "QY-03")
        self.dispatcher = self.hire("赵派", "dispatcher", "QY")
        self.liaison = self.hire("张市", "dept", "SZ")
        self.rival = self.hire("钱管", "dept", "CG")
        self.leader = self.hire("孙领", "dept_leader", "SZ")
        self.supervisor = self.hire("周督", "supervisor", "QX")
        self.outsider = self.hire("吴外", "community_secretary", "QY-04")

    def hire(self, name: str, role: str, unit: str) -> Actor:
        """Return a person's actor."""
        person = UUID(self.do(AddPerson(name=name))["id"])
        self.do(AddMembership(person_id=person, role=role, unit=unit))
        return Actor(id=person, posts=(Post(role, unit),))

    @contextmanager
    def read(self, locale: str = "zh") -> Iterator[Reader]:
        """Open a page's view of the database, at the office's instant."""
        with self.product.engine.database.read() as connection:
            yield Reader(connection, self.clock.now(), locale, self.folders, self.product.calendars)

    @property
    def folders(self) -> Folders:
        """The words of what is deployed."""
        if not hasattr(self, "_folders"):
            self._folders = Folders(self.product.engine.library, self.product.shipped.labels)
        return self._folders

    def report(self, **fields: Any) -> dict[str, Any]:
        """Let the grid worker report; return the answer."""
        told = {"description": "路灯不亮。", "category": "streetlight", "area": "QY-03-02"}
        return self.do(ReportCase(**{**told, **fields}), self.worker)

    def step(
        self,
        element: str,
        outcome: str,
        actor: Actor,
        unit: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Finish a step with its form."""
        item_id = self.item(element, unit).id
        self.do(CompleteWorkItem(item_id=item_id, outcome=outcome, data=data or {}), actor)

    def to_departments(self, **fields: Any) -> str:
        """Bring a report as far as two departments that must answer; return its number."""
        number: str = self.report(**fields)["number"]
        self.step("community_review", "whistle", self.secretary)
        self.step("routing", "route", self.dispatcher, data=TWO_UNITS)
        self.product.worker("test").drain()  # what a slow machine left of the parts' starts
        return number


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[ReadOffice]:
    """Open a product on each kind of database, with the chain and its people in it."""
    product = prepare(
        Settings(home=tmp_path / "home", database=database_url),
        clock=clock,
        ids=ids,
        shipped=chain(tmp_path / "shipped"),
    )
    opened = ReadOffice(product, clock)
    opened.people()
    yield opened
    assert_balanced(product)
    product.close()
