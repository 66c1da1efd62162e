"""Many cases shared out among processes: the answer is the one that a single process gives."""

from __future__ import annotations

import os

import pytest

from processes.whatif.draft import drafted
from processes.whatif.result import TO_LATE, TO_TIME, Result
from processes.whatif.shared import Share, judge_share, parts, what_if_shared
from tests.processes.whatif.conftest import SPRING, PastOffice, limits

# Some turn late, of some nothing is said.
DRAFT = limits(community_review=(150, "urgent_minute"), answer=(1, "urgent_minute")).replace(
    b'"handle"', b'"nobody"'
)


def with_a_past(office: PastOffice) -> PastOffice:
    """Close three cases."""
    office.closed_by_community(review_hours=1)
    office.closed_by_community(review_hours=3)
    office.closed_by_departments(answer_hours=1)
    return office


def test_two_processes_give_the_answer_of_one(
    office: PastOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1})
    engine = with_a_past(office).product.engine
    with engine.database.read() as connection:
        shared = what_if_shared(
            connection,
            drafted(DRAFT),
            SPRING,
            library=engine.library,
            database=engine.database,
            fewest=1,
        )
    alone = office.told(office.what_if(DRAFT))
    assert office.told(shared) == alone
    assert alone["examples"][TO_LATE]
    assert alone["reasons"]


def test_the_parts_of_a_period_are_together_the_whole(either_office: PastOffice) -> None:
    office = with_a_past(either_office)
    database = office.product.engine.database
    with database.read() as connection:
        bounds = parts(connection, SPRING, 3)
    assert [each["since"] for each in bounds[1:]] == [each["until"] for each in bounds[:-1]]
    found = Result()
    for each in reversed(bounds):
        found.take(judge_share(Share(database.url, DRAFT, None, each)))
    assert office.told(found) == office.told(office.what_if(DRAFT))
    assert found.turned[TO_LATE]
    assert found.turned[TO_TIME] == set()


def test_few_cases_are_judged_where_they_are_asked_for(office: PastOffice) -> None:
    engine = with_a_past(office).product.engine
    with engine.database.read() as connection:
        found = what_if_shared(
            connection, drafted(DRAFT), SPRING, library=engine.library, database=engine.database
        )
    assert office.told(found) == office.told(office.what_if(DRAFT))
