"""A study finds what asking case by case would find, and says it with an example."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decision import Table, read_dmn
from engine.decision.soundness import study
from engine.errors import Broken
from engine.run.examine_tables import examine_table

Writer = Callable[..., bytes]


@pytest.fixture
def table(dmn: Writer) -> Callable[..., Table]:
    """Give a table over `n` and `kind`."""

    def make(*rows: str, policy: str = "UNIQUE", **more: Any) -> Table:
        cells = [[each.strip() for each in row.split("|")] for row in rows]
        return read_dmn(dmn(["n", "kind"], ["out"], cells, policy=policy, **more))[0]

    return make


def test_a_gap_between_intervals_is_found(table: Callable[..., Table]) -> None:
    found = study(table("[1..5] | - | 1", "(5..9[ | - | 2", "> 9 | - | 3", "< 1 | - | 4"))
    assert [each["n"] for each in found.gaps] == [9]
    assert found.complete
    whole = table("<= 5 | - | 1", "> 5 | - | 2")
    assert study(whole).gaps == ()


def test_a_gap_in_one_combination_is_found(table: Callable[..., Table]) -> None:
    found = study(table('1 | "a" | 1', '2 | "a", "b" | 2', '- | not("a", "b") | 3'))
    assert [dict(each) for each in found.gaps] == [{"n": 1, "kind": "b"}]


def test_defaults_leave_no_gap(table: Callable[..., Table]) -> None:
    assert study(table('1 | "a" | 1', defaults={"out": "0"})).gaps == ()


def test_rows_that_contradict_each_other_are_found(table: Callable[..., Table]) -> None:
    rows = ("< 5 | - | 1", '[4..9] | "a" | 2', '> 9 | "a" | 3')
    (found,) = study(table(*rows)).contradictions
    assert found.rows == (1, 2)
    assert found.example["n"] == 4
    assert study(table(*rows, policy="ANY")).contradictions
    assert not study(table(*rows, policy="FIRST")).contradictions


def test_a_row_behind_others_is_never_reached(table: Callable[..., Table]) -> None:
    rows = ("< 5 | - | 1", '>= 5 | "a" | 2', '[7..9] | "a" | 3', '8 | "b" | 4', "- | - | 5")
    assert study(table(*rows, policy="FIRST")).unreached == (3,)
    assert study(table(*rows, policy="COLLECT")).unreached == ()


def test_what_hangs_on_other_data_is_neither_a_gap_nor_unreached(
    table: Callable[..., Table],
) -> None:
    found = study(table('? > n + 1 | "a" | 1', '- | "a" | 2', policy="FIRST"))
    assert (found.unreached, len(found.gaps)) == ((), 1)
    assert found.gaps[0]["kind"] != "a"


def test_values_known_together_are_not_mixed(table: Callable[..., Table]) -> None:
    rows = ('1 | "a" | 1', '2 | "b" | 2')
    assert study(table(*rows), {("n", "kind"): [(1, "a"), (2, "b")]}).gaps == ()
    assert study(table(*rows)).gaps


def test_the_doubts_are_told_in_sentences(table: Callable[..., Table]) -> None:
    rows = ('1 | "a" | 1', '1 | "a" | 2', '2 | "b" | 3')
    told = {each.code: str(each.text) for each in examine_table(table(*rows))}
    assert set(told) == {"table.gap", "table.contradiction"}
    assert "第 1、2 行会同时适用" in told["table.contradiction"]
    assert "n = 1" in told["table.contradiction"]


CELLS = st.one_of(
    st.just("-"),
    st.integers(0, 4).map(str),
    st.tuples(
        st.sampled_from("[(]"), st.integers(0, 2), st.integers(2, 4), st.sampled_from("])[")
    ).map(lambda each: f"{each[0]}{each[1]}..{each[2]}{each[3]}"),
    st.integers(0, 4).map(lambda n: f"not({n})"),
    st.integers(0, 4).map(lambda n: f"< {n}"),
)


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5),
    policy=st.sampled_from(["UNIQUE", "FIRST", "COLLECT"]),
)
def test_the_study_and_asking_every_case_agree(
    rows: list[tuple[str, str]], policy: str, dmn: Writer
) -> None:
    texts = [[*row, str(at)] for at, row in enumerate(rows)]
    (drawn,) = read_dmn(dmn(["a", "b"], ["out"], texts, policy=policy))
    grid = [step / 2 for step in range(-2, 13)]
    spoke: set[int] = set()
    has_gap = has_clash = False
    for a, b in itertools.product(grid, grid):
        try:
            hits = drawn.decide({"a": a, "b": b}).rows
        except Broken as error:
            has_clash |= error.code == "table.several_answers"
            hits = tuple(error.details.get("rows", ()))
        spoke |= set(hits)
        has_gap |= not hits
    found = study(drawn, {("a",): [(each,) for each in grid], ("b",): [(e,) for e in grid]})
    assert bool(found.gaps) == has_gap
    assert bool(found.contradictions) == has_clash
    assert set(found.unreached) == set(range(1, len(rows) + 1)) - spoke
