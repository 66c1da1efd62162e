"""Units have calendars; what is entered later moves a deadline only when that is asked for."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from benchmarks.counting import statements
from engine.db.tables import event, sla_clock
from engine.errors import Conflict, Forbidden, Invalid
from engine.run.commands import DeployFolder, DeployTables, RecomputeDeadlines, StartInstance
from engine.sla.calendar import OFFICE_HOURS, ROUND_THE_CLOCK
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.iso import ZONE
from processes.calendars.commands import EnterDays, SetTimetable
from processes.reads.definitions import Folders
from processes.reads.reader import Reader
from processes.reads.recount import Recount, recount
from processes.unit_changes import SetUnitCalendar
from tests.engine.run import draw
from tests.engine.run.world import LIMITS
from tests.processes.conftest import SECRETARY, Office

LABELS = '[outcomes]\ndone = {zh = "办结"}\n'
STEP = draw.process(
    "step",
    draw.start(),
    draw.user("handle", "done", unit='"SZ"', sla="handle"),
    draw.end(),
    draw.flows("begin > handle", "handle > finish"),
    lanes={"dept": "begin handle finish"},
)
NOTICE = "国务院办公厅关于 2027 年部分节假日安排的通知"


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def rest(*days: str) -> tuple[SpecialDay, ...]:
    return tuple(SpecialDay(date.fromisoformat(day), DayKind.REST, "元旦", "") for day in days)


@pytest.fixture
def started(office: Office) -> Office:
    """Start a step on the last working evening of 2026: two working days by the law."""
    office.do(DeployTables(files={"limits.dmn": LIMITS.encode()}))
    files = {"step.bpmn": STEP.encode(), "labels.toml": LABELS.encode()}
    office.do(DeployFolder(folder="step", files=files))
    office.clock.set(local("2026-12-31T16:00"))
    office.do(StartInstance(definition="step", unit="SZ"))
    return office


def clocks(office: Office) -> list[Any]:
    return office.rows(sa.select(sla_clock).order_by(sla_clock.c.started_at, sla_clock.c.id))


def told(office: Office, kind: str) -> list[dict[str, Any]]:
    rows = office.rows(sa.select(event.c.body).where(event.c.kind == kind))
    return [orjson.loads(bytes(row.body))["data"] for row in rows]


def test_a_notice_moves_a_provisional_deadline_only_when_asked(started: Office) -> None:
    (clock,) = clocks(started)
    assert clock.rule["provisional"] is True
    assert clock.due_at == local("2027-01-04T18:00")  # Friday the first counts as far as we know

    started.do(EnterDays(days=rest("2027-01-01", "2027-01-02", "2027-01-03"), source=NOTICE))
    assert clocks(started)[0].due_at == clock.due_at

    answer = started.do(RecomputeDeadlines())
    assert answer == {"instances": 1}
    (moved,) = clocks(started)
    assert moved.due_at == local("2027-01-05T18:00")
    assert moved.rule["provisional"] is False
    assert started.item("handle").due_at == moved.due_at
    (said,) = told(started, "sla.recomputed")
    assert said["before"] == clock.due_at.isoformat()
    started.do(RecomputeDeadlines())
    assert len(told(started, "sla.recomputed")) == 1


def test_a_breach_stays_whatever_is_entered_later(started: Office) -> None:
    started.wait(days=6)
    (late,) = clocks(started)
    started.do(EnterDays(days=rest("2027-01-01"), source=NOTICE))
    started.do(RecomputeDeadlines())
    assert clocks(started)[0].due_at == late.due_at == late.breached_at


def test_the_nearest_unit_upwards_says_the_calendar(started: Office) -> None:
    started.do(SetTimetable(code="always", name="全天值守", timetable=ROUND_THE_CLOCK))
    started.do(SetUnitCalendar(code="QX", calendar="always"))
    started.do(StartInstance(definition="step", unit="SZ"))
    started.do(SetUnitCalendar(code="SZ", calendar="standard"))
    started.do(StartInstance(definition="step", unit="SZ"))

    first, above, own = clocks(started)
    assert above.rule["calendar"]["code"] == "always"
    assert above.due_at == local("2027-01-03T00:00")
    assert own.due_at == first.due_at


def test_a_timetable_holds_from_its_date_and_old_deadlines_stay(started: Office) -> None:
    half = {"week": {"mon": ["08:00-12:00"], "fri": ["08:00-12:00"]}}
    later = local("2027-06-01T00:00")
    started.do(SetTimetable(code="standard", name="半天", timetable=half, valid_from=later))
    started.do(RecomputeDeadlines())
    assert clocks(started)[0].due_at == local("2027-01-04T18:00")
    with pytest.raises(Conflict, match="已有工作时间"):
        started.do(SetTimetable(code="standard", name="又", timetable=half, valid_from=later))


def test_recomputing_plans_its_jobs_with_the_same_statements_for_many(started: Office) -> None:
    counts = []
    for more in (1, 5):
        for _ in range(more):
            started.do(StartInstance(definition="step", unit="SZ"))
        with statements() as sent:
            started.do(RecomputeDeadlines(), bulk=True)
        planned = [text for text in sent if "INSERT INTO job" in text or "DISTINCT" in text]
        counts.append(len(planned))
    assert counts == [2, 2]


def test_what_cannot_be_entered_is_refused(office: Office) -> None:
    day = rest("2027-01-01")
    for command, code in (
        (EnterDays(days=day, source=" "), "calendar.source_empty"),
        (EnterDays(days=(), source=NOTICE), "calendar.days"),
        (EnterDays(days=day * 2, source=NOTICE), "calendar.days"),
        (EnterDays(days=rest("2099-01-01"), source=NOTICE), "calendar.days"),
        (SetTimetable(code="A B", name="x", timetable=OFFICE_HOURS), "calendar.code"),
        (SetTimetable(code="idle", name="x", timetable={"week": {}}), "calendar.no_working_time"),
    ):
        with pytest.raises(Invalid) as refused:
            office.do(command)
        assert refused.value.code == code
    with pytest.raises(Forbidden):
        office.do(EnterDays(days=day, source=NOTICE), SECRETARY)


def test_a_recount_is_foretold_and_then_happens_as_foretold(started: Office) -> None:
    assert foretold(started).moving == 0
    started.do(StartInstance(definition="step", unit="SZ"))
    started.do(EnterDays(days=rest("2027-01-01"), source=NOTICE))
    with statements() as sent:
        known = foretold(started)
    assert (known.standing, known.moving, known.later, known.sooner) == (2, 2, 2, 0)
    assert clocks(started)[0].due_at == known.examples[0].before
    started.do(RecomputeDeadlines())
    started.product.worker("test").drain()
    assert {clock.due_at for clock in clocks(started)} == {row.after for row in known.examples}

    for _again in range(4):
        started.do(StartInstance(definition="step", unit="CG"))
    with statements() as more:
        assert foretold(started).moving == 0
    assert len(more) <= len(sent)


def test_a_breach_is_not_foretold_to_move(started: Office) -> None:
    started.wait(days=6)
    started.do(EnterDays(days=rest("2027-01-01"), source=NOTICE))
    assert foretold(started).standing == 0


def foretold(office: Office) -> Recount:
    product = office.product
    folders = Folders(product.engine.library, product.shipped.labels)
    with product.engine.database.read() as connection:
        reader = Reader(connection, office.clock.now(), "zh", folders, product.calendars)
        return recount(reader)
