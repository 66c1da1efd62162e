"""What comes of being late: urged, supervised, referred up, criticized; each rung once."""

from __future__ import annotations

from collections import Counter

import pytest
import sqlalchemy as sa

from engine.db.tables import event, sla_clock, sla_span, work_item
from engine.errors import Conflict
from processes.bootstrap import open_product
from processes.reads.definitions import Folders
from processes.reads.overdue import overdue
from processes.reads.reader import Reader
from processes.reads.rows import Overdue
from tests.processes.chain.conftest import settings
from tests.processes.conftest import Office
from tests.processes.street import DONE, GOES_TO_CG, LEAD, TWO, Street

RUNGS = ("urge", "supervise", "raised", "criticize")
LATER = {"supervise", "raised", "criticize"}
PAPER = {"paper": "督〔2026〕3 号", "demand": "两日内办结。"}
BLAME = {"paper": "通〔2026〕1 号", "form": "circular", "text": "久拖不办。"}


def rungs(street: Street) -> Counter[str]:
    """Count how often each rung was taken: a notice sent, or a step opened."""
    opened = street.office.rows(
        sa.select(work_item.c.element).where(work_item.c.root_id == street.case.id)
    )
    urged = street.told().count(("dept", "urge"))
    return Counter([row.element for row in opened if row.element in LATER]) + Counter(urge=urged)


def clock(street: Street, code: str) -> sa.Row[tuple[object, ...]]:
    """Return the one clock of a code on the case."""
    query = sa.select(sla_clock).where(
        sla_clock.c.root_id == street.case.id, sla_clock.c.code == code
    )
    (row,) = street.office.rows(query)
    return row


def late(street: Street) -> None:
    """Let the handling of a road that one department leads run out."""
    street.routed(category="road")
    street.answered()
    street.overdue("handle")


def test_who_stays_late_is_referred_up_and_then_criticized(street: Street) -> None:
    """domain.md section 8, rungs 5, 6, 8 and 10."""
    late(street)
    assert street.steps() == {"handle", "supervise"}
    assert rungs(street) == {"urge": 1, "supervise": 1}
    limit = clock(street, "late")
    street.office.clock.set(limit.warn_at)
    street.office.wait()
    assert street.open("raised").role == "district_gov"
    street.do("raised", "decided", decision="三日内办结，区里挂牌督办。")
    street.office.clock.set(limit.due_at)
    street.office.wait()
    street.do("criticize", "criticize", **BLAME)
    assert ("dept_head", "criticized") in street.told()
    assert rungs(street) == dict.fromkeys(RUNGS, 1)
    assert street.status == "handling"
    street.do("handle", "done", **DONE)
    assert street.steps() == {"release"}, "what is done needs no supervision any more"


def test_criticism_may_be_spared(street: Street) -> None:
    late(street)
    street.office.clock.set(clock(street, "late").due_at)
    street.office.wait()
    street.do("criticize", "spare", text="连日暴雨，不具备施工条件。")
    assert ("dept_head", "criticized") not in street.told()


def test_a_worker_that_was_down_takes_every_rung_once_at_its_own_instant(street: Street) -> None:
    """E-43: an outage over three rungs, a restart in the middle of it."""
    late(street)
    limit = clock(street, "late")
    street.office.clock.set(limit.due_at)
    street.office.clock.forward(days=3)
    again = open_product(
        settings(street.office.product.settings.home),
        clock=street.office.clock,
        ids=street.office.product.engine.ids,
    )
    Office(again, street.office.clock, settled=True).wait()
    again.close()
    street.office.wait()
    assert rungs(street) == dict.fromkeys(RUNGS, 1)
    assert street.open("raised").opened_at == limit.warn_at
    assert street.open("criticize").opened_at == limit.due_at
    street.office.wait(days=30)
    assert rungs(street) == dict.fromkeys(RUNGS, 1)


def test_the_district_names_another_lead_for_what_is_long_overdue(street: Street) -> None:
    late(street)
    street.office.clock.set(clock(street, "late").warn_at)
    street.office.wait()
    street.do("raised", "decided", decision="改由城管主办。", units=GOES_TO_CG)
    assert street.part("SZ").ended_at is not None
    assert street.open("answer").unit == "CG"
    with pytest.raises(Conflict):
        street.do("answer", "object", "CG", clause="一", suggested_unit="SZ", reason="不归我们。")


