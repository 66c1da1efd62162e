"""The stretches of working time between two instants are the time that is measured."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.sla.calendar import standard

MINUTES = st.integers(0, 60 * 24 * 40)
START = datetime(2026, 1, 20, tzinfo=UTC)


@given(MINUTES, MINUTES)
@settings(max_examples=100)
def test_stretches_add_up_to_what_is_measured(first: int, second: int) -> None:
    start, end = (START + timedelta(minutes=each) for each in sorted((first, second)))
    found = list(standard().index.spans(start, end))
    assert sum((b - a for a, b in found), timedelta(0)) == standard().measure(start, end)
    edges = [edge for stretch in found for edge in stretch]
    assert edges == sorted(set(edges))
    assert all(start <= edge <= end for edge in edges)
