"""What a DMN file may hold, and the sentence for what it may not."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.decision import HitPolicy, read_dmn
from engine.errors import Invalid

Writer = Callable[..., bytes]


def test_a_table_is_read_with_its_heading(dmn: Writer) -> None:
    (table,) = read_dmn(dmn(["case.category"], ["unit"], [['"noise"', '"HB"']], policy="FIRST"))
    assert (table.key, table.name, table.hit_policy) == ("decide", "判定", HitPolicy.FIRST)
    assert [column.label for column in table.inputs] == ["case.category"]
    assert [column.name for column in table.outputs] == ["unit"]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_files_of_other_versions_are_read(namespace: str, dmn: Writer) -> None:
    assert read_dmn(dmn(["x"], ["y"], [["-", "1"]], namespace=namespace))[0].decide({}).rows == (1,)


@pytest.mark.parametrize(
    "cell",
    [
        "noise",
        "< true",
        "[5..1]",
        '[1.."b"]',
        "[null..3]",
        "[1..3",
        "1..3",
        "not()",
        "? > ",
        '"a" "b"',
        "@5",
        'date("2026-13-01")',
        "? in [1..3]",
        "2 > 1",
        '"a" or "b"',
        '"a",',
        "1,,2",
        '"open',
        "f(1)",
        "\U0001f600",
    ],
)
def test_a_cell_that_is_not_understood_is_refused_with_its_place(cell: str, dmn: Writer) -> None:
    rows = [['"a"', "-", "1"], ['"b"', cell, "2"]]
    with pytest.raises(Invalid) as refusal:
        read_dmn(dmn(["case.category", "case.urgency"], ["n"], rows))
    assert refusal.value.code == "table.cell"
    assert refusal.value.details | {"row": 2, "column": 2} == refusal.value.details
    assert "第 2 行第 2 列（case.urgency）" in str(refusal.value)


@pytest.mark.parametrize("cell", ["1 +", '__import__("os")', "open(1)", '"a".upper()'])
def test_an_output_that_is_no_expression_is_refused_with_its_place(cell: str, dmn: Writer) -> None:
    with pytest.raises(Invalid, match="第 1 行第 2 列（n）"):
        read_dmn(dmn(["x"], ["n"], [["-", cell]]))


def test_a_heading_that_is_no_expression_is_refused(dmn: Writer) -> None:
    with pytest.raises(Invalid, match="第 1 列"):
        read_dmn(dmn(["x +"], ["n"], [["-", "1"]]))


ROW = [["-", "1"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"policy": "PRIORITY"}, "table.policy"),
        ({"policy": "OUTPUT ORDER"}, "table.policy"),
        ({"outputs": ["n"], "listed": {"n": "2, 3"}}, "table.cell"),
        ({"policy": "COLLECT", "aggregation": "AVG"}, "table.policy"),
        ({"policy": "FIRST", "aggregation": "SUM"}, "table.policy"),
        ({"rows": [["-", "1", "2"]]}, "table.columns"),
        ({"outputs": [], "rows": [["-"]]}, "table.columns"),
        ({"outputs": ["n", "n"], "rows": [["-", "1", "2"]]}, "table.columns"),
        ({"outputs": ["a b"]}, "table.columns"),
        ({"key": ""}, "table.no_id"),
    ],
)
def test_tables_that_cannot_decide_are_refused(
    change: dict[str, Any], code: str, dmn: Writer
) -> None:
    with pytest.raises(Invalid) as refusal:
        read_dmn(dmn(**({"inputs": ["x"], "outputs": ["n"], "rows": ROW} | change)))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"<definitions/>", "table.none"),
        (b"<process><decision id='a'><decisionTable/></decision></process>", "table.columns"),
        (
            b"<definitions><decision id='a'><literalExpression/></decision></definitions>",
            "table.not_a_table",
        ),
        (b"not xml", "xml.malformed"),
    ],
)
def test_files_that_are_no_tables_are_refused(file: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_dmn(file)
    assert refusal.value.code == code


def test_the_same_decision_twice_is_refused(dmn: Writer) -> None:
    file = dmn(["x"], ["n"], ROW).decode()
    inner = file[file.index("<decision ") : file.index("</definitions>")]
    with pytest.raises(Invalid) as refusal:
        read_dmn(file.replace("</definitions>", inner + "</definitions>").encode())
    assert refusal.value.code == "table.duplicate"


def test_a_single_unnamed_output_takes_the_decision_s_name(dmn: Writer) -> None:
    answer: Any = read_dmn(dmn(["x"], [""], ROW))[0].decide({}).value
    assert answer == {"decide": 1}


def requiring(*pairs: str) -> bytes:
    """Return a file whose decisions require others: `a > b` for a that reads b."""
    drawn = ""
    for pair in pairs:
        key, _, targets = pair.partition(" > ")
        arrows = "".join(
            f"<informationRequirement><requiredDecision href='{each}'/></informationRequirement>"
            for each in targets.split()
        )
        drawn += f"<decision id='{key}'>{arrows}<decisionTable><output/></decisionTable></decision>"
    return f"<definitions>{drawn}</definitions>".encode()


@pytest.mark.parametrize(
    "file",
    [
        requiring("a > #b"),
        requiring("a > other.dmn#b", "b"),
        requiring("a > #b", "b > #a"),
        requiring(*(f"d{n} > #d{n + 1} #e{n + 1}" for n in range(40)), "d40", "e40"),
        requiring(
            *(f"{k}{n} > #d{n + 1} #e{n + 1}" for n in range(20) for k in "de"), "d20", "e20"
        ),
    ],
    ids=["missing", "elsewhere", "circle", "half missing", "doubling"],
)
def test_required_decisions_that_cannot_be_asked_are_refused(file: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        read_dmn(file)
    assert refusal.value.code == "table.requires"