def test_a_unit_that_cannot_settle_it_refers_it_up_itself(street: Street) -> None:
    """domain.md section 8, rung 8: at once on the unit's report; it goes on meanwhile."""
    street.routed()
    street.take("refer_up", reason="需几个部门出资。")
    assert street.steps() == {"answer", "referred_up"}
    street.do("referred_up", "decided", decision="仍由市政主办，资金由区里安排。", units=LEAD)
    assert street.open("answer").unit == "SZ"
    street.take("refer_up", reason="市政确无此项职责。")
    street.do("referred_up", "decided", decision="改由城管主办。", units=GOES_TO_CG)
    assert street.open("answer").unit == "CG"
    assert street.part("SZ").ended_at is not None


def test_an_assistant_that_refers_it_up_does_not_change_the_lead(street: Street) -> None:
    street.routed(route={"units": TWO})
    street.take("refer_up", unit="CG", reason="人手不足。")
    street.do(
        "referred_up", "decided", decision="由水务支援。", units=[{"unit": "HB", "kind": "lead"}]
    )
    assert street.open("answer", "SZ").unit == "SZ"
    assert street.stopped() == []


def test_an_appeal_that_is_upheld_changes_the_figure_and_never_the_fact(street: Street) -> None:
    """E-38: in the middle of the work; the ladder ends with it."""
    late(street)
    breach = clock(street, "handle").breached_at
    street.take("appeal_late", reason="连日暴雨红色预警，按规定停工。")
    street.do("appeal_review", "grant", advice="情况属实。")
    row = clock(street, "handle")
    assert (row.breached_at, row.status) == (breach, "running")
    assert row.exempted_at == street.office.clock.now()
    spans = street.office.rows(
        sa.select(sla_span.c.kind).where(sla_span.c.clock_id == row.id).order_by(sla_span.c.seq)
    )
    assert [span.kind for span in spans] == ["started", "exempted"]
    street.office.wait(days=30)
    assert rungs(street) == {"urge": 1, "supervise": 1}
    assert street.steps() == {"handle"}


def test_an_appeal_that_is_dismissed_leaves_the_ladder_standing(street: Street) -> None:
    late(street)
    street.take("appeal_late", reason="人手紧张。")
    street.do("appeal_review", "refuse", advice="不属免责情形。")
    assert clock(street, "handle").exempted_at is None
    with pytest.raises(ValueError, match="unpack"):
        street.take("appeal_late", reason="再申一次。")
    street.office.clock.set(clock(street, "late").due_at)
    street.office.wait()
    assert {"supervise", "raised", "criticize"} < street.steps()


def test_the_board_says_how_many_are_late_and_how_many_are_left(street: Street) -> None:
    late(street)
    before = board(street)
    assert before.late == sum(row.deadline.breached for row in before.rows)
    assert before.exempted == 0
    street.take("appeal_late", reason="暴雨。")
    street.do("appeal_review", "grant", advice="属实。")
    after = board(street)
    assert (after.late, after.exempted) == (before.late, 1), "the fact stays, the figure changes"
    (row,) = [row for row in after.rows if row.deadline.exempted]
    assert (row.deadline.code, row.deadline.breached) == ("handle", True)


def board(street: Street) -> Overdue:
    """Return what the supervisor's board of overdue clocks shows."""
    product = street.office.product
    folders = Folders(product.engine.library, product.shipped.labels)
    with product.engine.database.read() as connection:
        reader = Reader(connection, street.office.clock.now(), "zh", folders)
        return overdue(reader, street.person("supervisor", "QX"), cursor=None, limit=20)


def test_each_exemption_stands_in_the_chain(street: Street) -> None:
    late(street)
    street.take("appeal_late", reason="暴雨。")
    street.do("appeal_review", "grant", advice="属实。")
    kinds = street.office.rows(
        sa.select(event.c.kind).where(event.c.root_id == street.case.id).order_by(event.c.at)
    )
    assert [row.kind for row in kinds].count("sla.exempted") == 1
    liaison = street.person("dept", "SZ")
    assert "超时免责：办理时限" in [line.title for line in street.page(liaison).history]
