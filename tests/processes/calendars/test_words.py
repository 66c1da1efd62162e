"""Working hours as people type and read them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sla.timetable import DAY, WEEKDAYS, Hours, read_timetable
from processes.calendars.words import day_typed, season_typed, spans_typed, timetable_words


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("08:00-12:00 14:00-18:00", ["08:00-12:00", "14:00-18:00"]),
        ("8:00－12:00".replace("－", "–"), ["08:00-12:00"]),
        ("8：30 至 12：00，14：00—17：30", ["08:30-12:00", "14:00-17:30"]),
        ("  ", []),
        ("上午", ["上午"]),
    ],
)
def test_what_is_typed_is_understood_or_left_to_be_refused(typed: str, spans: list[str]) -> None:
    assert spans_typed(typed) == spans


EDGES = st.lists(st.integers(0, DAY), min_size=2, max_size=8, unique=True).map(sorted)


@given(EDGES)
@settings(max_examples=50)
def test_what_is_shown_can_be_typed_back(edges: list[int]) -> None:
    pairs = zip(edges[::2], edges[1::2], strict=False)
    day = tuple(Hours(start, end) for start, end in pairs)
    read = read_timetable({"week": {"mon": spans_typed(day_typed(day))}})
    assert read.week[0] == day


def test_a_timetable_is_read_in_sentences() -> None:
    office = ["08:00-12:00", "14:00-18:00"]
    week = dict.fromkeys(WEEKDAYS[:5], office)
    summer = {"from": "06-01", "to": "09-30", "week": {"mon": ["08:00-12:00"]}}
    timetable = read_timetable({"week": week, "seasons": [summer]})
    assert [str(text) for text in timetable_words(timetable)] == [
        "周一至周五 08:00–12:00、14:00–18:00",
        "周六至周日 休息",
        "06-01 至 09-30：周一 08:00–12:00；周二至周日 休息",
        "法定节假日休息，调休日上班",
    ]
    (season,) = timetable.seasons
    assert season_typed(season) == {"from": "06-01", "to": "09-30"} | dict.fromkeys(
        WEEKDAYS, ""
    ) | {"mon": "08:00-12:00"}
