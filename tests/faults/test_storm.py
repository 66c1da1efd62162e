"""Servers, workers and databases killed while people work: nothing told is lost, nothing doubled.

`make faults` does the same for three minutes (docs/durability.md).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.storm import rage

SECONDS = 4.0


@pytest.mark.parametrize(
    ("database", "seed"),
    [("postgresql", 3), ("sqlite", 5)],
)
def test_nothing_told_is_lost_and_nothing_is_done_twice(
    tmp_path: Path, database: str, seed: int
) -> None:
    storm = rage(tmp_path, database, seconds=SECONDS, seed=seed)
    assert storm.faults == []
    assert storm.kills.total() > 0
    assert storm.figures["steps"] > 0
