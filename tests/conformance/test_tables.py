"""The shared tables answer whatever a case can ask, and say nothing that nobody can ask."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from engine.run.examine_tables import examine_table
from engine.sla import calendar
from engine.sla.due_at import due_at
from engine.sla.iso import ZONE
from engine.sla.ledger import Span, SpanKind
from engine.sla.limit import Limit, Unit, read_limit
from processes.catalogue import standards_of
from processes.catalogue.checks import judge_table
from processes.catalogue.facts import Facts, clauses_of
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
LIMITED = table("limits").inputs[0].listed
STANDARDS = standards_of(table("standards"))
FACTS = Facts(
    SHARED, standards=STANDARDS, clocks=tuple(CLOCKS), clauses=clauses_of(table("duty_items"))
)
TABLES = ("dispatch", "duty_items", "limits", "standards")
STARTED = SpanKind.STARTED
BEFORE_SPRING_FESTIVAL = datetime(2026, 2, 12, 7, 15, tzinfo=ZONE)
DISPATCHES = [BEFORE_SPRING_FESTIVAL + timedelta(hours=5 * n) for n in range(60)]
FASTER_FIRST = ("danger", "urgent", "normal")
TYPES = ("request", "key_work", "joint_enforcement", "emergency")
MINUTES = {
    Unit.URGENT_MINUTE: 1,
    Unit.URGENT_HOUR: 60,
    Unit.WORK_HOUR: 60,
    Unit.WORK_DAY: 24 * 60,
    Unit.URGENT_DAY: 24 * 60,
    Unit.NATURAL_DAY: 24 * 60,
}


def limit_of(clock: str, **case: Any) -> Limit:
    return read_limit(table("limits").decide({"clock": clock, "case": case}).value)


def minutes(limit: Limit) -> int:
    """Return a limit's length as people compare it: a day is a day, working or not."""
    return limit.value * MINUTES[limit.unit]


@pytest.mark.parametrize("key", TABLES)
def test_a_table_has_no_gap_no_idle_row_and_no_contradiction(key: str) -> None:
    assert [str(each.text) for each in judge_table(table(key), FACTS).doubts] == []
    assert [str(each.text) for each in examine_table(table(key))] == []


@pytest.mark.parametrize("clock", CLOCKS)
def test_a_clock_that_is_drawn_has_limits(clock: str) -> None:
    assert clock in LIMITED


def test_every_limit_is_one_and_has_a_source() -> None:
    limits = table("limits")
    names = [each.name for each in limits.outputs]
    for row, rule in enumerate(limits.rules, 1):
        said = [cell.value({}) if cell else None for cell in rule.outputs]
        assert read_limit(dict(zip(names, said, strict=True))).source, row


@pytest.mark.parametrize("clock", LIMITED)
def test_what_is_more_urgent_is_never_given_more_time(clock: str) -> None:
    for category, kind in itertools.product(SHARED.codes("categories"), TYPES):
        case = {"category": category, "whistle_type": kind, "mode": "normal"}
        lengths = [minutes(limit_of(clock, **case, urgency=each)) for each in FASTER_FIRST]
        assert lengths == sorted(lengths), case


@pytest.mark.parametrize("clock", LIMITED)
def test_a_storm_never_gives_more_time(clock: str) -> None:
    cases = kinds_of_case() if clock == "handle" else ({**c, "category": None} for c in WAYS)
    for case in cases:
        calm = limit_of(clock, **{**case, "mode": "normal"})
        assert minutes(limit_of(clock, **case)) <= minutes(calm), case


WAYS = [
    {"urgency": urgency, "mode": mode, "whistle_type": kind}
    for urgency in SHARED.codes("urgencies")
    for mode in SHARED.codes("modes")
    for kind in (*TYPES, None)
]


def test_a_unit_never_has_more_time_to_answer_than_to_have_done_it() -> None:
    """Both clocks begin at dispatch: whenever that is, the answer is due no later."""
    pairs = {
        (limit_of("answer", **case), limit_of("handle", **case)): case for case in every_case()
    }
    for (answer, handle), case in pairs.items():
        for start in DISPATCHES:
            ends = [
                due_at(each, calendar.standard(), [Span(STARTED, start)])
                for each in (answer, handle)
            ]
            assert ends == sorted(ends), (case, start)


def every_case() -> Iterator[dict[str, str | None]]:
    """Yield each standard, and each category without one, in every way there is."""
    known = {each.code: each.category for each in STANDARDS}
    subjects = [*known.items(), *((None, each) for each in SHARED.codes("categories"))]
    for (code, category), way in itertools.product(subjects, WAYS):
        yield {"standard": code, "category": category, **way}


@pytest.mark.parametrize("standard", STANDARDS, ids=lambda each: each.code)
def test_a_standard_has_words_a_limit_and_somebody_to_do_it(standard: Any) -> None:
    assert SHARED.has("categories", standard.category)
    assert SHARED.has("standard_kinds", standard.kind)
    assert all((standard.name_en, standard.condition, standard.condition_en, standard.closing_en))
    case = {"category": standard.category, "standard": standard.code, "mode": "normal"}
    assert limit_of("handle", **case, urgency="normal", whistle_type="request").source
    duty = table("duty_items").decide({"case": case}).value
    assert SHARED.has("duty_kinds", duty["kind"])
    assert duty["clause"] == standard.duty_item
    assert all(
        SHARED.has("kinds", row["kind"]) and (row["unit"] or row["kind"] == "territorial")
        for row in table("dispatch").decide({"case": case}).value
    )


@pytest.mark.parametrize("category", [*SHARED.codes("categories"), ADDED_LATER])
def test_a_category_goes_to_one_lead_and_no_unit_twice(category: str) -> None:
    rows = table("dispatch").decide({"case": {"category": category}}).value
    units = [row["unit"] for row in rows]
    assert [row["kind"] for row in rows].count("lead") == 1
    assert len(units) == len(set(units))


def test_the_units_of_dispatch_are_those_described() -> None:
    about = (BPMN / "whistle" / "about.md").read_text(encoding="utf-8")
    for standard in (None, *(each.code for each in STANDARDS)):
        for category in SHARED.codes("categories"):
            case = {"category": category, "standard": standard, "street": "SZ"}
            for row in table("dispatch").decide({"case": case}).value:
                assert f"| {row['unit']} |" in about, row["unit"]
