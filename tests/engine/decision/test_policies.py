"""Order by output, defaults where nothing hits, and decisions that read others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.decision import read_dmn
from engine.errors import Broken, Invalid

Writer = Callable[..., bytes]
LEVELS = {"level": '"red", "orange", "yellow"'}
ROWS = [["> 10", '"yellow"'], ["> 20", '"orange"'], ["> 30", '"red"'], ["> 5", '"yellow"']]


def test_priority_takes_what_its_column_lists_first(dmn: Writer) -> None:
    (table,) = read_dmn(dmn(["rain"], ["level"], ROWS, policy="PRIORITY", listed=LEVELS))
    assert table.decide({"rain": 40}).value == {"level": "red"}
    assert table.decide({"rain": 40}).rows == (3,)
    assert table.decide({"rain": 15}).rows == (1,)


def test_output_order_lists_all_in_that_order(dmn: Writer) -> None:
    (table,) = read_dmn(dmn(["rain"], ["level"], ROWS, policy="OUTPUT ORDER", listed=LEVELS))
    answer = table.decide({"rain": 25})
    assert [each["level"] for each in answer.value] == ["orange", "yellow", "yellow"]
    assert answer.rows == (2, 1, 4)
    assert table.decide({"rain": 0}).value == []


def test_a_second_output_decides_between_equals(dmn: Writer) -> None:
    rows = [["-", '"b"', '"y"'], ["-", '"b"', '"x"'], ["1", '"a"', '"y"']]
    listed = {"one": '"a", "b"', "two": '"x", "y"'}
    table = read_dmn(dmn(["n"], ["one", "two"], rows, policy="OUTPUT ORDER", listed=listed))[0]
    assert table.decide({"n": 1}).rows == (3, 2, 1)


def test_an_order_that_nothing_lists_is_refused(dmn: Writer) -> None:
    with pytest.raises(Invalid) as refusal:
        read_dmn(dmn(["rain"], ["level"], ROWS, policy="PRIORITY"))
    assert refusal.value.code == "table.policy"
    with pytest.raises(Invalid, match="第 1 行第 2 列"):
        read_dmn(dmn(["rain"], ["level"], ROWS, policy="PRIORITY", listed={"level": '"red"'}))


def test_a_computed_value_outside_the_order_stops(dmn: Writer) -> None:
    rows = [["-", "word"], ["1", '"a"']]
    (table,) = read_dmn(dmn(["n"], ["o"], rows, policy="PRIORITY", listed={"o": '"a", "b"'}))
    assert table.decide({"n": 1, "word": "b"}).value == {"o": "a"}
    with pytest.raises(Broken) as refusal:
        table.decide({"n": 1, "word": "c"})
    assert refusal.value.code == "table.no_rank"


@pytest.mark.parametrize(
    ("policy", "value"),
    [("UNIQUE", {"unit": "JD", "n": 2}), ("COLLECT", [{"unit": "JD", "n": 2}])],
)
def test_defaults_speak_where_no_row_does(policy: str, value: Any, dmn: Writer) -> None:
    rows = [['"noise"', '"HB"', "0"]]
    defaults = {"unit": '"JD"', "n": "1 + 1"}
    (table,) = read_dmn(dmn(["kind"], ["unit", "n"], rows, policy=policy, defaults=defaults))
    answer = table.decide({"kind": "boar"})
    assert (answer.value, answer.rows) == (value, (0,))
    assert table.decide({"kind": "noise"}).rows == (1,)


def test_a_default_is_not_gathered(dmn: Writer) -> None:
    options = {"policy": "COLLECT", "aggregation": "SUM", "defaults": {"points": "7"}}
    (table,) = read_dmn(dmn(["n"], ["points"], [["1", "2"]], **options))
    assert table.decide({"n": 5}).value == {"points": 7}


def test_output_cells_may_write_dates_as_feel_does(dmn: Writer) -> None:
    row = ["-", '@"2026-05-01"', 'date and time("2026-05-01T09:00")', '@"PT2H"', '"@"']
    (table,) = read_dmn(dmn(["n"], ["day", "at", "long", "text"], [row]))
    assert table.decide({}).value == {
        "day": "2026-05-01",
        "at": "2026-05-01T01:00:00+00:00",
        "long": "PT2H",
        "text": "@",
    }


def test_a_decision_reads_those_it_requires(dmn: Writer) -> None:
    grade = dmn(["rain"], ["level"], [["> 30", '"red"'], ["<= 30", '"calm"']], key="grade")
    units = dmn(["grade"], ["unit"], [['"red"', '"XF"'], ['"calm"', '"SW"']], key="units")
    arrow = "<informationRequirement><requiredDecision href='#grade'/></informationRequirement>"
    drawn = [each.decode().partition("<decision ")[2] for each in (units, grade)]
    first = drawn[0].replace("<decisionTable", arrow + "<decisionTable", 1)
    inner = "".join("<decision " + each.replace("</definitions>", "") for each in (first, drawn[1]))
    tables = {
        table.key: table for table in read_dmn(f"<definitions>{inner}</definitions>".encode())
    }
    assert tables["units"].decide({"rain": 50}).value == {"unit": "XF"}
    assert tables["units"].decide({"rain": 3}).value == {"unit": "SW"}
    assert tables["grade"].decide({"rain": 3}).value == {"level": "calm"}


def test_a_required_list_is_read_as_a_list(dmn: Writer) -> None:
    marks = dmn(["n"], ["mark"], [["> 1", '"a"'], ["> 2", '"b"']], policy="COLLECT", key="marks")
    first = read_dmn(marks)[0]
    assert first.said({"n": 3}, {}) == ["a", "b"]
