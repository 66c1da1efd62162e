"""Many hands on the same cases at the same moment: everything once, nothing lost, nothing left."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.db.tables import event, incident, instance, job, work_item
from engine.errors import ShaodaoError
from engine.ids import CountingIds
from engine.now import ManualClock
from engine.run.commands import CompleteWorkItem
from processes.audit import verify
from processes.bootstrap import prepare
from processes.intake import ReportCase
from processes.settings import Settings
from processes.tables import case_file, case_part
from tests.processes.conftest import Office
from tests.processes.thin import thin_chain

CASES = 6
HANDS = 3  # people who reach for the same step; the first two are one person clicking twice
REPORTER = Actor(id=UUID(int=1), posts=(Post("grid_worker", "QY-03-02"),))
ROLES = {
    "community_review": "community_secretary",
    "answer": "dept",
    "handle": "dept",
    "check": "grid_worker",
}
ROUNDS = (
    ("community_review", "whistle"),
    ("answer", "answer"),
    ("handle", "done"),
    ("check", "pass"),
)
Said = tuple[str, dict[str, Any]]  # "done" with the answer, or a refusal's code


@pytest.fixture
def office(
    database_url: str, tmp_path: Path, clock: ManualClock, ids: CountingIds
) -> Iterator[Office]:
    settings = Settings(home=tmp_path / "home", database=database_url)
    shipped = thin_chain(tmp_path / "shipped")
    product = prepare(settings, clock=clock, ids=ids, shipped=shipped)
    yield Office(product, clock)
    product.close()


@contextmanager
def workers(office: Office, names: Sequence[str]) -> Iterator[None]:
    """Let workers look for jobs all the while, beside the threads that do their own."""
    over = threading.Event()

    def work(name: str) -> None:
        worker = office.product.worker(name)
        while not over.is_set():
            worker.round()
            over.wait(0.005)

    with ThreadPoolExecutor(len(names)) as pool:
        working = [pool.submit(work, name) for name in names]
        try:
            yield
        finally:
            over.set()
    for each in working:
        each.result()


def at_once(calls: Sequence[Callable[[], Said]]) -> list[Said]:
    """Let everybody start at the same moment; return what each was told."""
    gate = threading.Barrier(len(calls))

    def go(call: Callable[[], Said]) -> Said:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(go, calls))


def report(office: Office, number: int) -> Said:
    """Report a problem; the same number is the same click."""
    told = ReportCase(description="路灯不亮。", category="streetlight", area="QY-03-02")
    return "done", office.do(told, REPORTER, key=f"report-{number}")


def finish(office: Office, item: Any, outcome: str, hand: int) -> Said:
    """Finish a step as one of several people; the first two use one key."""
    person = max(hand, 1)
    actor = Actor(id=UUID(int=100 + person), posts=(Post(ROLES[item.element], item.unit),))
    command = CompleteWorkItem(item_id=item.id, outcome=outcome, data={})
    try:
        return "done", office.do(command, actor, key=f"{item.id}-{person}")
    except ShaodaoError as refusal:
        return refusal.code, {}


def reach_for(office: Office, element: str, outcome: str) -> Counter[UUID]:
    """Let several people finish every open step of a kind; return how often each was done."""
    query = sa.select(work_item).where(work_item.c.element == element, work_item.c.status == "open")
    items = office.rows(query)
    calls = [
        partial(finish, office, item, outcome, hand) for item in items for hand in range(HANDS)
    ]
    said = at_once(calls)
    for n in range(0, len(said), HANDS):
        one, same, other = said[n : n + HANDS]
        assert one == same, "one person's two clicks are one"
        assert {one[0], other[0]} == {"done", "work_item.already_completed"}
    return Counter(UUID(answer["item_id"]) for _word, answer in said if answer)


def test_a_crowd_walks_every_case_to_its_end_once(office: Office) -> None:
    acknowledged: set[UUID] = set()
    with workers(office, ("one", "two")):
        reported = at_once([partial(report, office, n // 2) for n in range(CASES * 2)])
        for element, outcome in ROUNDS:
            acknowledged |= set(reach_for(office, element, outcome))

    assert reported[::2] == reported[1::2], "one person's two clicks are one"
    numbers = sorted(answer["number"] for _word, answer in reported[::2])
    assert [int(number[-6:]) for number in numbers] == list(range(1, CASES + 1))
    assert_all_is_done_once(office, acknowledged)
    assert_nothing_is_left(office)


def assert_all_is_done_once(office: Office, acknowledged: set[UUID]) -> None:
    bodies = office.rows(sa.select(event.c.body).where(event.c.kind == "work_item.completed"))
    done = Counter(UUID(orjson.loads(bytes(row.body))["data"]["item"]) for row in bodies)
    assert set(done) == acknowledged
    assert set(done.values()) == {1}
    assert len(done) == CASES * 6  # review, two answers, two results, check
    ended = office.rows(sa.select(event.c.root_id).where(event.c.kind == "child.ended"))
    assert set(Counter(row.root_id for row in ended).values()) == {2}


def assert_nothing_is_left(office: Office) -> None:
    assert office.rows(sa.select(job)) == []
    assert office.rows(sa.select(incident)) == []
    assert {row.status for row in office.rows(sa.select(work_item.c.status))} == {"completed"}
    instances = office.rows(sa.select(instance.c.status))
    assert [row.status for row in instances] == ["completed"] * CASES * 3
    assert {row.status for row in office.rows(sa.select(case_file.c.status))} == {"closed"}
    parts = office.rows(sa.select(case_part))
    assert len(parts) == CASES * 2
    assert all(part.ended_at for part in parts)
    office.product.seal()
    with office.product.engine.database.read() as connection:
        report = verify(connection, office.product.keys)
    assert report.ok, report.says
