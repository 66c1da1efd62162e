"""How SQLite finds the rows of a page: by an index, whatever lies closed beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from processes.reads.cases import cases
from processes.reads.inbox import inbox
from processes.reads.overdue import overdue
from processes.reads.reader import Reader
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


def test_open_items_and_running_clocks_are_found_by_their_partial_indexes(
    office: ReadOffice,
) -> None:
    office.to_departments()
    mine = plan_of(office, lambda r, o: inbox(r, o.liaison, tab="all", cursor=None, limit=30))
    assert mine.count("SEARCH work_item USING INDEX ix_work_item_inbox (role=?)") == 2
    late = plan_of(office, lambda r, o: overdue(r, o.supervisor, cursor=None, limit=30))
    assert "sla_clock USING INDEX ix_sla_clock_running" in late
    assert "TEMP B-TREE" not in late


def test_the_list_of_cases_is_walked_in_its_order_and_parts_by_their_unit(
    office: ReadOffice,
) -> None:
    office.to_departments()
    plan = plan_of(
        office,
        lambda r, o: cases(r, o.liaison, status=None, query=None, cursor=None, limit=30),
    )
    assert "case_file USING INDEX ix_case_file_reported" in plan
    assert "SEARCH case_part USING COVERING INDEX ix_case_part_unit (unit=?)" in plan
    assert "TEMP B-TREE" not in plan
