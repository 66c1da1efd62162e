"""After the closing: ratings and lateness may be appealed against, and nothing is opened again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.actor import Actor, Post
from engine.db.tables import instance, sla_clock
from engine.errors import Conflict, Forbidden
from processes.tables import rating
from tests.processes.street import DONE, TWO, Street


def closed(street: Street, *, late: bool = False) -> None:
    """Bring a case to its closing, rated by both sides."""
    street.routed(category="road")
    street.answered()
    if late:
        street.overdue("handle")
    street.do("handle", "done", **DONE)
    street.do("release", "release")
    street.do("check", "pass")
    street.rated()
    assert street.status == "closed"


def ended(street: Street) -> bool:
    """Tell whether nothing runs of the case any more."""
    query = sa.select(instance.c.status).where(instance.c.root_id == street.case.id)
    return all(row.status != "active" for row in street.office.rows(query))


def excluded(street: Street) -> set[str]:
    """Return whose ratings were left out of the figures."""
    rows = street.office.rows(sa.select(rating))
    return {row.by for row in rows if row.excluded_at is not None}


def test_a_case_is_closed_while_appeals_are_open_and_its_clocks_stand(street: Street) -> None:
    closed(street)
    at = street.office.clock.now()
    (whole,) = street.office.rows(sa.select(sla_clock).where(sla_clock.c.code == "case"))
    assert (street.case.closed_at, whole.status, whole.stopped_at) == (at, "met", at)
    assert not ended(street)
    street.office.wait(days=3)
    assert ended(street)
    assert (street.status, street.case.closed_at) == ("closed", at)


@pytest.mark.parametrize(
    ("offer", "review", "by"),
    [
        ("appeal_rating", "review_rating", "blower"),
        ("appeal_whistle", "review_whistle", "unit"),
    ],
)
def test_a_rating_is_appealed_against_once(
    street: Street, offer: str, review: str, by: str
) -> None:
    """users.md section 3, step 15."""
    closed(street)
    street.take(offer, reason="材料其实齐全。")
    assert (street.status, street.steps()) == ("closed", {review})
    street.do(review, "grant", advice="评价与事实不符。")
    assert excluded(street) == {by}
    with pytest.raises(Conflict) as refusal:
        street.take(offer, reason="再申一次。")
    assert refusal.value.code == "outcome.not_now"
    street.office.wait(days=3)
    assert ended(street)


def test_a_rating_that_holds_stays_in_the_figures(street: Street) -> None:
    closed(street)
    street.take("appeal_rating", reason="评分偏低。")
    street.office.wait(days=3)
    assert street.steps() == {"review_rating"}, "what was asked in time is answered"
    street.do("review_rating", "refuse", advice="评价有据。")
    assert excluded(street) == set()
    assert ended(street)


def test_who_was_late_may_still_appeal_when_all_is_over(street: Street) -> None:
    """E-38: once, by the department, after two reviews."""
    closed(street, late=True)
    street.take("appeal_timeout", reason="暴雨停工两日。")
    street.do("review_timeout", "grant", advice="属实。")
    (row,) = street.office.rows(sa.select(sla_clock).where(sla_clock.c.code == "handle"))
    assert row.exempted_at is None, "the first review only advises"
    street.do("final_timeout", "grant", advice="同意初审意见。")
    (row,) = street.office.rows(sa.select(sla_clock).where(sla_clock.c.code == "handle"))
    assert row.exempted_at == street.office.clock.now()
    assert row.breached_at == row.due_at
    page = street.page(street.person("dept", "SZ"))
    ledger = page.accounts.ledger_of("SZ")
    assert ledger
    assert [(line.late, line.exempted) for line in ledger.lines if line.late] == [(True, True)]


def test_the_final_review_decides_against_the_first_and_is_anothers(street: Street) -> None:
    closed(street, late=True)
    street.take("appeal_timeout", reason="暴雨停工两日。")
    first = street.person("supervisor", "QX")
    both = Actor(id=first.id, posts=(*first.posts, Post("district_gov", "QX")))
    street.do("review_timeout", "grant", by=both, advice="属实。")
    with pytest.raises(Forbidden):
        street.do("final_timeout", "grant", by=both, advice="同意自己。")
    street.do("final_timeout", "refuse", advice="雨量未达停工标准。")
    (row,) = street.office.rows(sa.select(sla_clock).where(sla_clock.c.code == "handle"))
    assert (row.exempted_at, row.breached_at) == (None, row.due_at)
    street.office.wait(days=3)
    assert ended(street)


def test_who_was_in_time_has_nothing_to_appeal_against(street: Street) -> None:
    closed(street)
    with pytest.raises(Conflict) as refusal:
        street.take("appeal_timeout", reason="以防万一。")
    assert refusal.value.code == "outcome.not_now"


def test_each_unit_appeals_for_itself(street: Street) -> None:
    street.routed(route={"units": TWO})
    street.answered("SZ", "CG")
    for unit in ("SZ", "CG"):
        street.do("handle", "done", unit, **DONE)
    street.do("release", "release")
    street.do("check", "pass")
    street.rated("SZ", "CG")
    street.take("appeal_rating", unit="CG", reason="并非配合不力。")
    street.do("review_rating", "grant", advice="属实。")
    left_out = {row.unit for row in street.office.rows(sa.select(rating)) if row.excluded_at}
    assert left_out == {"CG"}
