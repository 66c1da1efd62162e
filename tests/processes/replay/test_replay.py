"""Recorded cases are played once more; the engine's own breach is put beside the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engine.db.connect import Database
from engine.db.tables import event, instance, sla_clock, work_item
from engine.errors import Conflict, Invalid, NotFound
from engine.secrets import Keys
from processes.audit import verify
from processes.replay.result import Department
from processes.tables import case_file
from tests.processes.replay.conftest import MAPPING, Place

ROWS = (
    "1,PW,东区,2015-03-02 08:00,2015-03-03 08:00,2015-03-02 20:00,ONTIME,垃圾",
    "2,PW,东区,2015-03-02 09:00,2015-03-03 09:00,2015-03-05 09:00,OVERDUE,垃圾",
    "3,PW,东区,2015-03-02 10:00,2015-03-03 10:00,2015-03-03 10:00,ONTIME,正好到期",
    "4,PW,东区,2015-03-02 11:00,2015-03-03 11:00,2015-03-02 10:59,ONTIME,没报就办了",
    "5,ISD,东区,2015-03-02 12:00,2015-03-03 12:00,,OVERDUE,还没办",
    "6,ISD,东区,2015-03-02 13:00,,2015-03-02 14:00,ONTIME,没有期限",
    "7,ISD,东区,2015-03-02 14:00,2015-02-30 14:00,2015-03-02 15:00,ONTIME,坏日期",
    "8,ISD,月球,2015-03-02 15:00,2015-03-03 14:00,2015-03-02 15:00,ONTIME,不认识的地方",
    "9,ISD,东区,2015-03-02 16:00,2015-03-02 16:00,2015-03-02 17:00,OVERDUE,报时已到期",
    "10,ISD,东区,2015-03-02 17:00,2015-03-03 17:00,2015-03-02 18:00,LATE?,没有写明的结论",
    "11,ISD,东区",
)


def test_each_row_is_played_and_judged_by_the_engine(place: Place) -> None:
    result = place.replay(*ROWS)
    assert list(result.departments.values()) == [
        Department("PW", cases=4, closed=4, on_time=2, overdue=2, agree=3, disagree=1),
        Department("ISD", cases=6, closed=2, open=4, overdue=1, agree=1),
    ]
    assert [(fate.reference, fate.reason and fate.reason.code) for fate in result.undetermined] == [
        ("5", "replay.still_running"),
        ("6", "replay.no_due_time"),
        ("7", "import.date"),
        ("8", "import.area_unknown"),
        ("10", "import.verdict_unknown"),
        ("", "import.row"),
    ]
    assert (result.clamped, result.commands) == (1, 7 + 3 * 6 + 1)


def test_what_happened_stands_in_the_trail_at_its_own_instant(place: Place) -> None:
    place.replay(*ROWS)
    late = sa.select(sla_clock.c.breached_at, sla_clock.c.due_at).join(
        case_file, case_file.c.id == sla_clock.c.instance_id
    )
    (clock,) = place.rows(late.where(case_file.c.external_ref == "2"))
    assert clock.breached_at == clock.due_at == datetime(2015, 3, 3, 1, 0, tzinfo=UTC)
    breaches = place.rows(
        sa.select(event.c.at, event.c.recorded_at).where(event.c.kind == "sla.breached")
    )
    assert {row.at.year for row in breaches} == {2015}
    (early,) = place.rows(sa.select(case_file).where(case_file.c.external_ref == "4"))
    assert early.closed_at == early.received_at == early.reported_at
    assert early.number == "ST-2015-000004"


def test_the_trail_of_a_replay_can_be_verified(place: Place) -> None:
    place.replay(*ROWS)
    keys = Keys.load(place.settings.home)
    database = Database(place.settings.database)
    with database.read() as connection:
        report = verify(connection, keys)
    database.close()
    assert (report.ok, report.instances) == (True, 7)
    assert report.leaves == 7 + 1  # the chain of organisation changes has one too
    assert place.rows(sa.select(instance.c.id).where(instance.c.unsealed)) == []


def test_a_timer_of_the_case_comes_before_a_later_act_of_its_part(place: Place) -> None:
    place.map(road="whistle", handler="handle")
    result = place.replay(
        "1,PW,东区,2015-03-02 08:00,2015-03-06 08:00,2015-03-03 08:00,ONTIME,部门办了",
        "2,PW,东区,2015-03-02 08:00,2015-03-06 08:00,2015-03-07 08:00,OVERDUE,部门太久",
    )
    done = sa.select(work_item.c.element, work_item.c.status, work_item.c.closed_at)
    of = done.join(case_file, case_file.c.id == work_item.c.root_id).order_by(work_item.c.opened_at)
    first = place.rows(of.where(case_file.c.external_ref == "1"))
    assert [row.element for row in first] == ["community_review", "handle", "check"]
    second = place.rows(of.where(case_file.c.external_ref == "2"))
    assert [(row.element, row.status) for row in second] == [
        ("community_review", "completed"),
        ("handle", "cancelled"),
        ("community_handle", "completed"),
        ("check", "completed"),
    ]
    taken_over = datetime(2015, 3, 2, 0, 0, tzinfo=UTC) + timedelta(hours=48)
    assert second[1].closed_at == second[2].closed_at == taken_over
    assert result.sum().on_time == 2  # the community finished it in time, whatever the record says
    assert (result.sum().agree, result.sum().disagree) == (1, 1)


def test_an_act_told_once_stands_for_later_rounds_at_once(sqlite_place: Place) -> None:
    rounds = MAPPING + '[[replay.acts]]\nelement = "check"\noutcome = "rework"\n'
    once = '[[replay.acts]]\nelement = "check"\noutcome = "pass"\n'
    sqlite_place.map(rounds + once, road="handle", handler="community_handle")
    result = sqlite_place.replay(ROWS[0])
    assert (result.sum().closed, result.clamped) == (1, 0)
    items = sqlite_place.rows(sa.select(work_item.c.element).order_by(work_item.c.id))
    assert [row.element for row in items][1:] == ["community_handle", "check"] * 2


def test_a_case_reworked_for_ever_is_given_up(sqlite_place: Place) -> None:
    endless = MAPPING + '[[replay.acts]]\nelement = "check"\noutcome = "rework"\n'
    sqlite_place.map(endless, road="handle", handler="community_handle")
    (fate,) = sqlite_place.replay(ROWS[0]).undetermined
    assert fate.reason
    assert fate.reason.code == "replay.endless"


def test_where_nobody_promised_anything_our_own_limits_judge(sqlite_place: Place) -> None:
    ours = MAPPING.replace('[replay.clocks.case]\nrule = "fixed"\ncolumn = "target"\n', "")
    sqlite_place.map(ours, road="handle", handler="community_handle")
    result = sqlite_place.replay(ROWS[1], ROWS[1].replace("2,PW", "3,PW").replace("-05", "-04"))
    assert (result.sum().on_time, result.sum().overdue) == (1, 1)


def test_a_database_with_cases_is_refused(place: Place) -> None:
    place.replay(ROWS[0])
    with pytest.raises(Conflict) as refused:
        place.replay(ROWS[1])
    assert refused.value.code == "replay.live_database"


def test_a_database_whose_tables_are_younger_than_the_cases_is_refused(
    sqlite_place: Place,
) -> None:
    sqlite_place.replay("1,PW,月球,2015-03-02 08:00,,,,没有进去")
    with pytest.raises(Conflict) as refused:
        sqlite_place.replay("1,PW,东区,2011-03-02 08:00,,,,太早")
    assert refused.value.code == "replay.tables_too_young"


def test_a_mapping_that_names_undrawn_steps_is_refused(sqlite_place: Place) -> None:
    sqlite_place.map(road="handle", handler="comunity_handle")
    with pytest.raises(Invalid) as refused:
        sqlite_place.replay(ROWS[0])
    assert refused.value.code == "replay.element_unknown"


def test_a_file_without_an_instant_has_nothing_to_replay(sqlite_place: Place) -> None:
    with pytest.raises(NotFound) as refused:
        sqlite_place.replay("1,PW,东区,昨天,,,,什么时候")
    assert refused.value.code == "replay.nothing"


def test_a_sample_is_the_same_in_every_run(sqlite_place: Place) -> None:
    rows = [f"{n},PW,东区,2015-03-02 08:00,,,,垃圾" for n in range(400)]
    drawn = [row.values["no"] for row in sqlite_place.source(*rows, share=0.25).rows()]
    assert drawn == [row.values["no"] for row in sqlite_place.source(*rows, share=0.25).rows()]
    assert 60 < len(drawn) < 140
    more = [row.values["no"] for row in sqlite_place.source(*rows, share=0.5).rows()]
    assert set(drawn) < set(more)
