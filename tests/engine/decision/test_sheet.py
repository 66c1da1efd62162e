"""A table goes out as texts and comes back as the same table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.decision import read_dmn
from engine.decision.cells import read_cell
from engine.decision.sheet import sheet_of, spelled, write_dmn

Writer = Callable[..., bytes]


def test_what_is_written_reads_as_before(dmn: Writer) -> None:
    rows = [['not("a & <b>", 3)', "[1..5]", '"x"', "case.n + 1"], ["-", "", '"y"', ""]]
    options: dict[str, Any] = {
        "policy": "PRIORITY",
        "listed": {"one": '"x", "y"'},
        "defaults": {"two": "7"},
        "kinds": {"day": "date"},
    }
    (before,) = read_dmn(dmn(["kind", "day"], ["one", "two"], rows, **options))
    (after,) = read_dmn(write_dmn(sheet_of(before)))
    assert sheet_of(after) == sheet_of(before)
    assert (after.key, after.name, after.hit_policy) == ("decide", "判定", before.hit_policy)
    assert after.inputs[1].kind == "date"


@pytest.mark.parametrize(
    "value",
    [
        'say "hi" \\ there',
        "换\n行",
        1,
        -0.5,
        True,
        None,
        date(2026, 5, 1),
        datetime(2026, 5, 1, 1, tzinfo=UTC),
        timedelta(hours=2),
    ],
)
def test_a_literal_is_spelled_as_it_is_read(value: Any) -> None:
    assert read_cell(spelled(value)).values == (value,)
