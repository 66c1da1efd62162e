"""Tables answer as their rows say, whatever the hit policy."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.decision import Table, read_dmn
from engine.errors import Broken

Writer = Callable[..., bytes]
Routes = Callable[..., Table]

ROUTES = [
    ['"litter","illegal_parking"', "-", '"CG"', '"lead"'],
    ['"illegal_parking"', '"urgent"', '"JJ"', '"assist"'],
    ['"noise"', "", '"HB"', '"lead"'],
    ["-", "-", '"JD"', '"lead"'],
]


@pytest.fixture
def routes(dmn: Writer) -> Routes:
    """Give a table of units for a case, with a hit policy and rows."""

    def make(policy: str, rows: Sequence[Sequence[str]] = ROUTES) -> Table:
        inputs = ["case.category", "case.urgency"]
        return read_dmn(dmn(inputs, ["unit", "kind"], rows, policy=policy))[0]

    return make


def case(category: Any, urgency: Any = "normal") -> dict[str, Any]:
    return {"case": {"category": category, "urgency": urgency}}


def test_collect_gives_every_row_that_hits_in_their_order(routes: Routes) -> None:
    answer = routes("COLLECT").decide(case("illegal_parking", "urgent"))
    assert answer.value == [{"unit": "CG", "kind": "lead"}, {"unit": "JJ", "kind": "assist"}]
    assert answer.rows == (1, 2)
    assert routes("RULE ORDER").decide(case("illegal_parking", "urgent")) == answer


def test_the_else_row_speaks_only_where_no_other_does(routes: Routes) -> None:
    table = routes("COLLECT")
    assert table.decide(case("wild_boar")).value == [{"unit": "JD", "kind": "lead"}]
    assert table.decide({}).rows == (4,)
    assert table.decide(case("noise")).rows == (3,)


def test_a_list_policy_without_hits_gives_an_empty_list(routes: Routes) -> None:
    assert routes("COLLECT", ROUTES[:3]).decide(case("wild_boar")).value == []


def test_unique_takes_one_row_and_says_so_when_two_fit(routes: Routes) -> None:
    table = routes("UNIQUE")
    assert table.decide(case("noise")).value == {"unit": "HB", "kind": "lead"}
    with pytest.raises(Broken) as refusal:
        table.decide(case("illegal_parking", "urgent"))
    assert refusal.value.code == "table.several_answers"
    assert refusal.value.details["rows"] == [1, 2]


def test_no_row_is_an_error_for_a_single_answer(routes: Routes) -> None:
    with pytest.raises(Broken) as refusal:
        routes("UNIQUE", ROUTES[:3]).decide(case("wild_boar"))
    assert refusal.value.code == "table.no_answer"
    assert "判定" in str(refusal.value)


def test_first_takes_the_first_and_any_wants_them_alike(routes: Routes) -> None:
    both = case("illegal_parking", "urgent")
    assert routes("FIRST").decide(both).rows == (1,)
    with pytest.raises(Broken, match="同时适用"):
        routes("ANY").decide(both)
    alike = [[*row[:2], '"CG"', '"lead"'] for row in ROUTES]
    assert routes("ANY", alike).decide(both).value == {"unit": "CG", "kind": "lead"}


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 5), ("MIN", 2), ("MAX", 3), ("COUNT", 2)]
)
def test_collect_may_gather_one_figure(aggregation: str, value: int, dmn: Writer) -> None:
    rows = [['"a"', "2"], ['"a"', "3"], ['"b"', "9"]]
    table = read_dmn(dmn(["x"], ["points"], rows, policy="COLLECT", aggregation=aggregation))[0]
    assert table.decide({"x": "a"}).value == {"points": value}


def test_gathering_what_is_no_number_is_an_error(dmn: Writer) -> None:
    file = dmn(["x"], ["points"], [["-", '"many"']], policy="COLLECT", aggregation="SUM")
    with pytest.raises(Broken, match="不是数字"):
        read_dmn(file)[0].decide({})


def test_values_equal_only_their_own_kind(dmn: Writer) -> None:
    rows = [["1", '"number"'], ["true", '"boolean"'], ['"1"', '"text"'], ["null", '"nothing"']]
    table = read_dmn(dmn(["x"], ["kind"], rows))[0]
    found = [table.decide({"x": x}).value["kind"] for x in (1, 1.0, True, "1", None)]
    assert found == ["number", "number", "boolean", "text", "nothing"]
    with pytest.raises(Broken):
        table.decide({"x": ["1"]})


def test_output_cells_are_expressions(dmn: Writer) -> None:
    row = ["-", '["SZ", "CG"]', "case.round + 1", "", "true", 'due("x")']
    table = read_dmn(dmn(["x"], ["units", "round", "none", "yes", "at"], [row]))[0]
    value = table.decide({"case": {"round": 1}}, {"due": lambda code: code.upper()}).value
    assert value == {"units": ["SZ", "CG"], "round": 2, "none": None, "yes": True, "at": "X"}
    value["units"].append("HB")
    again = table.decide({"case": {"round": 1}}, {"due": lambda code: code}).value
    assert again["units"] == ["SZ", "CG"]
    assert table.names == ("x", "case.round")


VALUES = st.sampled_from(["a", "b", "c", 1, 2, True])
CELLS = st.one_of(st.none(), st.lists(VALUES, min_size=1, max_size=3))


def written(cell: list[Any] | None) -> str:
    spell = {True: "true"}
    return (
        "-"
        if cell is None
        else ", ".join(
            spell[v] if v is True else f'"{v}"' if isinstance(v, str) else str(v) for v in cell
        )
    )


def accepts(cell: list[Any] | None, value: Any) -> bool:
    return cell is None or any(type(v) is type(value) and v == value for v in cell)


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=12), first=VALUES, second=VALUES)
def test_the_index_finds_what_reading_row_by_row_finds(
    rows: list[tuple[Any, Any]], first: Any, second: Any, dmn: Writer
) -> None:
    texts = [[written(a), written(b), str(n)] for n, (a, b) in enumerate(rows)]
    table = read_dmn(dmn(["x", "y"], ["n"], texts, policy="COLLECT"))[0]
    hits = [n for n, (a, b) in enumerate(rows, 1) if accepts(a, first) and accepts(b, second)]
    if rows[-1] == (None, None) and hits != [len(rows)]:
        hits.remove(len(rows))
    assert table.decide({"x": first, "y": second}).rows == tuple(hits)
