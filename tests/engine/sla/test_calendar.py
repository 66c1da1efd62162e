"""Timetables as written: what they mean, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.errors import Invalid
from engine.sla.calendar import (
    OFFICE_HOURS,
    ROUND_THE_CLOCK,
    Calendar,
    make_calendar,
    standard,
)
from engine.sla.holidays import DayKind, SpecialDay
from engine.sla.iso import ZONE
from engine.sla.timetable import WEEKDAYS, read_timetable

SUMMER = {"week": {day: ["08:00-12:00", "15:00-19:00"] for day in WEEKDAYS[:5]}}


def calendar(written: dict[str, Any], **rest: Any) -> Calendar:
    return make_calendar(read_timetable(written), **rest)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def test_a_season_has_its_own_hours_every_year_and_may_go_over_new_year() -> None:
    summer = {"from": "06-15", "to": "09-15", **SUMMER}
    winter = {"from": "12-01", "to": "02-29", "week": {"mon": ["09:00-10:00"]}}
    seasonal = calendar({**OFFICE_HOURS, "seasons": [summer, winter]})
    hour = timedelta(hours=5)
    assert seasonal.add(local("2026-06-12 08:00"), hour) == local("2026-06-12 15:00")
    assert seasonal.add(local("2026-06-15 08:00"), hour) == local("2026-06-15 16:00")
    assert seasonal.add(local("2027-01-11 08:00"), hour / 5) == local("2027-01-11 10:00")
    assert seasonal.measure(local("2027-02-22 00:00"), local("2027-03-02 00:00")) == timedelta(
        hours=9
    )


def test_a_season_may_hold_once() -> None:
    once = {"from": "2026-07-01", "to": "2026-07-31", **SUMMER}
    seasonal = calendar({**OFFICE_HOURS, "seasons": [once]})
    assert seasonal.add(local("2026-07-01 08:00"), timedelta(hours=5)) == local("2026-07-01 16:00")
    assert seasonal.add(local("2027-07-01 08:00"), timedelta(hours=5)) == local("2027-07-01 15:00")


def test_a_unit_that_never_rests_knows_no_holidays() -> None:
    always = calendar(ROUND_THE_CLOCK)
    eve = local("2026-09-30 17:00")
    assert always.add(eve, timedelta(hours=30)) == eve + timedelta(hours=30)


def test_local_closures_and_entered_holidays_count_like_the_published_ones() -> None:
    notice = SpecialDay(date(2027, 2, 8), DayKind.REST, "春节", "2027 年放假通知")
    closure = SpecialDay(date(2027, 3, 2), DayKind.REST, "停电检修", "管委会通知")
    told = calendar(OFFICE_HOURS, national=[notice], local=[closure])
    day = timedelta(hours=8)
    assert told.measure(local("2027-02-08 00:00"), local("2027-02-09 00:00")) == timedelta(0)
    assert told.add(local("2027-03-01 10:00"), day) == local("2027-03-03 10:00")
    assert 2027 in told.published
    assert 2027 not in standard().published


def test_a_make_up_day_is_worked_by_the_hours_of_a_working_day() -> None:
    assert standard().measure(local("2026-02-14 00:00"), local("2026-02-15 00:00")) == timedelta(
        hours=8
    )


def test_nothing_added_is_the_start_itself() -> None:
    assert standard().add(local("2026-03-01 03:00"), timedelta(0)) == local("2026-03-01 03:00")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ([], "calendar.malformed"),
        ({"week": {}, "zone": "America/New_York"}, "calendar.malformed"),
        ({"week": {"monday": []}}, "calendar.malformed"),
        ({"week": {"mon": "08:00-12:00"}}, "calendar.malformed"),
        ({"week": {"mon": []}, "holidays": "no"}, "calendar.malformed"),
        ({"week": {}, "seasons": "summer"}, "calendar.malformed"),
        ({"week": {}, "seasons": [{"from": "05-01"}]}, "calendar.malformed"),
        ({"week": {"mon": ["8-12"]}}, "calendar.bad_time"),
        ({"week": {"mon": ["08:00-25:00"]}}, "calendar.bad_time"),
        ({"week": {"mon": [8]}}, "calendar.bad_time"),
        ({"week": {"mon": ["18:00-08:00"]}}, "calendar.end_before_start"),
        ({"week": {"mon": ["08:00-08:00"]}}, "calendar.end_before_start"),
        ({"week": {"mon": ["08:00-12:00", "11:00-18:00"]}}, "calendar.overlap"),
        (
            {"week": {}, "seasons": [{"from": "5-1", "to": "06-01", "week": {}}]},
            "calendar.bad_season",
        ),
        (
            {"week": {}, "seasons": [{"from": "05-01", "to": "2026-06-01", "week": {}}]},
            "calendar.bad_season",
        ),
        (
            {"week": {}, "seasons": [{"from": "2026-06-01", "to": "2026-05-01", "week": {}}]},
            "calendar.end_before_start",
        ),
        ({"week": {}}, "calendar.no_working_time"),
        (
            {**OFFICE_HOURS, "seasons": [{"from": "01-01", "to": "12-31", "week": {}}]},
            "calendar.no_working_time",
        ),
        (
            {
                **OFFICE_HOURS,
                "seasons": [
                    {"from": "05-01", "to": "09-30", **SUMMER},
                    {"from": "09-30", "to": "10-31", **SUMMER},
                ],
            },
            "calendar.seasons_overlap",
        ),
    ],
)
def test_a_timetable_that_cannot_be_true_is_refused(written: Any, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        calendar(written)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_beyond_the_line_nothing_is_guessed() -> None:
    with pytest.raises(Invalid, match="2000 年到 2060 年"):
        standard().add(local("2060-12-30 08:00"), timedelta(hours=80))
    with pytest.raises(Invalid, match="2000 年到 2060 年"):
        standard().measure(local("1999-12-31 08:00"), local("2026-01-01 08:00"))
    far = SpecialDay(date(2061, 1, 1), DayKind.REST, "元旦", "")
    with pytest.raises(Invalid) as refusal:
        calendar(OFFICE_HOURS, local=[far])
    assert refusal.value.code == "calendar.day_out_of_range"
