"""Limits as the table `limits` answers them."""

from datetime import timedelta
from typing import Any

import pytest

from engine.errors import Invalid
from engine.sla.limit import Counting, Limit, Unit, read_limit


def test_an_answer_becomes_a_limit_and_is_kept_as_data() -> None:
    answer = {"value": 4, "unit": "urgent_hour", "counting": "rolling", "warn": 0.5, "source": "x"}
    limit = read_limit(answer | {"row": 3})
    assert limit == Limit(4, Unit.URGENT_HOUR, Counting.ROLLING, 0.5, "x")
    assert limit.as_data() == answer
    assert read_limit(limit.as_data()) == limit


def test_counting_and_warning_have_defaults() -> None:
    limit = read_limit({"value": 2.0, "unit": "natural_day"})
    assert (limit.value, limit.counting, limit.warn) == (2, Counting.ROLLING, 0.8)
    assert limit.length() == timedelta(days=2)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": None}, "limit.bad_value"),
        ({"value": 0}, "limit.bad_value"),
        ({"value": 1.5}, "limit.bad_value"),
        ({"value": float("nan")}, "limit.bad_value"),
        ({"value": float("inf")}, "limit.bad_value"),
        ({"value": True}, "limit.bad_value"),
        ({"value": "4"}, "limit.bad_value"),
        ({"value": 100_000}, "limit.too_long"),
        ({"unit": "fortnight"}, "limit.unknown_unit"),
        ({"unit": None}, "limit.unknown_unit"),
        ({"counting": "by_mood"}, "limit.unknown_counting"),
        ({"warn": 0}, "limit.bad_warning"),
        ({"warn": "soon"}, "limit.bad_warning"),
        ({"unit": "work_day", "value": 3_700}, "limit.too_long"),
    ],
)
def test_what_is_not_known_is_refused_with_a_sentence(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_limit({"value": 4, "unit": "urgent_hour"} | change)
    assert refusal.value.code == code
    assert str(refusal.value)


def test_a_working_day_is_eight_hours_of_working_time() -> None:
    limit = read_limit({"value": 2, "unit": "work_day", "counting": "legal"})
    assert limit.length(2) == timedelta(hours=32)
    assert limit.in_working_time
    assert limit.by_days


def test_hours_and_urgent_days_run_from_the_moment_by_law_too() -> None:
    assert not Limit(4, Unit.WORK_HOUR, Counting.LEGAL).by_days
    assert not Limit(1, Unit.URGENT_DAY, Counting.LEGAL).by_days
    assert Limit(1, Unit.URGENT_DAY).is_urgent
