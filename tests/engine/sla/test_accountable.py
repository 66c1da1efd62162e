"""Every minute is charged once, and what is charged adds up to the time that has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.sla.accountable import Charge, Charged, Hold, HoldKind, charges, totals

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hour: float) -> datetime:
    return MONDAY + hour * HOUR


def daytime(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Work from nine to five, every day."""
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < end:
        yield day + 9 * HOUR, day + 17 * HOUR
        day += timedelta(days=1)


def told(found: tuple[Charge, ...]) -> list[tuple[str, tuple[str, ...], float]]:
    return [(each.to.value, each.holders, each.length / HOUR) for each in found]


def test_whoever_all_others_wait_for_is_charged() -> None:
    holds = [Hold("QY-03", at(0), at(2)), Hold("SZ", at(2), at(10))]
    assert told(charges(holds, start=at(0), end=at(10))) == [
        ("holder", ("QY-03",), 2),
        ("holder", ("SZ",), 8),
    ]


def test_several_at_once_are_joint_work_and_told_by_name() -> None:
    holds = [Hold("SZ", at(0), at(6)), Hold("CG", at(2), at(4))]
    found = charges(holds, start=at(0), end=at(6))
    assert told(found) == [
        ("holder", ("SZ",), 2),
        ("joint", ("CG", "SZ"), 2),
        ("holder", ("SZ",), 2),
    ]
    assert totals(found)[Charged.HOLDER, ("SZ",)] == 4 * HOUR


def test_a_night_in_which_nobody_is_on_duty_is_nobodys() -> None:
    holds = [Hold("SZ", at(16), at(34), hours=daytime)]
    assert told(charges(holds, start=at(16), end=at(34))) == [
        ("holder", ("SZ",), 1),
        ("nobody", (), 16),
        ("holder", ("SZ",), 1),
    ]


def test_disputes_and_pauses_stand_for_themselves() -> None:
    holds = [
        Hold("QX", at(0), at(3), HoldKind.DISPUTE),
        Hold("SZ", at(3), at(5), HoldKind.PAUSE, daytime),
        Hold("CG", at(4), at(5)),
    ]
    assert told(charges(holds, start=at(0), end=at(6))) == [
        ("dispute", ("QX",), 3),
        ("pause", ("SZ",), 1),
        ("holder", ("CG",), 1),
        ("nobody", (), 1),
    ]


def test_a_case_that_ends_as_it_starts_has_nothing_to_charge() -> None:
    assert charges([Hold("SZ", at(0), at(1))], start=at(0), end=at(0)) == ()
    with pytest.raises(ValueError, match="before it starts"):
        charges([], start=at(1), end=at(0))


minutes = st.integers(0, 5_000).map(lambda count: MONDAY + timedelta(minutes=count))
holds = st.builds(
    Hold,
    holder=st.sampled_from(["QY", "SZ", "CG"]),
    start=minutes,
    end=minutes,
    kind=st.sampled_from(HoldKind),
    hours=st.sampled_from([None, daytime]),
)


@given(st.lists(holds, max_size=8), minutes, minutes)
def test_what_is_charged_adds_up_whoever_had_it(
    some: list[Hold], one: datetime, other: datetime
) -> None:
    start, end = min(one, other), max(one, other)
    found = charges(some, start=start, end=end)
    assert sum(totals(found).values(), timedelta(0)) == end - start
    edges = [start, *(each.end for each in found)]
    assert [each.start for each in found] == edges[:-1]
    assert charges(reversed(some), start=start, end=end) == found
