"""The shared tables answer whatever a case can ask, and say nothing that nobody can ask."""

from __future__ import annotations

import pytest

from engine.sla.limit import Limit, read_limit
from tests.conformance.shipped import (
    ADDED_LATER,
    BPMN,
    HOMES,
    SHARED,
    clocks,
    folder_of,
    kinds_of_case,
    processes,
    table,
)

CLOCKS = sorted({code for home in HOMES for p in processes(folder_of(home)) for code in clocks(p)})
FASTER_FIRST = ("danger", "urgent", "normal")


def limit_of(clock: str, **case: str) -> Limit:
    return read_limit(table("limits").decide({"clock": clock, "case": case}).value)


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_clock_has_a_limit_with_a_source_for_every_kind_of_case(clock: str) -> None:
    limits = table("limits")
    for case in kinds_of_case():
        answer = limits.decide({"clock": clock, "case": case})
        assert read_limit(answer.value).source, case


def test_every_row_of_limits_is_somebodys_answer() -> None:
    limits = table("limits")
    used = {
        row
        for clock in CLOCKS
        for case in kinds_of_case()
        for row in limits.decide({"clock": clock, "case": case}).rows
    }
    assert used == set(range(1, len(limits.rules) + 1))


@pytest.mark.parametrize("clock", CLOCKS)
def test_what_is_more_urgent_is_never_given_more_time(clock: str) -> None:
    for category in SHARED.codes("categories"):
        lengths = [
            limit_of(clock, category=category, urgency=urgency, mode="normal").length()
            for urgency in FASTER_FIRST
        ]
        assert lengths == sorted(lengths), category


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_storm_never_gives_more_time(clock: str) -> None:
    for case in kinds_of_case():
        calm = limit_of(clock, **{**case, "mode": "normal"}).length()
        assert limit_of(clock, **case).length() <= calm, case


@pytest.mark.parametrize("category", [*SHARED.codes("categories"), ADDED_LATER])
def test_a_category_goes_to_one_lead_and_no_unit_twice(category: str) -> None:
    rows = table("dispatch").decide({"case": {"category": category}}).value
    units = [row["unit"] for row in rows]
    assert [row["kind"] for row in rows].count("lead") == 1
    assert len(units) == len(set(units))
    assert all(SHARED.has("kinds", row["kind"]) for row in rows)


def test_the_units_of_dispatch_are_those_described() -> None:
    about = (BPMN / "whistle" / "about.md").read_text(encoding="utf-8")
    for category in SHARED.codes("categories"):
        for row in table("dispatch").decide({"case": {"category": category}}).value:
            assert f"| {row['unit']} |" in about, row["unit"]
