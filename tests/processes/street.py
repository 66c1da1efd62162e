"""A whole street to tell the whistle's stories with: everyone in a post, the clock moved by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import orjson
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.db.tables import event, incident, subscription, work_item
from engine.run.commands import CompleteWorkItem, TakeOffer
from processes.intake import ReportCase
from processes.practice import ChangeSetting
from processes.reads.case import case_page
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.reads.rows import CasePage
from tests.processes.conftest import Office

POSTS = {
    "grid_worker": "QY-03-02",
    "acceptor": "QY",
    "community_secretary": "QY-03",
    "whistle_approver": "QY",
    "street_dispatcher": "QY",
    "duty_leader": "QY",
    "dispatcher": "QX",
    "convener": "QY-03",
    "callback_agent": "QX",
    "district_gov": "QX",
    "supervisor": "QX",
}
LEAD = [{"unit": "SZ", "kind": "lead"}]
TWO = [*LEAD, {"unit": "CG", "kind": "assist"}]
GOES_TO_CG = [{"unit": "CG", "kind": "lead"}]
ROUTE = {"units": LEAD, "place": "online"}
TEAM = {"leader": "周强", "phone": "0511-8541 2345"}
DONE = {"solved": "yes", "result": "已更换灯头，恢复照明。"}
NOT_OURS = {"clause": "配合履职第三条", "suggested_unit": "城市管理局", "reason": "灯杆归城管。"}
REQUESTER = {"source": "hotline", "reporter_name": "居民周女士", "reporter_phone": "8000-0191"}


class Street:
    """An office with the chain that ships, and short ways to tell what people in it do.

    Steps are done by whoever holds the role at the unit of the step; `by` names another person.
    """

    def __init__(self, office: Office) -> None:
        self.office = office
        self._people: dict[tuple[str, str], Actor] = {}
        self.number = ""

    def person(self, role: str, unit: str) -> Actor:
        """Return who holds a role at a unit; the same person whenever asked."""
        key = (role, unit)
        if key not in self._people:
            some_id = UUID(int=100 + len(self._people))
            self._people[key] = Actor(id=some_id, posts=(Post(role, unit),))
        return self._people[key]

    def report(self, *, by: Actor | None = None, **fields: Any) -> str:
        """Hand in a report; the stories that follow are about it."""
        told = {"description": "路灯不亮。", "category": "streetlight", "area": "QY-03-02"}
        reporter = by or self.person("grid_worker", "QY-03-01")
        answer = self.office.do(ReportCase(**{**told, **fields}), reporter)
        self.number = str(answer["number"])
        self.office.wait()
        return self.number

    def do(
        self,
        step: str,
        outcome: str,
        unit: str | None = None,
        *,
        by: Actor | None = None,
        **form: Any,
    ) -> None:
        """Complete an open step as whoever holds it."""
        item = self.open(step, unit)
        actor = by or self.person(item.role, POSTS.get(item.role, item.unit))
        command = CompleteWorkItem(item_id=item.id, outcome=outcome, data=form)
        self.office.do(command, actor)
        self.office.wait()  # what a busy machine left to the worker

    def open(self, step: str, unit: str | None = None) -> Any:
        """Return the one open item of a step on the case, of a unit where several have it."""
        query = sa.select(work_item).where(
            work_item.c.root_id == self.case.id,
            work_item.c.element == step,
            work_item.c.status == "open",
        )
        if unit:
            query = query.where(work_item.c.unit == unit)
        (row,) = self.office.rows(query)
        return row

    def steps(self) -> set[str]:
        """Return what is open on the case now."""
        query = sa.select(work_item.c.element).where(
            work_item.c.root_id == self.case.id, work_item.c.status == "open"
        )
        return {row.element for row in self.office.rows(query)}

    def take(self, offer: str, unit: str | None = None, **form: Any) -> None:
        """Take an offer that the case makes, to a unit where it is made to several."""
        query = sa.select(subscription).where(subscription.c.element == offer)
        if unit:
            query = query.where(subscription.c.unit == unit)
        (row,) = self.office.rows(query)
        actor = self.person(row.role, POSTS.get(row.role, row.unit))
        self.office.do(TakeOffer(instance_id=row.instance_id, token=row.token, data=form), actor)
        self.office.wait()

    def overdue(self, step: str, unit: str | None = None) -> None:
        """Let the clock of a step run out."""
        self.office.clock.set(self.open(step, unit).due_at)
        self.office.wait()

    def practice(self, **settings: str) -> None:
        """Let the district blow in another way."""
        for name, value in settings.items():
            self.office.do(ChangeSetting(name=name, value=value))

    @property
    def case(self) -> Any:
        """The case file."""
        return self.office.case(self.number)

    @property
    def status(self) -> str:
        """The status that the case shows."""
        return str(self.case.status)

    def part(self, unit: str) -> Any:
        """Return a unit's part of the case."""
        return self.office.parts(self.number)[unit]

    def told(self) -> list[tuple[str, str]]:
        """Return who was sent which message, in order."""
        letters = self.office.letters()
        return [(each["role"], each["message"]) for each in letters if "message" in each]

    def stopped(self) -> list[tuple[str, str]]:
        """Return where tokens stand still, and why."""
        query = sa.select(incident).where(incident.c.resolved_at.is_(None))
        return [(row.element, row.cause) for row in self.office.rows(query)]

    def page(self, actor: Actor, *, reveal: bool = False) -> CasePage:
        """Return the case as a person sees it, with the reporter in clear where asked for."""
        product = self.office.product
        folders = Folders(product.engine.library, product.shipped.labels)
        with product.engine.database.read() as connection:
            reader = Reader(connection, self.office.clock.now(), "zh", folders)
            return case_page(reader, actor, self.number, keys=product.keys, reveal=reveal)

    def refusals(self) -> list[tuple[str, str]]:
        """Return what the system would not do though it was drawn, in order, and why not."""
        query = (
            sa.select(event.c.body)
            .where(event.c.root_id == self.case.id, event.c.kind == "operation.refused")
            .order_by(event.c.at)
        )
        told = [orjson.loads(row.body)["data"] for row in self.office.rows(query)]
        return [(each["operation"], each["code"]) for each in told]

    # -- roads that many stories begin with

    def whistled(self, **report: Any) -> None:
        """Report, whistle and issue: the case is with the dispatcher or with one department."""
        self.report(**report)
        if "accept" in self.steps():
            self.do("accept", "accept")
            self.do("verify", "confirm")
        self.do("community_review", "whistle", whistle_type="request", request="请市政换灯。")
        self.do("street_review", "issue")

    def routed(self, *, route: dict[str, Any] | None = None, **report: Any) -> None:
        """Bring a case to the departments that a dispatcher chose."""
        self.whistled(**{"category": "manhole", **report})
        self.do("routing", "route", **{**ROUTE, **(route or {})})

    def answered(self, *units: str) -> None:
        """Let departments answer the whistle."""
        for unit in units or ("SZ",):
            self.do("answer", "answer", unit, **TEAM)

    def arrived(self, unit: str) -> None:
        """Let the convener tick a unit off: its step belongs to the unit's own part."""
        query = sa.select(work_item).where(
            work_item.c.instance_id == self.part(unit).instance_id,
            work_item.c.element == "arrive",
            work_item.c.status == "open",
        )
        (item,) = self.office.rows(query)
        command = CompleteWorkItem(item_id=item.id, outcome="arrived", data={})
        self.office.do(command, self.person("convener", POSTS["convener"]))
        self.office.wait()

    def handled(self, **report: Any) -> None:
        """Bring a case to its release with one department."""
        self.routed(**report)
        self.answered()
        if "contact" in self.steps():
            self.do("contact", "reached", contacted_at="2026-05-06T10:00", how="phone")
        self.do("handle", "done", **DONE)

    def rated(self, *units: str) -> None:
        """Let the blower and each unit rate one another."""
        for unit in units or ("SZ",):
            items = self.office.rows(
                sa.select(work_item).where(
                    work_item.c.element == "rate_unit", work_item.c.status == "open"
                )
            )
            command = CompleteWorkItem(
                item_id=items[0].id,
                outcome="give",
                data={"response": 5, "arrival": 4, "handling": 5, "cooperation": 4},
            )
            self.office.do(command, self.person("community_secretary", "QY-03"))
            self.office.wait()
            self.do("rate_whistle", "give", unit, should=5, accurate=4, material=3)
