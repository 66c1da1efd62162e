"""Every bench runs, at sizes that measure nothing: so that none rots while the chain goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from benchmarks import (
    deadlines,
    drain,
    fence,
    laden,
    lists,
    results,
    steps,
    tables,
    throughput,
    whatif,
    width,
)

WATCHED = {
    "loop_ratio_1000",
    "reminder_ratio_1440",
    "department_ratio_200",
    "sql_per_command_young",
    "sql_per_command_old",
    "pg_steps_per_s_1",
    "pg_steps_per_s_2",
    "ratio_stock_fresh",
    "ratio_stock_100_rounds",
    "ratio_floor",
}


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep results apart from those that were measured."""
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    return tmp_path


def shrink(monkeypatch: pytest.MonkeyPatch, module: Any, **sizes: Any) -> None:
    for name, size in sizes.items():
        monkeypatch.setattr(module, name, size)


def walk_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch, steps, ROUNDS=1, SAMPLE=1, MANY=3)
    steps.main()


def stay_inside_the_fence(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch, fence, ROUNDS=4, FIRINGS=4, SAMPLE=2, WIDTHS=((2, 3),) * 3)
    fence.main()


def ask_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch, tables, ROWS=50, PASSES=1)
    tables.main()


def count_deadlines(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch, deadlines, CASES=10, ROUNDS=1)
    deadlines.main()


@pytest.mark.parametrize(
    "bench", [walk_the_chain, stay_inside_the_fence, ask_tables, count_deadlines]
)
def test_what_needs_no_server_runs(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bench(monkeypatch)


@pytest.mark.nightly
def test_few_and_many_are_walked_through_the_door(monkeypatch: pytest.MonkeyPatch) -> None:
    shrink(monkeypatch, width, SAMPLE=2)
    width.main(3)


@pytest.mark.nightly
def test_timers_are_drained_while_a_person_works() -> None:
    drain.main(20)


@pytest.mark.nightly
@pytest.mark.parametrize("bench", [laden, lists, whatif])
def test_many_stored_cases_are_walked_beside_and_asked(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shrink(monkeypatch, lists, ROUNDS=1)
    shrink(monkeypatch, laden, FEW=300, TURNS=1)
    monkeypatch.setattr("sys.argv", ["bench", "--cases", "400"])
    bench.main()


@pytest.mark.nightly
def test_the_quick_benches_write_all_that_is_watched(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk_the_chain(monkeypatch)
    stay_inside_the_fence(monkeypatch)
    throughput.main(throughput.Size(turns=1, cases=2, clients=(1, 2), rounds=2))
    figures = orjson.loads((kept / "quick.json").read_bytes())
    assert set(figures) >= WATCHED
    assert all(figures[name] > 0 for name in WATCHED)
