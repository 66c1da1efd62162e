"""The vectors of the business calendar: 2026 in China, 08–12 and 14–18, both ways of counting."""

from datetime import datetime, timedelta

import pytest

from engine.sla.calendar import OFFICE_HOURS, make_calendar, standard
from engine.sla.due_at import due_at, is_late, is_provisional, time_left, warn_at
from engine.sla.iso import ZONE
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Counting, Limit, Unit
from engine.sla.timetable import read_timetable

# start, value and unit, due when rolling, due when legal
VECTORS = [
    ("2026-02-13 16:00", 1, "work_day", "2026-02-14 16:00", "2026-02-14 18:00"),
    ("2026-02-14 17:00", 4, "work_hour", "2026-02-24 11:00", "2026-02-24 11:00"),
    ("2026-02-14 17:00", 1, "work_day", "2026-02-24 17:00", "2026-02-24 18:00"),
    ("2026-09-18 17:30", 1, "work_day", "2026-09-20 17:30", "2026-09-20 18:00"),
    ("2026-09-30 17:00", 4, "work_hour", "2026-10-08 11:00", "2026-10-08 11:00"),
    ("2026-04-30 10:00", 5, "work_day", "2026-05-11 10:00", "2026-05-11 18:00"),
    ("2026-10-10 13:00", 2, "work_hour", "2026-10-10 16:00", "2026-10-10 16:00"),
    ("2026-09-26 10:00", 7, "natural_day", "2026-10-03 10:00", "2026-10-08 18:00"),
    ("2026-09-20 09:00", 15, "natural_day", "2026-10-05 09:00", "2026-10-08 18:00"),
    ("2026-02-14 17:00", 2, "urgent_hour", "2026-02-14 19:00", "2026-02-14 19:00"),
    ("2026-02-14 17:00", 2, "urgent_day", "2026-02-16 17:00", "2026-02-16 17:00"),
    # The earliest instant: at 12:00 four hours have passed, not only at 14:00.
    ("2026-03-02 08:00", 4, "work_hour", "2026-03-02 12:00", "2026-03-02 12:00"),
    ("2026-03-02 08:00", 1, "work_day", "2026-03-02 18:00", "2026-03-03 18:00"),
    # A start on a day of rest: nothing counts before work begins.
    ("2026-03-01 23:00", 1, "work_day", "2026-03-02 18:00", "2026-03-02 18:00"),
]


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def started(at: str, *more: tuple[str, str]) -> tuple[Span, ...]:
    return tuple(Span(SpanKind(kind), local(text)) for kind, text in (("started", at), *more))


@pytest.mark.parametrize(("start", "value", "unit", "rolling", "legal"), VECTORS)
def test_a_vector_of_the_business_calendar(
    start: str, value: int, unit: str, rolling: str, legal: str
) -> None:
    for counting, expected in ((Counting.ROLLING, rolling), (Counting.LEGAL, legal)):
        limit = Limit(value, Unit(unit), counting)
        due = due_at(limit, standard(), started(start))
        assert due == local(expected), counting
        assert is_late(limit, standard(), started(start), now=due)
        assert not is_late(limit, standard(), started(start), now=due - timedelta(microseconds=1))


def test_the_year_2026_has_248_working_days() -> None:
    index = standard().index
    days = index.day_of(local("2026-01-01").date()), index.day_of(local("2027-01-01").date())
    assert index.open_between(*days) == 248


def test_a_warning_comes_when_its_fraction_of_the_counted_time_has_passed() -> None:
    rolling = Limit(1, Unit.WORK_DAY, warn=0.5)
    assert warn_at(rolling, standard(), started("2026-02-13 16:00")) == local("2026-02-14 10:00")
    legal = Limit(1, Unit.WORK_DAY, Counting.LEGAL, warn=0.8)  # 2 hours on Friday, 8 on Saturday
    assert warn_at(legal, standard(), started("2026-02-13 16:00")) == local("2026-02-14 16:00")


def test_a_pause_with_k_working_days_inside_moves_a_legal_last_day_by_k() -> None:
    limit = Limit(3, Unit.WORK_DAY, Counting.LEGAL)
    plain = started("2026-03-02 10:00")
    assert due_at(limit, standard(), plain) == local("2026-03-05 18:00")
    one = started(
        "2026-03-02 10:00", ("paused", "2026-03-03 09:00"), ("resumed", "2026-03-05 09:00")
    )
    assert due_at(limit, standard(), one) == local("2026-03-06 18:00")
    two = started(
        "2026-03-02 10:00", ("paused", "2026-03-02 20:00"), ("resumed", "2026-03-04 18:00")
    )
    assert due_at(limit, standard(), two) == local("2026-03-09 18:00")
    after = (*plain, *started("2026-03-06 09:00")[1:], *two[1:])
    late = started(
        "2026-03-02 10:00", ("paused", "2026-03-06 09:00"), ("resumed", "2026-03-20 09:00")
    )
    assert due_at(limit, standard(), late) == local("2026-03-05 18:00")
    assert due_at(limit, standard(), after) == local("2026-03-09 18:00")


def test_a_legal_limit_never_ends_while_the_clock_rests() -> None:
    limit = Limit(3, Unit.WORK_DAY, Counting.LEGAL)
    over_the_close = started(
        "2026-03-02 10:00", ("paused", "2026-03-05 17:00"), ("resumed", "2026-03-09 09:00")
    )
    assert due_at(limit, standard(), over_the_close) == local("2026-03-09 18:00")
    resting = over_the_close[:2]
    assert not is_late(limit, standard(), resting, now=local("2026-04-01 09:00"))
    assert time_left(limit, standard(), resting, now=local("2026-04-01 09:00")) == timedelta(
        hours=1
    )


def test_an_extension_adds_the_days_of_the_limit_once_more() -> None:
    limit = Limit(7, Unit.NATURAL_DAY, Counting.LEGAL)
    extended = started("2026-09-20 10:00", ("extended", "2026-09-21 10:00"))
    assert due_at(limit, standard(), extended) == local("2026-10-08 18:00")


def test_beyond_the_published_year_a_result_is_provisional() -> None:
    into_2027 = started("2026-12-31 16:00")
    one_day = Limit(1, Unit.WORK_DAY)
    assert is_provisional(one_day, standard(), into_2027)
    assert not is_provisional(one_day, standard(), started("2026-03-02 10:00"))
    assert not is_provisional(Limit(9, Unit.URGENT_DAY), standard(), into_2027)
    always = make_calendar(read_timetable({**OFFICE_HOURS, "holidays": False}))
    assert not is_provisional(one_day, always, into_2027)
