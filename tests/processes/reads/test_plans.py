"""How SQLite finds the rows of a page: by an index, whatever lies closed beside them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from engine.actor import Actor
from processes.reads.cases import cases
from processes.reads.inbox import inbox
from processes.reads.overdue import overdue
from processes.reads.reader import Reader
from processes.reads.search import search
from processes.reads.trends import trends
from processes.trends import FORGET
from tests.processes.reads.conftest import ReadOffice

Read = Callable[[Reader, ReadOffice], object]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plans are compared on one database only."""
    return sqlite_url


def plan_of(office: ReadOffice, read: Read) -> str:
    """Return how the statements of a read are carried out."""
    sent: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    with office.read() as reader:
        sa.event.listen(sa.Engine, "before_cursor_execute", note)
        try:
            read(reader, office)
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", note)
        steps = [
            row[3]
            for statement, parameters in sent
            for row in reader.connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
        ]
    return "\n".join(steps)


def test_an_inbox_is_counted_in_its_index_alone_and_walked_in_its_order(
    office: ReadOffice,
) -> None:
    office.to_departments()
    office.report()
    office.step("community_review", "whistle", office.secretary)
    role = "SEARCH work_item USING {}INDEX ix_work_item_role (role=?)"
    for actor, tab in itertools.product(
        (office.dispatcher, office.liaison),  # of many units, of one
        ("all", "overdue", "soon", "routing", "awaiting_answer"),
    ):
        steps = plan_of(office, partial(inboxes, actor=actor, tab=tab)).splitlines()
        page = steps.index("SEARCH work_item USING INDEX sqlite_autoindex_work_item_1 (id=?)")
        assert steps.index(role.format("COVERING ")) < page < steps.index(role.format(""))
        assert not [step for step in steps[:page] if "instance" in step or "case_file" in step]
        assert steps.count("USE TEMP B-TREE FOR ORDER BY") == 1, "the page is sorted, not the walk"


def inboxes(reader: Reader, _office: ReadOffice, *, actor: Actor, tab: str) -> object:
    return inbox(reader, actor, tab=tab, cursor=None, limit=30)


def test_running_clocks_are_found_by_their_partial_indexes(
    office: ReadOffice,
) -> None:
    office.to_departments()
    late = plan_of(office, lambda r, o: overdue(r, o.supervisor, cursor=None, limit=30))
    assert "sla_clock USING INDEX ix_sla_clock_running" in late
    assert "TEMP B-TREE" not in late
    near = plan_of(office, lambda r, o: overdue(r, o.liaison, cursor=None, limit=30))
    assert "USING INDEX ix_case_file_open (path>? AND path<?)" in near
    assert "USING INDEX ix_sla_clock_holder (holder=?)" in near


def test_the_list_of_cases_is_walked_in_its_order_whoever_asks(office: ReadOffice) -> None:
    office.to_departments()

    def plan(actor: Actor) -> str:
        return plan_of(office, lambda r, _o: cases(r, actor, cursor=None, limit=30))

    assert "case_file USING INDEX ix_case_file_reported" in plan(office.supervisor)
    near = plan(office.secretary)
    assert "COVERING INDEX ix_case_file_community (community=?)" in near
    assert "INDEX ix_case_file_reported_by (reported_by=?)" in near
    assert "COVERING INDEX ix_case_part_unit (unit=?)" in plan(office.liaison)


def test_words_and_numbers_are_looked_up_in_their_indexes(office: ReadOffice) -> None:
    office.report()

    def plan(question: str) -> str:
        keys = office.product.keys
        return plan_of(
            office,
            lambda r, o: search(r, o.supervisor, question, keys=keys, cursor=None, limit=30),
        )

    assert "case_word USING PRIMARY KEY (gram=?)" in plan("路灯")
    assert "ix_case_file_number_reversed (number_reversed>? AND number_reversed<?)" in plan("001")
    assert "ix_case_file_phone (phone_index=?)" in plan("13812345678")


def test_a_trend_reads_the_books_of_its_units_and_of_today_what_happened(
    office: ReadOffice,
) -> None:
    office.report()
    year = plan_of(office, lambda r, o: trends(r, o.supervisor, unit="", length=365))
    of_units = "SEARCH trend USING PRIMARY KEY (unit=? AND day>? AND day<?)"
    assert year.count(of_units) == 2, "its own and those below"
    for index in ("ix_case_file_reported", "ix_case_file_closed", "ix_work_item_closed"):
        assert f"INDEX {index} (" in year
    for index in ("ix_sla_clock_stopped", "ix_sla_clock_breached"):
        assert f"SEARCH sla_clock USING INDEX {index} (" in year


def test_a_day_is_forgotten_unit_by_unit(office: ReadOffice) -> None:
    with office.read() as reader:
        asked = FORGET.compile(reader.connection)
        plan = reader.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("2026-03-02",))
        assert "SEARCH trend USING PRIMARY KEY (unit=? AND day=?)" in str(plan.all())
