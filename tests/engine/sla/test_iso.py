"""Timers as ISO 8601 writes them; what would hang or overflow elsewhere is refused here."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.sla.iso import (
    format_duration,
    is_cycle,
    is_duration,
    is_instant,
    parse_cycle,
    parse_date,
    parse_duration,
    parse_instant,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT2H", timedelta(hours=2)),
        (" P3D ", timedelta(days=3)),
        ("P1DT12H30M5S", timedelta(days=1, hours=12, minutes=30, seconds=5)),
        ("P2W", timedelta(weeks=2)),
        ("P0Y0M1DT2S", timedelta(days=1, seconds=2)),
        ("PT0.5H", timedelta(minutes=30)),
        ("PT0S", timedelta(0)),
    ],
)
def test_durations_are_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("P99999999999Y", "duration.no_fixed_length"),
        ("P1M", "duration.no_fixed_length"),
        ("P99999999999D", "duration.too_long"),
        ("P999999999999W", "duration.too_long"),
        ("PT99999999999999999999S", "duration.malformed"),
        ("P3661D", "duration.too_long"),
        ("-PT5M", "duration.malformed"),
        ("P", "duration.malformed"),
        ("PT", "duration.malformed"),
        ("P1DT", "duration.malformed"),
        ("PT5", "duration.malformed"),
        ("PT1h", "duration.malformed"),
        ("pt30min", "duration.malformed"),
        ("P1X", "duration.malformed"),
        ("2 hours", "duration.malformed"),
        ("PT٢H", "duration.malformed"),
        ("", "duration.malformed"),
    ],
)
def test_durations_without_bounds_or_sense_are_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_duration(text)
    assert refusal.value.code == code


@given(st.timedeltas(timedelta(0), timedelta(days=3_660)))
def test_what_is_written_is_read_back(duration: timedelta) -> None:
    assert parse_duration(format_duration(duration)) == duration


def test_a_negative_difference_is_written_with_its_sign() -> None:
    assert format_duration(timedelta(hours=-26)) == "-P1DT2H"


def test_instants_without_an_offset_are_local() -> None:
    assert parse_instant("2026-05-01T09:00") == datetime(2026, 5, 1, 1, tzinfo=UTC)
    assert parse_instant("2026-05-01") == datetime(2026, 4, 30, 16, tzinfo=UTC)
    assert parse_instant("2026-05-01T09:00:00Z") == datetime(2026, 5, 1, 9, tzinfo=UTC)
    assert parse_date("2026-05-01") == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text", ["2026-13-01", "0001-01-01", "9999-12-31T23:59", "五一", "", "now"]
)
def test_instants_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_instant(text)


def test_cycles_are_read() -> None:
    assert parse_cycle("R3/PT10M") == (3, timedelta(minutes=10))
    assert parse_cycle("R/P1D") == (None, timedelta(days=1))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("R/PT0S", "cycle.too_fast"),
        ("R/PT0.001S", "cycle.too_fast"),
        ("R0/PT1H", "cycle.malformed"),
        ("R999999999999/PT1H", "cycle.malformed"),
        ("R-1/PT1H", "cycle.malformed"),
        ("R3/2026-01-01T00:00:00Z/PT1H", "cycle.malformed"),
        ("0 0 * * *", "cycle.malformed"),
        ("R/P1Y", "duration.no_fixed_length"),
    ],
)
def test_cycles_that_would_storm_or_mean_nothing_are_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        parse_cycle(text)
    assert refusal.value.code == code


def test_iso_texts_are_told_from_expressions() -> None:
    assert is_duration("PT2H")
    assert is_duration("P99999999999Y")
    assert is_duration("PT1h")
    assert is_duration("p2days")
    assert is_instant("2026-05-01")
    assert is_cycle("R/PT0S")
    for expression in ('due("answer")', "PRICE", "P", "p1", "pt_2", "case.due", "R", "R3", "w * 2"):
        assert not is_duration(expression)
        assert not is_instant(expression)
        assert not is_cycle(expression)
