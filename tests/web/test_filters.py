"""Instants and clocks in words, as people in Shanghai read them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.i18n import Text
from processes.reads.rows import Deadline, DiagramView, HistoryLine
from web.filters import by_day, diagram_data, full_instant, instant, local_input, remaining, span

NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight on the 23rd in Shanghai


def deadline(
    *, due: timedelta, stopped: timedelta | None = None, breached: bool = False
) -> Deadline:
    started = NOW - timedelta(hours=6)
    return Deadline(
        code="answer",
        label="应哨",
        started_at=started,
        due_at=NOW + due,
        warn_at=NOW,
        stopped_at=NOW + stopped if stopped is not None else None,
        breached=breached,
        holder=None,
        holder_name=None,
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 11, 22, 16, 5, tzinfo=UTC), "今天 00:05"),
        (datetime(2026, 11, 22, 15, 59, tzinfo=UTC), "昨天 23:59"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "明天 00:00"),
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), "11-20 09:00"),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), "01-01 00:00"),
        (datetime(2025, 12, 31, 15, 59, tzinfo=UTC), "2025-12-31 23:59"),
    ],
)
def test_days_begin_at_midnight_in_shanghai(value: datetime, said: str) -> None:
    assert str(instant(value, NOW)) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=59), "不到 1 分"),
        (timedelta(minutes=33, seconds=59), "33 分"),
        (timedelta(hours=3), "3 小时"),
        (timedelta(hours=3, minutes=20), "3 小时 20 分"),
        (timedelta(days=2, minutes=59), "2 天"),
        (timedelta(days=2, hours=3, minutes=59), "2 天 3 小时"),
    ],
)
def test_a_length_has_two_units_at_most(length: timedelta, said: str) -> None:
    assert str(span(length)) == said


def test_a_clock_says_how_it_stands() -> None:
    hour = timedelta(hours=1)
    assert str(remaining(deadline(due=3 * hour), NOW)) == "剩余 3 小时"
    assert str(remaining(deadline(due=-hour / 2), NOW)) == "超期 30 分"
    assert str(remaining(deadline(due=timedelta(0)), NOW)) == "超期 不到 1 分"
    assert str(remaining(deadline(due=hour, stopped=-hour), NOW)) == "已办，未超期"
    assert str(remaining(deadline(due=-2 * hour, stopped=-hour), NOW)) == "已办，曾超期"
    assert str(remaining(deadline(due=hour, stopped=-hour, breached=True), NOW)) == "已办，曾超期"


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2000)))
def test_time_left_is_never_rounded_up(length: timedelta) -> None:
    assert said_minutes(span(length)) * timedelta(minutes=1) <= length


def said_minutes(text: Text) -> int:
    values = {"d": 0, "h": 0, "m": 0} | text.values
    return int(values["d"]) * 1440 + int(values["h"]) * 60 + int(values["m"])


def test_a_history_is_put_under_its_days_in_the_order_given() -> None:
    def line(at: datetime) -> HistoryLine:
        return HistoryLine(at, at, "work_item.completed", "done", "应哨", "", "赵敏", None, 1)

    late, early = line(NOW), line(NOW - timedelta(hours=1))
    assert [(str(day), lines) for day, lines in by_day([late, late, early], NOW)] == [
        ("今天", [late, late]),
        ("昨天", [early]),
    ]


def test_paper_and_controls_get_the_whole_instant() -> None:
    assert full_instant(NOW) == "2026-11-23 00:30:00"
    assert local_input(NOW) == "2026-11-23T00:30"
    assert local_input("2026-11-22T16:30:00+00:00") == "2026-11-23T00:30"
    assert local_input("2026-11-23T00:30") == "2026-11-23T00:30"
    assert local_input("明天") == "明天"


def test_a_drawing_is_sent_once_for_all_units_on_it() -> None:
    def view(unit: str, xml: str) -> DiagramView:
        return DiagramView("department", unit, xml, ("answer",), ("to_answer",), ())

    data = diagram_data([view("吹哨报到", "<a/>"), view("市政", "<b/>"), view("城管", "<b/>")])
    assert data["drawings"] == ["<a/>", "<b/>"]
    assert [each["drawing"] for each in data["views"]] == [0, 1, 1]


def test_a_clock_that_rests_is_neither_late_nor_counting() -> None:
    resting = replace(deadline(due=-timedelta(hours=1)), paused=True)
    assert str(remaining(resting, NOW)) == "缓办中，暂不计时"
    assert resting.lamp(NOW) == "green"
