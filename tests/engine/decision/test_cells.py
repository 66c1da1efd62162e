"""Unary tests accept what FEEL says they accept, and ask nothing that is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decision import Table, read_dmn
from engine.errors import Broken

Writer = Callable[..., bytes]
NO, YES = (), (1,)


@pytest.fixture
def accepts(dmn: Writer) -> Callable[..., bool]:
    """Give the question whether a cell accepts the value of `n` beside other data."""

    def ask(cell: str, value: Any, *, kind: str = "", **data: Any) -> bool:
        inputs = ["n", *data]
        rows = [[cell, *("-" for _ in data), "1"], ['"never"', *("1" for _ in data), "2"]]
        table = read_dmn(dmn(inputs, ["out"], rows, policy="COLLECT", kinds={"n": kind}))[0]
        return table.decide({"n": value, **data}).rows == (1,)

    return ask


@pytest.mark.parametrize(
    ("cell", "inside", "outside"),
    [
        ("< 6", [5, -1, 5.9], [6, 7, None]),
        (">= 5", [5, 6], [4, None]),
        ("= 5", [5, 5.0], [4, "5", None]),
        ("!= 5", [4, None, "5"], [5]),
        ("[1..10]", [1, 5, 10], [0, 11, None]),
        ("(1..10)", [5], [1, 10]),
        ("]1..10[", [5], [1, 10]),
        ("[1..10[", [1], [10]),
        ("]1..10]", [10], [1]),
        ("(1..10]", [10], [1]),
        ("[-3..-1.5]", [-3, -2], [-1]),
        ("[1..3], [7..9], 20", [2, 8, 20], [5, 19]),
        ("]1..3[, ]3..5[", [2, 4], [1, 3, 5]),
        ("not(4)", [5, None, "x"], [4]),
        ("not(1, > 5)", [3], [1, 6]),
        ("not([1..3], 7)", [5], [2, 7]),
        ("not(]1..3[)", [1, 3], [2]),
        ("null", [None], [0, ""]),
        ('"a", null', ["a", None], ["b"]),
        ('["a", "b"], "c"', ["a", "b", "c"], ["d"]),
        ('["a".."c"]', ["b"], ["d"]),
        ("1 + 1", [2], [1]),
        ("? > 5", [6], [5, None]),
        ("? > 5 and ? != 8", [6], [8, 5]),
        ("? = 5 or ? = 7", [5, 7], [6]),
        ('starts_with(?, "A-")', ["A-1"], ["B-1", None]),
        ('? in ["a", "b"]', ["a"], ["c"]),
        ("not(? > 5)", [5], [6]),
        ("not(? > 5) and (? > 3)", [4], [3, 6]),
        ("true", [True], [False, 1, "true"]),
    ],
)
def test_a_cell_accepts_what_it_says(
    cell: str, inside: list[Any], outside: list[Any], accepts: Callable[..., bool]
) -> None:
    assert [each for each in inside if not accepts(cell, each)] == []
    assert [each for each in outside if accepts(cell, each)] == []


@pytest.mark.parametrize(
    ("cell", "kind", "inside", "outside"),
    [
        ('date("2026-05-01")', "date", ["2026-05-01", date(2026, 5, 1)], ["2026-05-02", None]),
        ('@"2026-05-01"', "date", ["2026-05-01"], ["2026-05-02"]),
        ('[@"2026-05-01"..@"2026-05-05"]', "date", ["2026-05-03"], ["2026-05-06", "2026-04-30"]),
        ('>= date("2026-05-01")', "date", ["2026-05-01"], ["2026-04-30"]),
        (
            '< date and time("2026-05-01T09:00+08:00")',
            "dateTime",
            ["2026-05-01T08:59"],
            ["2026-05-01T01:00Z", "2026-05-01T09:00"],
        ),
        ('@"2026-05-01T09:00"', "dateTime", ["2026-05-01T01:00Z"], ["2026-05-01T09:00Z"]),
        ('duration("PT2H")', "dayTimeDuration", ["PT120M"], ["PT1H"]),
        ('[@"PT30M"..@"P1D"]', "feel:dayTimeDuration", ["PT30M", "PT24H"], ["PT25H", "PT1M"]),
    ],
)
def test_dates_and_durations(
    cell: str,
    kind: str,
    inside: list[Any],
    outside: list[Any],
    accepts: Callable[..., bool],
) -> None:
    assert [each for each in inside if not accepts(cell, each, kind=kind)] == []
    assert [each for each in outside if accepts(cell, each, kind=kind)] == []


def test_a_cell_may_read_what_the_columns_read(accepts: Callable[..., bool]) -> None:
    assert accepts("> most", 6, most=5)
    assert not accepts("> most", 5, most=5)
    assert accepts("[least..most]", 3, least=1, most=5)
    assert accepts("most", 5, most=5)
    assert accepts("known", 5, known=[4, 5])
    assert accepts("? > most and most > 1", 6, most=5)
    assert accepts("most > 3", 0, most=5)
    assert not accepts("most > 3", 0, most=2)


@pytest.mark.parametrize("cell", ["< 5", "[1..3]", "? + 1"])
def test_a_value_of_another_kind_is_said_with_its_place(cell: str, dmn: Writer) -> None:
    cells = [cell if cell != "? + 1" else "? + 1 > 2", "1"]
    table = read_dmn(dmn(["n"], ["out"], [["0", "2"], cells]))[0]
    with pytest.raises(Broken) as refusal:
        table.decide({"n": "many"})
    assert refusal.value.code == "table.wrong_kind"
    assert "第 2 行第 1 列" in str(refusal.value)


def test_a_condition_must_be_true_or_false(dmn: Writer) -> None:
    table = read_dmn(dmn(["n"], ["out"], [["? and 5", "1"]]))[0]
    with pytest.raises(Broken, match="真假值"):
        table.decide({"n": 3})


def test_a_date_that_is_none_is_an_error(dmn: Writer) -> None:
    table = read_dmn(dmn(["n"], ["out"], [["-", "1"]], kinds={"n": "date"}))[0]
    with pytest.raises(Exception, match="不是日期"):
        table.decide({"n": "soon"})


def test_names_are_told_without_the_value_itself(dmn: Writer) -> None:
    rows = [["? > a.b", "-", "1"], ["[a.c..9]", "-", "2"]]
    (table,) = read_dmn(dmn(["n", "a.d"], ["out"], rows))
    assert set(table.names) == {"n", "a.d", "a.b", "a.c"}


ENDS = st.integers(-5, 5)
INTERVALS = st.tuples(st.sampled_from("[(]"), ENDS, ENDS, st.sampled_from("])[")).filter(
    lambda each: each[1] <= each[2]
)


def held(interval: tuple[str, int, int, str], value: int) -> bool:
    opened, low, high, closed = interval
    after = value >= low if opened == "[" else value > low
    return after and (value <= high if closed == "]" else value < high)


@given(rows=st.lists(st.lists(INTERVALS, min_size=1, max_size=3), max_size=6), value=ENDS)
def test_intervals_hold_as_reading_them_one_by_one_says(
    rows: list[list[tuple[str, int, int, str]]], value: int, dmn: Writer
) -> None:
    texts = [[", ".join(f"{o}{a}..{b}{c}" for o, a, b, c in row), "1"] for row in rows]
    table: Table = read_dmn(dmn(["n"], ["out"], [*texts, ['"x"', "1"]], policy="COLLECT"))[0]
    wanted = tuple(n for n, row in enumerate(rows, 1) if any(held(each, value) for each in row))
    assert table.decide({"n": value}).rows == wanted
