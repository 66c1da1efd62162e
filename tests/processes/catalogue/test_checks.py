"""What is doubtful about tables: gaps of `dispatch` and `limits` refuse, all else is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine.decision import Table, read_dmn
from engine.decision.sheet import Line, sheet_of, write_dmn
from engine.run.examine_tables import Doubt
from processes.catalogue.checks import facts_beside, judge_table
from processes.catalogue.facts import Facts
from processes.checking import check_file
from processes.shipped import Shipped

TABLES = Shipped.find().folder / "tables"
ANY = ("-", "-", "-")


def shipped(key: str, *, without: str = "", more: tuple[Line, ...] = ()) -> bytes:
    """Return a shipped table after a row was dropped or added at its beginning."""
    (table,) = read_dmn((TABLES / f"{key}.dmn").read_bytes())
    sheet = sheet_of(table)
    lines = [each for each in sheet.lines if not without or without not in " ".join(each.cells)]
    return write_dmn(replace(sheet, lines=(*more, *lines)))


def table(key: str, *more: Line, without: str = "") -> Table:
    return read_dmn(shipped(key, without=without, more=more))[0]


def to(unit: str, kind: str, *asked: str, clause: str = "PH-11") -> Line:
    """Return a row of `dispatch`; `asked` are its four conditions."""
    return Line((*asked, *(f'"{each}"' if each else "" for each in (unit, kind, clause))))


@pytest.fixture(scope="module")
def facts() -> Facts:
    return facts_beside(TABLES)


@pytest.fixture
def doubts(facts: Facts) -> Callable[..., dict[str, Doubt]]:
    """Judge a table that ships, with rows more or less."""

    def judged(
        key: str, *more: Line, without: str = "", **known: frozenset[str]
    ) -> dict[str, Doubt]:
        found = judge_table(table(key, *more, without=without), replace(facts, **known))
        return {each.code: each for each in found.doubts}

    return judged


@pytest.mark.parametrize("key", ["standards", "limits", "dispatch", "duty_items"])
def test_what_is_shipped_leaves_no_doubt(key: str) -> None:
    checked = check_file(TABLES / f"{key}.dmn")
    assert (checked.ok, checked.findings) == (True, ())


def test_a_gap_is_refused_with_an_example(doubts: Callable[..., dict[str, Doubt]]) -> None:
    gap = doubts("limits", without="核查 30 分钟")["table.gap"]
    assert gap.severity == "error"
    assert gap.example is not None
    assert gap.example["clock"] == "check"


def test_a_file_with_a_gap_does_not_pass_the_check(tmp_path: Path) -> None:
    path = tmp_path / "limits.dmn"
    path.write_bytes(shipped("limits", without="核查 30 分钟"))
    assert not check_file(path).ok


def test_a_clock_that_is_drawn_must_have_limits(facts: Facts) -> None:
    drawn = replace(facts, clocks=("handle", "second_opinion"))
    found = judge_table(table("limits"), drawn)
    assert not found.ok
    assert "second_opinion" in str(found.doubts[0].text)


def test_two_leads_are_refused_and_the_rows_named(doubts: Callable[..., dict[str, Doubt]]) -> None:
    found = doubts("dispatch", to("GA", "lead", '"arcade"', *ANY))
    assert found["dispatch.leads"].severity == "error"
    assert 1 in found["dispatch.leads"].rows


def test_a_unit_named_twice_and_an_idle_row_are_told(
    doubts: Callable[..., dict[str, Doubt]],
) -> None:
    found = doubts("dispatch", to("CG", "assist", '"arcade"', *ANY))
    assert {code: each.severity for code, each in found.items()} == {
        "dispatch.unit_twice": "warning"
    }
    assert found["dispatch.unit_twice"].rows[0] == 1
    idle = doubts("duty_items", Line(('"litter"', "-", '"joint"', '"PH-06"', '"垃圾"')))
    assert list(idle) == ["table.unreached"]


@pytest.mark.parametrize(
    ("row", "code", "severity"),
    [
        (to("SW", "", '"flooding"', *ANY), "dispatch.kind_missing", "error"),
        (to("", "notify", '"flooding"', *ANY), "dispatch.unit_missing", "error"),
        (to("GONE", "notify", '"flooding"', *ANY), "dispatch.unit_unknown", "warning"),
        (
            to("XF", "notify", '"flooding"', *ANY, clause="ZZ-1"),
            "dispatch.clause_unknown",
            "warning",
        ),
    ],
)
def test_a_row_says_whom_how_and_by_which_clause(
    row: Line, code: str, severity: str, doubts: Callable[..., dict[str, Doubt]]
) -> None:
    units = frozenset({"SZ", "CG", "HB", "JJ", "GA", "YL", "SW", "ZJ", "XF"})
    found = doubts("dispatch", row, units=units)
    assert found[code].severity == severity
    assert found[code].rows == (1,)


def test_an_area_that_the_organisation_does_not_have_is_never_reached(
    doubts: Callable[..., dict[str, Doubt]],
) -> None:
    row = to("XF", "notify", '"flooding"', "-", '"QY-09"', "-", clause="PH-04")
    assert not doubts("dispatch", row)
    found = doubts("dispatch", row, areas=("QY-01", "QY-02"))
    assert found["table.unreached"].rows == (1,)


def test_matters_are_counted_by_whom_they_go_to(facts: Facts) -> None:
    found = judge_table(table("dispatch"), facts)
    assert found.answers["lead assist"] > 5
    assert found.answers["owner_unknown"] >= 1
    assert (
        sum(found.answers.values())
        == len(facts.standards) + len({each.category for each in facts.standards}) + 1
    )
    assert found.cases > 200
